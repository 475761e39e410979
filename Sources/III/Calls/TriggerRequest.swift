/// A call as a value: of which function, with what, and how. What it returns follows from how it is carried out.
public struct TriggerRequest<Output: Sendable>: Sendable {
  /// The function.
  public var functionID: String
  /// Its argument.
  public var payload: JSON
  /// How long to wait for the answer; nil or zero: ``InitOptions/invocationTimeout``.
  public var timeout: Duration?
  /// Goes to the function beside the argument.
  public var metadata: JSON?
  /// Where the function is; else the worker's own namespace, for `engine::` the default one.
  public var namespace: String?

  let action: CallAction
  let queue: String?
  /// What the caller gets of the answer, which came to this worker.
  let read: @Sendable (JSON, Worker) throws -> Output

  init(
    _ functionID: String, _ payload: JSON, _ timeout: Duration?, _ metadata: JSON?, _ namespace: String?,
    action: CallAction = .synchronous, queue: String? = nil, read: @escaping @Sendable (JSON, Worker) throws -> Output
  ) {
    self.functionID = functionID
    self.payload = payload
    self.timeout = timeout
    self.metadata = metadata
    self.namespace = namespace
    self.action = action
    self.queue = queue
    self.read = read
  }
}

extension TriggerRequest where Output == JSON {
  /// A call that returns the function's result.
  public init(
    _ functionID: String, payload: JSON = .null, timeout: Duration? = nil, metadata: JSON? = nil,
    namespace: String? = nil
  ) {
    self.init(functionID, payload, timeout, metadata, namespace) { answer, _ in answer }
  }
}

extension TriggerRequest where Output == EnqueueResult {
  /// A call that goes into a queue.
  public init(
    _ functionID: String, payload: JSON = .null, action: TriggerActionEnqueue, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) {
    self.init(functionID, payload, timeout, metadata, namespace, action: .enqueue, queue: action.queue) { answer, _ in
      try EnqueueResult(answer)
    }
  }
}

extension TriggerRequest where Output == Void {
  /// A call that nobody answers.
  public init(
    _ functionID: String, payload: JSON = .null, action: TriggerActionVoid, metadata: JSON? = nil,
    namespace: String? = nil
  ) {
    self.init(functionID, payload, nil, metadata, namespace, action: .void) { _, _ in }
  }
}

extension TriggerRequest where Output: Decodable {
  /// A call whose argument is encoded, and whose result is decoded.
  ///
  /// - Throws: What encoding `payload` throws.
  public init(
    _ functionID: String, payload: some Encodable, returning type: Output.Type, timeout: Duration? = nil,
    metadata: JSON? = nil, namespace: String? = nil
  ) throws {
    self.init(functionID, try JSON(encoding: payload), timeout, metadata, namespace) { answer, worker in
      try answer.decode(type, userInfo: [.worker: worker])
    }
  }
}
