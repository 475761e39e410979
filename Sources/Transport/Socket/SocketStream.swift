package import Bytes
import CUV
import Glibc

/// A connected stream socket on the loop: reads into ``input``, writes what its owner appends to ``output``.
///
/// Owned by one object (a local client, a WebSocket connection …), which it calls through ``SocketStreamOwner``. It has
/// no state machine of a protocol: what the bytes mean is its owner's affair. Never more than one read of 64 KiB per
/// event, so that no connection keeps the others waiting; written once per turn of the loop, in the flush.
@safe package final class SocketStream {
  /// The most bytes that one read takes.
  package static let readSize = 64 * 1024
  /// Input below this many bytes is copied rather than kept in the large buffer that it was read into.
  static let smallRemainder = 4096

  /// The loop that it lives on.
  package let loop: EventLoop
  /// What has arrived and was not consumed. With TLS: decrypted.
  package var input = ByteBuffer()
  /// What is to be sent; append to it, then call ``markDirty()``. With TLS: not yet encrypted.
  package var output = ByteBuffer()
  /// ``SocketStreamOwner/streamDrained(_:)`` is called when this much output had been waiting; in bytes.
  package var outputMark = 64 * 1024
  /// How many bytes the kernel has taken so far; with TLS: encrypted. Who waits for progress compares two readings.
  package internal(set) var bytesWritten = 0
  /// Whether the peer ended its output.
  package internal(set) var hasReachedEnd = false
  /// Whether reading is paused.
  package internal(set) var isPaused = false
  /// Whether events may still come.
  package internal(set) var isOpen = true

  unowned var owner: (any SocketStreamOwner)?
  let family: SocketFamily
  var descriptor: Descriptor?
  var handle: Handle?
  /// The poll mask that libuv was given last.
  var polled: CInt = 0
  var isStarted = false
  var isDirty = false
  /// The kernel took less than all; the rest waits for UV_WRITABLE.
  var isBlocked = false
  var isAboveMark = false
  var isWarm = false
  var wasUsed = false
  /// Set once the owner has let go and the rest of the output is under way.
  var linger: Timer?
  /// Who waits for the end of that.
  var closed: (() -> Void)?
  var tls: TLSSession?
  /// Why TLS failed, when that is what closed the stream.
  package internal(set) var tlsFailure: TLSError?

  /// A stream over a connected, non-blocking socket; silent until ``start(owner:)``.
  ///
  /// The corresponding C function is `uv_poll_init`.
  package init(on loop: EventLoop, descriptor: consuming Descriptor, family: SocketFamily) throws(Errno) {
    self.loop = loop
    self.family = family
    let number = descriptor.number
    self.descriptor = consume descriptor
    handle = try unsafe Handle(
      uv_poll_t.self, { [unowned self] status, events in ready(status: status, events: events) }
    ) {
      unsafe uv_poll_init(loop.loop, $0, number)
    }
  }

  /// Begins to read, and to write what was appended.
  package func start(owner: any SocketStreamOwner) {
    self.owner = owner
    isStarted = true
    updatePolling()
    if !output.isEmpty { markDirty() }
  }

  /// Makes `owner` the one who is called from now on.
  package func changeOwner(to owner: any SocketStreamOwner) { self.owner = owner }

  /// How many bytes wait to be written.
  package var pendingOutput: Int { output.count + (tls?.encrypted.count ?? 0) }

  deinit { close() }
}

extension SocketStream {
  /// Two streams that are connected to each other, not started: for tests, and for what talks to itself.
  package static func pair(on loop: EventLoop) throws(Errno) -> (SocketStream, SocketStream) {
    let (first, second) = try Descriptor.pairNumbers()
    let other = Descriptor(owning: second)
    let stream = try SocketStream(on: loop, descriptor: Descriptor(owning: first), family: .local)
    return (stream, try SocketStream(on: loop, descriptor: other, family: .local))
  }
}
