package import WebSocket

/// The writing end of a channel that the engine itself has. Made by ``DevEngineServer/makeChannelToWrite()``; held by the
/// server until it has ended.
package final class EngineChannelWriter: ChannelEnd {
  /// Whether the channel is full: the next message should wait for ``resumed``. One that does not is taken all the same.
  package private(set) var isFull = false
  /// Called when the channel has room again.
  package var resumed: () -> Void = {}
  /// Called once when the reader is gone and what is written goes nowhere.
  package var lost: () -> Void = {}

  let number: Int
  private unowned let server: DevEngineServer

  init(number: Int, server: DevEngineServer) {
    self.number = number
    self.server = server
  }

  /// Writes one message: at most 1 MiB, which is what Python readers take.
  package func write(_ kind: MessageKind, _ bytes: [UInt8]) { server.written(ChannelItem(kind, bytes), by: number) }

  /// Ends the channel: the reader gets what is left, then the end. Nothing is called any more.
  package func finish() {
    resumed = {}
    lost = {}
    server.ended(number)
  }

  func channelPaused() { isFull = true }

  func channelResumed() {
    isFull = false
    resumed()
  }

  func channelClosed() { channelDropped() }

  func channelDropped() {
    let lost = lost
    finish()
    lost()
  }
}
