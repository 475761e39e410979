import Bytes
import RawJSON

/// What is registered with a function's id: a snapshot, made into text at once, so that nothing a program changes later
/// leaks into a replay (engine protocol, section 10, lesson 23).
struct FunctionDefinition: Sendable {
  /// The further members of the frame, without braces.
  let utf8: [UInt8]

  /// The definition of the function `id`; unset members are left out.
  ///
  /// - Throws: ``InvocationError`` for what an engine would not take.
  init(
    of id: String, description: String?, metadata: JSON?, requestFormat: FunctionFormat?,
    responseFormat: FunctionFormat?, invocation: HTTPInvocationConfig? = nil
  ) throws(InvocationError) {
    guard !id.allSatisfy(\.isWhitespace) else {
      throw InvocationError(code: InvocationError.invalidArgument, message: "a function id is needed")
    }
    if let problem = invocation?.problem {
      throw InvocationError(code: InvocationError.invalidArgument, message: problem, functionID: id)
    }
    let members: [(String, JSON?)] = [
      ("description", description.map { JSON($0) }), ("request_format", requestFormat?.json),
      ("response_format", responseFormat?.json), ("metadata", metadata), ("invocation", invocation?.json),
    ]
    var buffer = ByteBuffer()
    for case (let name, let value?) in members {
      if let violation = value.violation {
        throw InvocationError(
          code: InvocationError.invalidArgument,
          message: "an engine would not take the function's \(name): \(violation)", functionID: id)
      }
      buffer.append(buffer.isEmpty ? #"""# : #",""#)
      buffer.append(name)
      buffer.append(#"":"#)
      buffer.append(value.utf8.span)
    }
    utf8 = [UInt8](copying: buffer.span)
  }
}
