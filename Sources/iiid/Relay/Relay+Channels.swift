import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// Channels of local programs: made by the engine, read and written by requests, or by a connection that becomes their end.
extension Relay {
  func createChannel(_ parameters: CreateChannelParameters, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    let functionID = "engine::channels::create"
    var request = ByteBuffer()
    let members = call(functionID, in: &request) {
      $0.append(#"{"buffer_size":"#)
      $0.append(integer: parameters.bufferSize)
      $0.append(UInt8(ascii: "}"))
    }
    state.ask(address, Array(copying: request.span), members, functionID: functionID)
  }

  func readChannel(_ parameters: ReadChannelParameters, _ address: ReplyAddress) {
    if let refusal = refusal(for: address.client, parameters.ref, toWrite: false) { return refuse(address, refusal) }
    guard let client = connection(address.client) else { return }
    channels.read(state.awaitReading(address, until: loop.now + parameters.wait), of: client, parameters)
  }

  func writeChannel(
    _ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>, _ address: ReplyAddress
  ) {
    do throws(LocalError) {
      let parameters = try WriteChannelParameters(arguments, reader, text)
      if let refusal = refusal(for: address.client, parameters.ref, toWrite: true) { throw refusal }
      guard let client = connection(address.client) else { return }
      channels.write(state.awaitChannel(address), of: client, parameters)
    } catch {
      refuse(address, error)
    }
  }

  func closeChannel(_ ref: ChannelReference, _ address: ReplyAddress) {
    guard let client = connection(address.client) else { return }
    channels.close(state.awaitChannel(address), of: client, ref)
  }

  private func refusal(for client: ClientID, _ ref: ChannelReference, toWrite: Bool) -> LocalError? {
    if let refusal = state.refusal(for: client) { return refusal }
    guard ref.isForWriting != toWrite else { return nil }
    return .invalidParameter(
      "ref.direction",
      "this ref is for \(ref.isForWriting ? "writing" : "reading"): its direction is \"\(ref.direction)\"")
  }

  // MARK: - Raw

  /// Makes the client's connection an end of a channel, or refuses and closes it: what stands behind the line may be data,
  /// and is never read as requests.
  func attachChannel(_ ref: ChannelReference, _ address: ReplyAddress) {
    guard let id = address.id, let client = connection(address.client) else { return }
    if let refusal = state.attachRefusal(for: client.id) ?? channels.refusal(for: client) {
      refuse(address, refusal)
      return finish(client.id)
    }
    guard client.stream.isOpen else { return }
    let call = state.awaitChannel(ReplyAddress(client: client.id, id: nil))
    client.becomeRaw(channels.attach(client, id, call, ref))
    log.debug("client \(client.id.generation) is an end of channel \(ref.channelID), to \(ref.direction)")
  }
}
