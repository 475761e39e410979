/// A channel that was made by ``Worker/createChannel(bufferSize:)``: both ends, and what lets another worker have one.
///
/// Give one of the two references away in a payload, and use the other end yourself.
public struct Channel: Sendable {
  /// The reading end. Not to be used when its reference was given away.
  public let reader: ChannelReader
  /// The writing end. Not to be used when its reference was given away.
  public let writer: ChannelWriter

  /// Lets another worker read.
  public var readerRef: StreamChannelRef { reader.ref }
  /// Lets another worker write.
  public var writerRef: StreamChannelRef { writer.ref }
}
