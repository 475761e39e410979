/// Why a channel's end cannot be used, or not any more.
public struct ChannelError: Error, Sendable, Hashable {
  /// What happened.
  public enum Code: String, Sendable, Hashable {
    /// The engine knows no such channel, or the key is not its own.
    case notFound
    /// Somebody else has this end. An end is taken once: also after its holder is gone.
    case taken
    /// The engine, or the connection to it, is gone; for a writer also its reader. What was under way may be lost.
    case lost
    /// There is no connection to the engine. The next use tries again.
    case notConnected
    /// It was closed or cancelled by this program.
    case closed
    /// More bytes than allowed.
    case tooLarge
    /// A reference that is of no use here: for the other end, or not one that the engine understands.
    case invalid
    /// The worker was shut down.
    case shutdown
  }

  /// What happened.
  public var code: Code
  /// A sentence for people.
  public var message: String
  /// The channel.
  public var channelID: String

  /// An error about a channel.
  public init(code: Code, message: String, channelID: String) {
    self.code = code
    self.message = message
    self.channelID = channelID
  }
}

extension ChannelError: CustomStringConvertible {
  /// Code, message and channel.
  public var description: String { "\(code): \(message) (channel \(channelID))" }
}
