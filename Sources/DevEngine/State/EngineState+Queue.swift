extension EngineState {
  /// The function of a queue's provider.
  static let enqueueFunction = FunctionKey(id: "engine::queue::enqueue")
  /// How often the queue in memory delivers a job again that failed.
  static let maximumRetries = 3
  /// How long it waits before it does, in milliseconds.
  static let retryDelay = 1000
  /// How many jobs it holds.
  static let maximumJobs = 10_000

  /// A call is to be queued: by the worker that provides a queue, else by the queue in memory (engine protocol, section
  /// 3.3).
  mutating func enqueue(
    _ call: IncomingInvocation, _ key: FunctionKey, _ queue: String, _ reply: ReplyAddress?, _ now: Int
  ) {
    guard compatibility.hasQueueWorkers else { return enqueueInEngine(call, key, queue, reply, now) }
    let receipt = makeID().description
    let trace = call.trace.namingTarget(key.id)
    guard functions[Self.enqueueFunction] == nil else {
      var data: JSONObject = [
        "queue": .string(queue), "function_id": .string(key.id), "data": call.data,
        "messageReceiptId": .string(receipt), "traceparent": call.trace.traceparent.map(JSONValue.string) ?? .null,
        "baggage": trace.baggage.map(JSONValue.string) ?? .null,
      ]
      if key.namespace != FunctionKey.defaultNamespace { data["namespace"] = .string(key.namespace) }
      return dispatch(
        OutgoingInvocation(id: makeID(), functionID: Self.enqueueFunction.id, data: .object(data), trace: trace),
        to: Self.enqueueFunction, from: nil, for: .enqueue(receipt: receipt), reply, now)
    }
    guard options.queue == .memory else { return answer(reply, result: nil, error: .noQueue) }
    keep(
      QueuedJob(
        receipt: receipt, queue: queue, function: key, data: call.data, trace: trace, metadata: call.metadata), reply,
      now)
  }

  /// The same for an engine whose queue is a part of it, and no worker's (engine protocol, section 3.3).
  private mutating func enqueueInEngine(
    _ call: IncomingInvocation, _ key: FunctionKey, _ queue: String, _ reply: ReplyAddress?, _ now: Int
  ) {
    guard options.queue == .memory else { return answer(reply, result: nil, error: .noQueueModule) }
    guard !queue.isEmpty else { return answer(reply, result: nil, error: .noSuchQueue(queue)) }
    keep(
      QueuedJob(receipt: makeID().description, queue: queue, function: key, data: call.data, trace: call.trace), reply,
      now)
  }

  /// The queue in memory takes a job: the caller has its receipt at once.
  private mutating func keep(_ job: QueuedJob, _ reply: ReplyAddress?, _ now: Int) {
    guard jobCount < Self.maximumJobs else { return answer(reply, result: nil, error: .queueFull) }
    jobCount += 1
    answer(reply, result: ["messageReceiptId": .string(job.receipt)], error: nil)
    deliver(job, now)
  }

  /// The provider has answered: the caller gets its receipt, or why there is none.
  mutating func enqueued(_ receipt: String, _ reply: ReplyAddress?, _ error: ErrorBody?) {
    guard let error else { return answer(reply, result: ["messageReceiptId": .string(receipt)], error: nil) }
    answer(reply, result: nil, error: ErrorBody(code: "enqueue_error", message: "\(error.code): \(error.message)"))
  }

  /// Hands a job of the queue in memory to its function.
  mutating func deliver(_ job: QueuedJob, _ now: Int) {
    dispatch(
      OutgoingInvocation(
        id: makeID(), functionID: job.function.id, data: job.data, trace: job.trace, metadata: job.metadata),
      to: job.function, from: nil, for: .delivery(job), nil, now)
  }

  /// A delivery has its outcome: a failed one is tried again, a few times.
  mutating func delivered(_ job: QueuedJob, _ error: ErrorBody?, _ now: Int) {
    guard let error else {
      jobCount -= 1
      return
    }
    var job = job
    job.failures += 1
    guard job.failures <= Self.maximumRetries else {
      jobCount -= 1
      return log(
        .error,
        "queue \(job.queue): message \(job.receipt) for \(job.function.id) given up after \(job.failures) deliveries, "
          + "the last failed with \(error.code)")
    }
    log(
      .info,
      "queue \(job.queue): message \(job.receipt) for \(job.function.id) failed with \(error.code), will be retried")
    retries.append((now + Self.retryDelay, job))
  }
}

extension ErrorBody {
  fileprivate static let noQueue = ErrorBody(
    code: "enqueue_error",
    message:
      "No queue provider is installed: no worker has registered engine::queue::enqueue, and the engine runs with --queue none."
  )

  /// As 0.13 engines say it.
  fileprivate static let noQueueModule = ErrorBody(code: "enqueue_error", message: "QueueModule not loaded")

  fileprivate static func noSuchQueue(_ name: String) -> ErrorBody {
    ErrorBody(code: "enqueue_error", message: "Queue '\(name)' not found")
  }

  fileprivate static let queueFull = ErrorBody(
    code: "enqueue_error", message: "The queue in memory is full: it holds \(EngineState.maximumJobs) messages.")
}
