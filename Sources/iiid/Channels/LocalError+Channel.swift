import III
import LocalProtocol

extension LocalError {
  /// What a client is told of a channel's end that cannot be used, or not any more.
  init(_ error: ChannelError) {
    let row: LocalError =
      switch error.code {
      case .notFound: LocalError(.notFound, code: "channel_not_found", error.message, source: .engine)
      case .notConnected: .notConnected(error.message)
      case .invalid: .invalidParameter("ref", error.message)
      case .tooLarge, .taken, .lost, .closed, .shutdown:
        LocalError.channelClosed(error.message).with("reason", .string(error.code.rawValue))
      }
    self = row.with("channel_id", .string(error.channelID))
  }

  /// The client itself has ended it, or was told that it has ended.
  static func channelEnded(_ ref: ChannelReference) -> LocalError {
    LocalError(ChannelError(code: .closed, message: "this end was closed", channelID: ref.channelID))
  }
}

extension StreamChannelRef {
  init(_ ref: ChannelReference) {
    self.init(channelID: ref.channelID, accessKey: ref.accessKey, direction: ref.isForWriting ? .write : .read)
  }
}
