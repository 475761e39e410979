import Bytes
import RawJSON

extension Worker {
  /// Registers a function, and waits until the engine has it. It comes back by itself on every later connection.
  ///
  /// - Parameters:
  ///   - id: Its id, as `shop::reserve`.
  ///   - description: A sentence about it.
  ///   - requestFormat: What it takes, for people and tools.
  ///   - responseFormat: What it returns.
  ///   - metadata: Anything; shown with the function.
  ///   - handler: What it does. Calls run at the same time.
  /// - Returns: A handle to take it back.
  /// - Throws: ``InvocationError`` when the engine refuses it (as `FUNCTION_NAMESPACE_CONFLICT`) or the id is in use;
  ///   ``ConnectionError`` when the worker ends meanwhile.
  @discardableResult
  public func registerFunction(
    _ id: String, description: String? = nil, requestFormat: JSON? = nil, responseFormat: JSON? = nil,
    metadata: JSON? = nil, handler: @escaping Handler
  ) async throws -> FunctionRef {
    try Self.check(functionID: id)
    let definition = Self.definition([
      ("description", description.map { JSON($0) }), ("request_format", requestFormat),
      ("response_format", responseFormat), ("metadata", metadata),
    ])
    let number = reserveNumber()
    try await withTaskCancellationHandler {
      try await self.register(number, id, definition, handler)
    } onCancel: {
      Task { await self.cancelRegistration(number, id) }
    }
    return FunctionRef(id: id, worker: self)
  }

  private func register(_ number: Int, _ id: String, _ definition: [UInt8], _ handler: @escaping Handler) async throws {
    let core = try connectedCore()
    try await withCheckedThrowingContinuation { core.register(number, id, definition: definition, handler, $0) }
  }

  private func cancelRegistration(_ number: Int, _ id: String) { core?.cancelRegistration(number, id) }

  func unregisterFunction(_ id: String) { core?.unregister(id) }

  /// What a handler returned or threw.
  func answer(_ invocation: IncomingInvocation, _ functionID: String, _ result: Result<JSON, any Error>) {
    core?.answer(invocation, functionID, result)
  }

  private static func definition(_ members: [(String, JSON?)]) -> [UInt8] {
    var buffer = ByteBuffer()
    for case (let name, let value?) in members {
      buffer.append(buffer.isEmpty ? #"""# : #",""#)
      buffer.append(name)
      buffer.append(#"":"#)
      buffer.append(value.utf8.span)
    }
    return [UInt8](copying: buffer.span)
  }
}
