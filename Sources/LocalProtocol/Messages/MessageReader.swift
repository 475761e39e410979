package import RawJSON

/// Reads lines of local programs. One per connection (and a second one for the elements of batches): it keeps the
/// envelopes, so that reading a request or an answer allocates nothing. Lent, never copied.
package struct MessageReader: ~Copyable {
  /// How many messages a batch may have.
  package static let longestBatch = 100

  /// What the last text read holds: root members, and the members of `params` and `error`.
  package var envelope = JSONEnvelope(descendingInto: ["params", "error"])

  /// What the one argument of the last request holds that is an object with members of its own.
  var nested = JSONEnvelope()

  /// Which method the last text read asks for, also when it was refused; nil when it asks for none that is known.
  package var method: Method?

  /// A reader.
  package init() {}

  /// Reads one message: a line, or an element of a batch, which begins at `batchOffset` of its line.
  package mutating func read(_ text: Span<UInt8>, batchOffset: Int? = nil) -> ClientMessage {
    method = nil
    do throws(JSONScanError) {
      try envelope.scan(text)
    } catch {
      return .refused(nil, .parseError(error))
    }
    switch envelope.root {
    case .object:
      if let member = envelope.find(Key.method) { return request(member, text, batchOffset) }
      if envelope.index(of: Key.result) != nil || envelope.index(of: Key.error) != nil {
        return response(text, batchOffset ?? 0)
      }
      return .refused(identified(text), .invalidRequest("the object has no method, and neither result nor error"))
    case .array: return batch(isNested: batchOffset != nil)
    default: return .refused(nil, .invalidRequest("a message is an object, or an array of them"))
    }
  }

  /// Where an element of the batch that was just read stands.
  package func element(_ index: Int) -> Range<Int> { envelope.members[index].value }

  private func batch(isNested: Bool) -> ClientMessage {
    if isNested { return .refused(nil, .invalidRequest("a batch inside a batch")) }
    let count = envelope.members.count
    if count == 0 { return .refused(nil, .invalidRequest("the batch is empty")) }
    if count > Self.longestBatch {
      return .refused(
        nil, .invalidRequest("the batch has \(count) entries; at most \(Self.longestBatch) are taken"))
    }
    return .batch(count: count)
  }

  /// The id of the message, if it has one that can be given back.
  func identified(_ text: Span<UInt8>) -> RequestID? { envelope.find(Key.id).flatMap { RequestID($0, in: text) } }

  /// Whether `jsonrpc` is missing, as it may, or "2.0", as it must.
  func hasKnownVersion(_ text: Span<UInt8>) -> Bool {
    guard let version = envelope.find(Key.jsonrpc) else { return true }
    return version.key(in: text) == Key.version
  }
}
