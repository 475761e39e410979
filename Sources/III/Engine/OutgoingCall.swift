import Bytes

/// The frame of a call that goes out (engine protocol, section 2.10): its size, and its bytes straight into a buffer.
///
/// `data` is always there, because engines drop a frame without it; everything else only when there is something.
struct OutgoingCall: ~Copyable {
  /// The id to answer under; nil for a void call.
  var id: UUIDBits?
  /// Where the members stand.
  var members: InvocationMembers
  /// How it is carried out.
  var action: CallAction
  /// The namespace, a JSON string in quotes, when the members name none.
  var inheritedNamespace: [UInt8]?

  private static let head: StaticString = #"{"type":"invokefunction","#
  private static let invocation: StaticString = #""invocation_id":""#
  private static let function: StaticString = #"","function_id":"#
  private static let functionOnly: StaticString = #""function_id":"#
  private static let data: StaticString = #","data":"#
  private static let traceparent: StaticString = #","traceparent":"#
  private static let baggage: StaticString = #","baggage":"#
  private static let void: StaticString = #","action":{"type":"void"}"#
  private static let enqueue: StaticString = #","action":{"type":"enqueue","queue":"#
  private static let metadata: StaticString = #","metadata":"#
  private static let namespace: StaticString = #","namespace":"#

  /// How many bytes the frame has.
  var size: Int {
    var size = Self.head.utf8.count
    if id == nil {
      size += Self.functionOnly.utf8.count
    } else {
      size += Self.invocation.utf8.count + UUIDBits.textLength + Self.function.utf8.count
    }
    size += members.functionID.count + Self.data.utf8.count + (members.payload?.count ?? 4)
    if let value = members.traceparent { size += Self.traceparent.utf8.count + value.count }
    if let value = members.baggage { size += Self.baggage.utf8.count + value.count }
    switch action {
    case .synchronous: break
    case .void: size += Self.void.utf8.count
    case .enqueue: size += Self.enqueue.utf8.count + (members.queue?.count ?? 0) + 1
    }
    if let value = members.metadata { size += Self.metadata.utf8.count + value.count }
    if let value = members.namespace {
      size += Self.namespace.utf8.count + value.count
    } else if let inheritedNamespace {
      size += Self.namespace.utf8.count + inheritedNamespace.count
    }
    return size + 1
  }

  /// Appends the frame; `text` is what the ranges of the members are in.
  func append(_ text: Span<UInt8>, to buffer: inout ByteBuffer) {
    buffer.append(literal: Self.head)
    if let id {
      buffer.append(literal: Self.invocation)
      buffer.append(id)
      buffer.append(literal: Self.function)
    } else {
      buffer.append(literal: Self.functionOnly)
    }
    buffer.append(text.extracting(members.functionID))
    buffer.append(literal: Self.data)
    if let payload = members.payload { buffer.append(text.extracting(payload)) } else { buffer.append(literal: "null") }
    if let value = members.traceparent {
      buffer.append(literal: Self.traceparent)
      buffer.append(text.extracting(value))
    }
    if let value = members.baggage {
      buffer.append(literal: Self.baggage)
      buffer.append(text.extracting(value))
    }
    switch action {
    case .synchronous: break
    case .void: buffer.append(literal: Self.void)
    case .enqueue:
      buffer.append(literal: Self.enqueue)
      if let queue = members.queue { buffer.append(text.extracting(queue)) }
      buffer.append(UInt8(ascii: "}"))
    }
    if let value = members.metadata {
      buffer.append(literal: Self.metadata)
      buffer.append(text.extracting(value))
    }
    if let value = members.namespace {
      buffer.append(literal: Self.namespace)
      buffer.append(text.extracting(value))
    } else if let inheritedNamespace {
      buffer.append(literal: Self.namespace)
      buffer.append(inheritedNamespace.span)
    }
    buffer.append(UInt8(ascii: "}"))
  }
}
