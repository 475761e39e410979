import CUV
import Glibc

/// Accepts connections: on a Unix path, on a TCP address, or on a descriptor that was handed over.
///
/// Owned by who serves them; closes itself when it is let go.
@safe package final class Listener {
  /// The loop that it lives on.
  package let loop: EventLoop
  /// What it listens on.
  package let address: SocketAddress
  /// Called when the kernel refuses a connection, with the error (as too many open files); the listener goes on.
  package var acceptFailed: ((Errno) -> Void)?

  private let accepted: (SocketStream) -> Void
  private var descriptor: Descriptor?
  /// Kept open for the moment when no other descriptor is left: see ``shed(_:)``.
  private var reserve: Descriptor?
  private var handle: Handle?
  private var binding: UnixBinding?
  private var retry: Timer?
  private var isPaused = false
  /// How long to wait when not even the reserve descriptor helps, in milliseconds.
  private static let retryInterval = 100
  private static let backlog: CInt = 1024

  /// Listens on `path`, with its mode from the first moment on; see ``UnixBinding`` for what may stand there.
  ///
  /// - Parameters:
  ///   - loop: The loop to live on.
  ///   - path: At most 107 bytes. Missing directories are made, with mode 0750.
  ///   - mode: The permission bits of the socket's file.
  ///   - accepted: Gets each connection, to be started by its owner in the call.
  /// - Throws: When the path is too long, in use, or not to be had.
  package convenience init(
    on loop: EventLoop, unixPath path: String, mode: UInt32 = 0o660, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    guard let address = SocketAddress(unixPath: path) else {
      throw .pathTooLong(path: path, bytes: path.utf8.count)
    }
    var descriptor = try Self.socket(for: address)
    let binding = try UnixBinding(of: &descriptor, to: path, mode: mode)
    try self.init(on: loop, listeningOn: descriptor, binding: binding, accepted)
  }

  /// Listens on a TCP address.
  ///
  /// - Parameters:
  ///   - loop: The loop to live on.
  ///   - host: An IPv4 or IPv6 address, or `localhost` for 127.0.0.1.
  ///   - port: 0 for any free port; ``port`` says which.
  ///   - accepted: Gets each connection, to be started by its owner in the call.
  /// - Throws: When the host is no address, or the port is not to be had.
  package convenience init(
    on loop: EventLoop, host: String, port: UInt16, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    guard let address = SocketAddress(ip: host == "localhost" ? "127.0.0.1" : host, port: port) else {
      throw .address("\(host) is not an IP address")
    }
    let descriptor = try Self.socket(for: address)
    // Connections of an earlier process that are still in TIME_WAIT do not hold the port.
    descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
    do throws(Errno) {
      try descriptor.bind(to: address)
    } catch {
      throw .system(operation: "listen on \(address)", error)
    }
    try self.init(on: loop, listeningOn: descriptor, binding: nil, accepted)
  }

  /// Listens on a descriptor that a service manager has bound (`LISTEN_FDS`); its path is not removed at the end.
  ///
  /// - Parameters:
  ///   - loop: The loop to live on.
  ///   - descriptor: A listening stream socket, closed at the end.
  ///   - accepted: Gets each connection, to be started by its owner in the call.
  /// - Throws: When it is no listening stream socket.
  package convenience init(
    on loop: EventLoop, inherited descriptor: consuming Descriptor, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    let number = descriptor.number
    let isListening = try? descriptor.option(SO_ACCEPTCONN)
    let type = try? descriptor.option(SO_TYPE)
    guard isListening == 1, type == CInt(SOCK_STREAM.rawValue) else {
      throw .notListening(descriptor: number)
    }
    descriptor.becomeNonBlocking()
    try self.init(on: loop, listeningOn: descriptor, binding: nil, accepted)
  }

  private init(
    on loop: EventLoop, listeningOn descriptor: consuming Descriptor, binding: UnixBinding?,
    _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    self.loop = loop
    self.accepted = accepted
    self.binding = binding
    let number = descriptor.number
    do throws(Errno) {
      try systemCall { listen(number, Self.backlog) }
      address = try SocketAddress(ofSocket: number)
      self.descriptor = consume descriptor
      reserve = try Descriptor.reserve()
      handle = try unsafe Handle(uv_poll_t.self, { [unowned self] _, _ in ready() }) {
        unsafe uv_poll_init(loop.loop, $0, number)
      }
    } catch {
      throw .system(operation: "listen", error)
    }
    poll()
  }

  private static func socket(for address: SocketAddress) throws(ListenerError) -> Descriptor {
    do throws(Errno) {
      return try Descriptor(socketFor: address)
    } catch {
      throw .system(operation: "socket", error)
    }
  }

  /// The TCP port, the real one when 0 was asked for.
  package var port: UInt16? { address.port }

  /// The Unix path that it listens on.
  package var path: String? { address.path }

  /// Accepts no more until ``resume()``; connections wait in the kernel's queue.
  package func pause() {
    isPaused = true
    poll()
  }

  /// Accepts again.
  package func resume() {
    isPaused = false
    poll()
  }

  /// Ends listening, and removes the path when it is still ours.
  package func close() {
    guard let handle else { return }
    handle.close()
    self.handle = nil
    retry = nil
    reserve = nil
    binding?.remove()
    binding = nil
    descriptor = nil
  }

  deinit { close() }
}

// MARK: - Accepting

extension Listener {
  private func poll() {
    guard let handle, handle.isOpen else { return }
    let poll = unsafe handle.pointer(as: uv_poll_t.self)
    if isPaused || retry?.isActive == true {
      unsafe uv_poll_stop(poll)
    } else {
      unsafe uv_poll_start(poll, CInt(UV_READABLE.rawValue)) { unsafe Handle.fired($0, status: $1, value: $2) }
    }
  }

  /// Takes one connection. The next one has its own turn of the loop, so that a flood of them does not hold the others up.
  private func ready() {
    guard let number = descriptor?.number, !isPaused else { return }
    do throws(Errno) {
      let connection = Descriptor(owning: try systemCall { iiid_accept(number) })
      if address.family == .internet { connection.sendsAtOnce() }
      accepted(try SocketStream(on: loop, descriptor: connection, family: address.family))
    } catch .wouldBlock {
      return
    } catch {
      survive(error)
    }
  }

  private func survive(_ error: Errno) {
    switch error.code {
    case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
      // accept(2): what has already happened to the new connection, not to the listener.
      break
    case EMFILE, ENFILE:
      shed(error)
    default:
      acceptFailed?(error)
      waitForBetterTimes()
    }
  }

  /// No descriptor is left: accepts one connection into the place of the reserve and closes it, so that its client learns
  /// and the loop does not spin on a queue that it cannot empty.
  private func shed(_ error: Errno) {
    guard let listener = descriptor?.number else { return }
    reserve = nil
    let number = iiid_accept(listener)
    if number >= 0 { _ = Glibc.close(number) }
    reserve = try? Descriptor.reserve()
    if reserve == nil || number < 0 { waitForBetterTimes() }
    acceptFailed?(error)
  }

  private func waitForBetterTimes() {
    guard handle != nil else { return }
    let timer = retry ?? Timer(on: loop) { [unowned self] in poll() }
    timer.start(after: Self.retryInterval)
    retry = timer
    poll()
  }
}

extension Descriptor {
  fileprivate static func reserve() throws(Errno) -> Descriptor {
    Descriptor(owning: try systemCall { unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) })
  }
}
