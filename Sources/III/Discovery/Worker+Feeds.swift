/// What happens at the engine, as sequences. Each is a function that lists leave out and a trigger, which are taken back
/// when the sequence is given up, and come back by themselves on every later connection; what happened between two
/// connections is not told. A sequence ends with the worker. Of one that is not read the last events are kept.
extension Worker {
  /// All functions, each time one has come or gone. Engines look every five seconds (engine protocol, section 5.7).
  ///
  /// - Throws: ``InvocationError`` or ``ConnectionError`` when it cannot be registered.
  public func onFunctionsAvailable() throws -> AsyncStream<[FunctionInfo]> {
    try feed("engine::functions-available", keeping: 16) { event in
      DiscoveryRow(event)?.rows("functions")?.compactMap { FunctionInfo($0) }
    }
  }

  /// Each worker that comes, announces itself or goes.
  ///
  /// - Throws: ``InvocationError`` or ``ConnectionError`` when it cannot be registered.
  public func onWorkersAvailable() throws -> AsyncStream<WorkerEvent> {
    try feed("engine::workers-available", keeping: 1000) { DiscoveryRow($0).flatMap(WorkerEvent.init) }
  }

  /// Each line of the engine's log, from every worker.
  ///
  /// - Parameter level: Only those that matter at least so much.
  /// - Returns: The lines, one by one.
  /// - Throws: ``InvocationError`` or ``ConnectionError`` when it cannot be registered.
  public func onLog(level: EngineLogRecord.Level = .all) throws -> AsyncStream<EngineLogRecord> {
    try feed("log", config: ["level": JSON(level.rawValue)], keeping: 1000) {
      DiscoveryRow($0).flatMap(EngineLogRecord.init)
    }
  }

  private func feed<Element: Sendable>(
    _ triggerType: String, config: JSON = .null, keeping limit: Int, _ read: @escaping @Sendable (JSON) -> Element?
  ) throws -> AsyncStream<Element> {
    let core = try connectedCore()
    let (stream, continuation) = AsyncStream.makeStream(
      of: Element.self, bufferingPolicy: .bufferingNewest(limit))
    let feed = EventFeed(
      deliver: { event in
        guard let element = read(event), case .dropped = continuation.yield(element) else { return true }
        return false
      }, finish: { continuation.finish() })
    let id = try core.open(feed, of: triggerType, config: config)
    continuation.onTermination = { [weak self] _ in self?.onLoop { $0.closeFeed(id) } }
    return stream
  }
}
