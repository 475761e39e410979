import Bytes
import Transport
import WebSocket

/// The engine's ends of the two channels of a request: it writes the request's body into one, and reads the answer from the
/// other (engine protocol, section 5.7). Owned by the request's ``HTTPExchange``.
final class HTTPChannels {
  /// What the function has written into its answer.
  enum Item {
    case text(String)
    case bytes([UInt8])
  }

  /// In how large messages a body is written, in bytes: as the SDKs write theirs.
  private static let messageSize = 64 * 1024

  /// The references for the function's payload.
  let requestBody: JSONValue
  let response: JSONValue
  /// Called when ``isFull`` is over.
  var drained: () -> Void = {}
  /// Called for each message of the answer.
  var received: (Item) -> Void = { _ in }
  /// Called once when the function has closed its answer.
  var ended: () -> Void = {}

  private let writer: EngineChannelWriter
  private let reader: EngineChannelReader
  private var isPaused = false
  private var isFinished = false
  /// Nobody reads the body: what there is of it goes nowhere, and holds nobody up.
  private var isUnread = false
  private var isClosed = false

  /// Makes two channels.
  ///
  /// - Throws: When there are too many.
  init(on engine: DevEngineServer) throws(ErrorBody) {
    (writer, requestBody) = try engine.makeChannelToWrite()
    do throws(ErrorBody) {
      (reader, response) = try engine.makeChannelToRead()
    } catch {
      writer.finish()
      throw error
    }
    // In a turn of its own: whoever has read may be in the midst of other work.
    writer.resumed = { [weak self, unowned engine] in engine.loop.atEndOfTurn { self?.drained() } }
    writer.lost = { [weak self, unowned engine] in
      self?.isUnread = true
      engine.loop.atEndOfTurn { self?.drained() }
    }
    reader.readable = { [weak self] in self?.read() }
  }

  // MARK: - The request's body

  /// Whether nothing more is to be written for now.
  var isFull: Bool { !isUnread && !isFinished && writer.isFull }

  /// Writes the next bytes of the body.
  func write(_ bytes: Span<UInt8>) {
    guard !isUnread, !isFinished else { return }
    for start in stride(from: 0, to: bytes.count, by: Self.messageSize) {
      let piece = bytes.extracting(start..<min(bytes.count, start + Self.messageSize))
      writer.write(.binary, [UInt8](copying: piece))
    }
  }

  /// The body is complete.
  func finish() {
    guard !isFinished else { return }
    isFinished = true
    if !isUnread { writer.finish() }
  }

  // MARK: - The answer

  /// Takes nothing more from the function for now, and so makes it wait.
  func pauseReading() { isPaused = true }

  /// Takes again.
  func resumeReading() {
    guard isPaused else { return }
    isPaused = false
    read()
  }

  private func read() {
    while !isPaused, !isClosed {
      switch reader.next() {
      case .nothing: return
      case .end:
        isClosed = true
        reader.cancel()
        return ended()
      case .item(let item):
        switch item.kind {
        case .text: received(.text(String(decoding: item.bytes, as: UTF8.self)))
        case .binary: received(.bytes(item.bytes))
        }
      }
    }
  }

  /// Gives both ends back: the request is over.
  func close() {
    finish()
    drained = {}
    received = { _ in }
    ended = {}
    guard !isClosed else { return }
    isClosed = true
    reader.cancel()
  }
}
