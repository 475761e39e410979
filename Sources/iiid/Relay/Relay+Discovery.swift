import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// Methods that ask the engine what there is, and the engine's log: the daemon's line becomes a call of an engine's function
// (engine protocol, sections 5.1 to 5.3 and 5.5).
extension Relay {
  func discover(
    _ method: Method, _ parameters: DiscoveryParameters, _ reader: borrowing MessageReader, _ text: Span<UInt8>,
    _ address: ReplyAddress
  ) {
    if parameters.local { return tell(method, parameters, reader, text, address) }
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    let functionID = Self.engineFunction(of: method)
    var request = ByteBuffer()
    let members = call(functionID, in: &request) { buffer in
      parameters.write(reader, text, to: &buffer)
      guard method == .getFunction, parameters.argument("namespace", reader) == nil, let own = link.options.namespace
      else { return }
      // The engine would look into its default one.
      buffer.truncate(to: buffer.count - 1)
      buffer.append(#","namespace":"#)
      buffer.append(jsonString: own)
      buffer.append(UInt8(ascii: "}"))
    }
    state.ask(address, Array(copying: request.span), members, functionID: functionID)
  }

  private static func engineFunction(of method: Method) -> String {
    switch method {
    case .getFunction: "engine::functions::info"
    case .listTriggers: "engine::registered-triggers::list"
    case .listTriggerTypes: "engine::triggers::list"
    case .listWorkers: "engine::workers::list"
    default: "engine::functions::list"
    }
  }

  /// Answers with the daemon's own rows.
  private func tell(
    _ method: Method, _ parameters: DiscoveryParameters, _ reader: borrowing MessageReader, _ text: Span<UInt8>,
    _ address: ReplyAddress
  ) {
    switch method {
    case .listWorkers: reply(workersReport, to: address)
    case .listTriggers: reply(triggersReport, to: address)
    case .listTriggerTypes: reply(triggerTypesReport, to: address)
    case .getFunction:
      let token = parameters.argument("function_id", reader)
      let id = token.flatMap { String(jsonToken: text.extracting($0)) } ?? ""
      guard let slot = state.functionSlots[id] else { return refuse(address, .functionNotFound(id)) }
      reply(report(state.functions.at[slot]), to: address)
    default: reply(functionsReport, to: address)
    }
  }

  /// Hands a line to the engine's log, as a call that nobody waits for.
  func writeLog(_ parameters: LogParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) ?? engineRefusal() { return refuse(address, refusal) }
    let functionID = "engine::log::\(parameters.level)"
    var request = ByteBuffer()
    let members = call(functionID, in: &request) { write(parameters, text, of: address.client, to: &$0) }
    state.log(address, Array(copying: request.span), members, functionID: functionID)
  }

  /// The argument of the engine's log functions.
  private func write(_ line: LogParameters, _ text: Span<UInt8>, of client: ClientID, to buffer: inout ByteBuffer) {
    func add(_ name: String, _ value: Range<Int>?) {
      guard let value else { return }
      buffer.append(name)
      buffer.append(text.extracting(value))
    }
    add(#"{"message":"#, line.message)
    if line.invocationID == nil {
      add(#","data":"#, line.data)
    } else {
      // An engine's log has no place of its own for it.
      add(#","data":{"invocation_id":"#, line.invocationID)
      add(#","data":"#, line.data)
      buffer.append(UInt8(ascii: "}"))
    }
    if line.functionID == nil {
      buffer.append(#","service_name":"#)
      buffer.append(jsonString: state.clients.at[client.slot].name ?? link.options.name)
    } else {
      add(#","service_name":"#, line.functionID)
    }
    if let trace = line.traceparent.flatMap(TraceIDs.init) {
      buffer.append(#","trace_id":"#)
      buffer.append(jsonString: trace.traceID)
      buffer.append(#","span_id":"#)
      buffer.append(jsonString: trace.spanID)
    }
    buffer.append(UInt8(ascii: "}"))
  }
}
