import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// What each method does: the other half of the table of methods.
extension Relay {
  func apply(
    _ request: ClientRequest, _ reader: borrowing MessageReader, _ text: Span<UInt8>, _ address: ReplyAddress
  ) {
    if request.isAdministrative, let refusal = administrationRefusal(request.method.name, for: address.client) {
      return refuse(address, refusal)
    }
    let arguments = request.arguments
    switch request.method {
    case .trigger: trigger(TriggerParameters(arguments, reader, text), text, address)
    case .registerFunction: register(RegisterFunctionParameters(arguments, reader, text), text, address)
    case .unregisterFunction:
      let parameters = UnregisterFunctionParameters(arguments, reader, text)
      state.unregisterFunction(address, id: parameters.functionID, isDraining: parameters.drain, now: loop.now)
    case .registerTrigger: registerTrigger(RegisterTriggerParameters(arguments, reader, text), text, address)
    case .unregisterTrigger: unregisterTrigger(UnregisterTriggerParameters(arguments, reader, text), address)
    case .registerTriggerType:
      registerTriggerType(RegisterTriggerTypeParameters(arguments, reader, text), text, address)
    case .unregisterTriggerType:
      let id = UnregisterTriggerTypeParameters(arguments, reader, text).triggerType
      let isRemoved = state.unregisterTriggerType(id, of: address.client, now: loop.now)
      reply(.object(["removed": .boolean(isRemoved)]), to: address)
    case .cancel: state.cancel(CancelParameters(arguments, reader, text).id, reply: address)
    case .drain: state.drainClient(address, now: loop.now)
    case .listFunctions, .getFunction, .listTriggers, .listTriggerTypes, .listWorkers:
      discover(request.method, DiscoveryParameters(request.method, arguments, reader, text), reader, text, address)
    case .log: writeLog(LogParameters(arguments, reader, text), text, address)
    case .hello: hello(HelloParameters(arguments, reader, text), address)
    case .ping: reply(pong, to: address)
    case .status: reply(statusReport, to: address)
    case .subscribe: subscribe(SubscribeParameters(arguments, reader, text), address)
    case .unsubscribe: unsubscribe(UnsubscribeParameters(arguments, reader, text).subscriptionID, address)
    case .health: reply(healthReport, to: address)
    case .createChannel: createChannel(CreateChannelParameters(arguments, reader, text), address)
    case .attachChannel: attachChannel(AttachChannelParameters(arguments, reader, text).ref, address)
    case .readChannel: readChannel(ReadChannelParameters(arguments, reader, text), address)
    case .writeChannel: writeChannel(arguments, reader, text, address)
    case .closeChannel: closeChannel(CloseChannelParameters(arguments, reader, text).ref, address)
    case .rpcDiscover: reply(OpenRPCDocument.report(version: Version.current), to: address)
    case .shutdown: shutdown(ShutdownParameters(arguments, reader, text), address)
    case .outboxList: listOutbox(OutboxListParameters(arguments, reader, text), address)
    case .outboxRetry: retryOutbox(OutboxRetryParameters(arguments, reader, text), address)
    case .outboxDrop: dropOutbox(OutboxDropParameters(arguments, reader, text), address)
    case .reload: reload(address)
    }
    perform(text)
  }

  private func trigger(_ parameters: TriggerParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if parameters.isDurable || parameters.timeToLive != nil { return store(parameters, text, address) }
    if let refusal = state.refusal(for: address.client) ?? engineRefusal() { return refuse(address, refusal) }
    var members = InvocationMembers(functionID: parameters.functionID)
    members.payload = parameters.payload
    members.metadata = parameters.metadata
    members.namespace = parameters.namespace
    members.traceparent = parameters.traceparent
    members.baggage = parameters.baggage
    let action: CallAction
    switch parameters.action {
    // A notification has nobody who waits for a value.
    case .synchronous: action = address.id == nil ? .void : .synchronous
    case .void: action = .void
    case .enqueue(let queue):
      members.queue = queue
      action = .enqueue
    }
    state.trigger(
      address, members, action: action, functionID: calledName.decode(text.extracting(parameters.functionID)),
      timeoutMilliseconds: parameters.timeout, waitConnectedMilliseconds: parameters.waitConnected, now: loop.now, text)
  }

  /// Why nothing more is sent to the engine now.
  func engineRefusal() -> LocalError? {
    guard link.pendingOutput > limits.engineOutputBytes else { return nil }
    return .overloaded("more than \(limits.engineOutputBytes) bytes wait for the engine", retryAfter: 100)
  }

  func refuse(_ address: ReplyAddress, _ error: LocalError) {
    guard let id = address.id else { return }
    write(to: address) { DaemonMessage.error(id, error, to: &$0) }
  }

  private func register(_ parameters: RegisterFunctionParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    let definition: [UInt8]
    do throws(LocalError) {
      definition = try self.definition(parameters, text)
    } catch {
      return refuse(address, error)
    }
    state.registerFunction(
      address, id: parameters.functionID, token: Array(copying: text.extracting(parameters.functionIDToken)),
      definition: definition, maxInFlight: parameters.maxInFlight, queueLimit: parameters.queueLimit,
      timeoutMilliseconds: parameters.timeout, lingerMilliseconds: parameters.linger, waitMilliseconds: parameters.wait,
      isOverHTTP: parameters.invocation != nil, now: loop.now)
    statusChanged?()
  }

  /// The further members of the registration frame, as they came.
  private func definition(
    _ parameters: RegisterFunctionParameters, _ text: Span<UInt8>
  ) throws(LocalError) -> [UInt8] {
    var members = ByteBuffer()
    func add(_ name: String, _ range: Range<Int>?) {
      guard let range else { return }
      if !members.isEmpty { members.append(UInt8(ascii: ",")) }
      members.append(jsonString: name)
      members.append(UInt8(ascii: ":"))
      members.append(text.extracting(range))
    }
    add("description", parameters.description)
    add("request_format", parameters.requestFormat)
    add("response_format", parameters.responseFormat)
    add("metadata", parameters.metadata)
    if let invocation = parameters.invocation {
      let member = try httpMember(invocation, ownOnly: parameters.ownOnly)
      if !members.isEmpty { members.append(UInt8(ascii: ",")) }
      members.append(member.span)
    }
    return Array(copying: members.span)
  }

  private func hello(_ parameters: HelloParameters, _ address: ReplyAddress) {
    if let name = parameters.workerName ?? parameters.clientName { state.clients.at[address.client.slot].name = name }
    reply(helloReport(for: address.client), to: address)
  }
}
