/// The reading end of a channel that the engine itself has. Made by ``DevEngineServer/makeChannelToRead()``; held by the
/// server until it has ended.
///
/// Who takes nothing lets the channel run full, and by that the worker wait: that is all there is to back-pressure.
package final class EngineChannelReader: ChannelEnd {
  /// Called when ``next()`` has something new, be it the end.
  package var readable: () -> Void = {}

  let number: Int
  private unowned let server: DevEngineServer

  init(number: Int, server: DevEngineServer) {
    self.number = number
    self.server = server
  }

  /// Takes the next message. The end is also what is left of a channel whose writer never came, after five minutes.
  package func next() -> ChannelReading { server.nextItem(for: number) }

  /// Takes nothing any more, and gives the end back: the writer is dropped. To be called after the end, too.
  package func cancel() {
    readable = {}
    server.ended(number)
  }

  func channelBecameReadable() { readable() }
  func channelClosed() { readable() }
  func channelDropped() { readable() }
}
