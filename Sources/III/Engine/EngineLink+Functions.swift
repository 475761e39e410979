import Bytes
import RawJSON
import Transport
import WebSocket

extension EngineLink {
  /// Registers a function: one frame now, when there is a connection, and one on each later connection.
  ///
  /// - Parameters:
  ///   - id: Its id; registering it again replaces the definition.
  ///   - definition: The further members of the frame, without braces, as `"description":"…","metadata":{…}`; checked
  ///     for what an engine does not take. Empty for none.
  /// - Returns: Nil when it was taken.
  @discardableResult
  package func registerFunction(_ id: String, definition: [UInt8]) -> RegistrationRefusal? {
    let size = Self.registration.utf8.count + 6 * id.utf8.count + definition.count + 4
    guard size <= options.maximumMessage else { return .tooLarge(limit: options.maximumMessage, size: size) }
    let refusal = session.registered(id, definition: definition)
    carryOut()
    return refusal
  }

  /// Takes a function back. Without effect when it is not registered.
  package func unregisterFunction(_ id: String) {
    session.unregistered(id)
    carryOut()
  }

  /// What is known about a function; nil when it is not registered.
  package func registrationState(of id: String) -> RegistrationState? { session.functions[id]?.state }

  private static let registration = #"{"type":"registerfunction","id":"#

  func sendRegistration(_ id: String) {
    // Taken back meanwhile: its frame is of no use.
    guard let function = session.functions[id] else { return }
    connection?.send(
      .text, sizeHint: Self.registration.utf8.count + id.utf8.count + function.definition.count + 4
    ) { buffer in
      buffer.append(Self.registration)
      buffer.append(jsonString: id)
      if !function.definition.isEmpty {
        buffer.append(UInt8(ascii: ","))
        buffer.append(function.definition.span)
      }
      buffer.append(UInt8(ascii: "}"))
    }
  }

  func sendUnregistration(_ id: String) {
    connection?.send(.text, sizeHint: 40 + id.utf8.count) { buffer in
      buffer.append(#"{"type":"unregisterfunction","id":"#)
      buffer.append(jsonString: id)
      buffer.append(UInt8(ascii: "}"))
    }
  }
}
