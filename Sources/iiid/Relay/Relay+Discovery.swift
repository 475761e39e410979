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
    var call = ByteBuffer()
    call.append(jsonString: functionID)
    var members = InvocationMembers(functionID: 0..<call.count)
    parameters.write(reader, text, to: &call)
    if method == .getFunction, parameters.argument("namespace", reader) == nil, let own = link.options.namespace {
      // The engine would look into its default one.
      call.truncate(to: call.count - 1)
      call.append(#","namespace":"#)
      call.append(jsonString: own)
      call.append(UInt8(ascii: "}"))
    }
    members.payload = members.functionID.upperBound..<call.count
    state.discover(address, Array(copying: call.span), members, functionID: functionID)
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
    var call = ByteBuffer()
    call.append(jsonString: functionID)
    var members = InvocationMembers(functionID: 0..<call.count)
    call.append(#"{"message":"#)
    call.append(text.extracting(parameters.message))
    func add(_ name: String, _ value: Range<Int>?) {
      guard let value else { return }
      call.append(name)
      call.append(text.extracting(value))
    }
    if let invocation = parameters.invocationID {
      // An engine's log has no place of its own for it.
      call.append(#","data":{"invocation_id":"#)
      call.append(text.extracting(invocation))
      add(#","data":"#, parameters.data)
      call.append(UInt8(ascii: "}"))
    } else {
      add(#","data":"#, parameters.data)
    }
    if let function = parameters.functionID {
      add(#","service_name":"#, function)
    } else {
      call.append(#","service_name":"#)
      call.append(jsonString: state.clients.at[address.client.slot].name ?? link.options.name)
    }
    if let trace = parameters.traceparent.flatMap(TraceIDs.init) {
      call.append(#","trace_id":"#)
      call.append(jsonString: trace.traceID)
      call.append(#","span_id":"#)
      call.append(jsonString: trace.spanID)
    }
    call.append(UInt8(ascii: "}"))
    members.payload = members.functionID.upperBound..<call.count
    state.log(address, Array(copying: call.span), members, functionID: functionID)
  }
}
