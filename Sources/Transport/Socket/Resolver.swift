import CUV
import Glibc

/// One look-up of a host's addresses, on libuv's thread pool, so that a slow name server holds up nothing.
///
/// Owned by who waits for it; forgets its answer when it is let go. The memory that libuv works on belongs to a
/// ``Request``, which lives until the look-up is over, wanted or not.
final class Resolver {
  private let request: Request

  /// Looks `host` up.
  ///
  /// The corresponding C function is `uv_getaddrinfo`.
  ///
  /// - Parameters:
  ///   - loop: The loop in whose turn the answer comes.
  ///   - host: A name; the C library's rules apply (`/etc/hosts`, search domains).
  ///   - port: Is put into the addresses.
  ///   - resolved: Called once, never within this call: the addresses in the order of preference, at least one, or why not.
  init(
    on loop: EventLoop, host: String, port: UInt16,
    _ resolved: @escaping (Result<[SocketAddress], ResolutionError>) -> Void
  ) {
    request = Request(resolved)
    request.start(on: loop, host: host, port: port)
  }

  /// Forgets the answer.
  func cancel() { request.cancel() }

  deinit { request.cancel() }
}

extension Resolver {
  /// The memory of one `uv_getaddrinfo`.
  @safe fileprivate final class Request {
    private let memory = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
    private var resolved: ((Result<[SocketAddress], ResolutionError>) -> Void)?
    private var isRunning = false

    init(_ resolved: @escaping (Result<[SocketAddress], ResolutionError>) -> Void) { self.resolved = resolved }

    func start(on loop: EventLoop, host: String, port: UInt16) {
      var hints = unsafe addrinfo()
      unsafe hints.ai_family = AF_UNSPEC
      unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
      unsafe memory.pointee.data = Unmanaged.passRetained(self).toOpaque()
      let code = unsafe uv_getaddrinfo(
        loop.loop, memory,
        { request, status, list in
          guard let data = unsafe request?.pointee.data else { return }
          unsafe Unmanaged<Request>.fromOpaque(data).takeRetainedValue().finished(status, list)
          unsafe uv_freeaddrinfo(list)
        }, host, String(port), &hints)
      if code == 0 {
        isRunning = true
        return
      }
      unsafe Unmanaged.passUnretained(self).release()
      loop.atEndOfTurn { unsafe self.finished(code, nil) }
    }

    func cancel() {
      resolved = nil
      // Has an effect only while no thread has begun with it; the callback comes in either case.
      if isRunning {
        unsafe UnsafeMutableRawPointer(memory).withMemoryRebound(to: uv_req_t.self, capacity: 1) {
          _ = unsafe uv_cancel($0)
        }
      }
    }

    private func finished(_ status: CInt, _ list: UnsafeMutablePointer<addrinfo>?) {
      isRunning = false
      guard let resolved else { return }
      self.resolved = nil
      if status < 0 { return resolved(.failure(ResolutionError(text: uvText(of: status)))) }
      var addresses: [SocketAddress] = []
      var next = unsafe list
      while let entry = unsafe next?.pointee {
        if let address = unsafe entry.ai_addr {
          unsafe addresses.append(SocketAddress(address, length: entry.ai_addrlen))
        }
        unsafe next = entry.ai_next
      }
      resolved(addresses.isEmpty ? .failure(ResolutionError(text: "the name has no address")) : .success(addresses))
    }

    deinit { unsafe memory.deallocate() }
  }
}
