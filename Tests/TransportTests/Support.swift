import Bytes
import TestSupport
import Testing

@testable import Transport

/// Runs turns of `loop` until `condition` holds.
func run(_ loop: EventLoop, until condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) {
  if !loop.run(until: condition) { Issue.record("waited in vain", sourceLocation: sourceLocation) }
}

/// Runs the turns that are due now, without waiting.
func settle(_ loop: EventLoop, turns: Int = 4) {
  for _ in 0..<turns { loop.runOnce(waiting: false) }
}

/// An owner that writes down what it is told, and takes its input.
final class RecordingOwner: SocketStreamOwner {
  enum Event: Equatable {
    case received(String)
    case end
    case closed(Errno?)
    case drained
  }

  var events: [Event] = []
  var bytes = 0
  /// Whether input is only counted.
  var countsOnly = false
  var onReceive: ((SocketStream) -> Void)?
  var onEnd: ((SocketStream) -> Void)?

  var text: String {
    events.reduce(into: "") { text, event in
      if case .received(let part) = event { text += part }
    }
  }

  var isClosed: Bool {
    events.contains {
      if case .closed = $0 { true } else { false }
    }
  }

  func streamReceived(_ stream: SocketStream) {
    bytes += stream.input.count
    if countsOnly { stream.input.removeAll() } else { events.append(.received(takeText(stream))) }
    onReceive?(stream)
  }

  func streamReachedEnd(_ stream: SocketStream) {
    events.append(.end)
    onEnd?(stream)
  }

  func streamClosed(_ stream: SocketStream, _ error: Errno?) {
    events.append(.closed(error))
  }

  func streamDrained(_ stream: SocketStream) { events.append(.drained) }
}

func takeText(_ stream: SocketStream) -> String {
  let input = stream.input.take()
  return text(input.span)
}

func text(_ bytes: Span<UInt8>) -> String {
  var copy: [UInt8] = []
  for index in bytes.indices { copy.append(bytes[index]) }
  return String(decoding: copy, as: UTF8.self)
}

extension SocketStream {
  func send(_ text: String) {
    output.append(text)
    markDirty()
  }
}
