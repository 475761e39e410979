import Glibc
package import Transport

/// A port of 127.0.0.1 that is the test's own for as long as this lives, whether somebody listens at it or not.
///
/// A port that is merely free may be another test's by the time it is used, and one that somebody has ceased to listen at is
/// listened at a while longer when a process was forked meanwhile.
package final class OwnPort {
  /// Its number.
  package let number: UInt16
  private let socket: Descriptor

  /// A port at which nobody listens.
  package init() throws(Errno) {
    // The kernel's choice would be given up when nobody listens any more, what was asked for is not.
    let free = try Self.bound(to: 0)
    number = try Self.number(of: free)
    socket = try Self.bound(to: number)
  }

  /// A socket that listens at it, for a ``Listener``.
  package func listen() throws(Errno) -> Descriptor {
    guard Glibc.listen(socket.number, 128) == 0 else { throw Errno(code: errno) }
    let number = fcntl(socket.number, F_DUPFD_CLOEXEC, 0)
    guard number >= 0 else { throw Errno(code: errno) }
    return Descriptor(owning: number)
  }

  /// Has connections refused until ``listen()``.
  package func refuse() { _ = shutdown(socket.number, CInt(SHUT_RDWR)) }

  private static func bound(to port: UInt16) throws(Errno) -> Descriptor {
    let number = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw Errno(code: errno) }
    let socket = Descriptor(owning: number)
    var yes: CInt = 1
    _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    let isBound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isBound else { throw Errno(code: errno) }
    return socket
  }

  private static func number(of socket: borrowing Descriptor) throws(Errno) -> UInt16 {
    let number = socket.number
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(number, $0, &length) == 0
      }
    }
    guard isKnown else { throw Errno(code: errno) }
    return UInt16(bigEndian: address.sin_port)
  }
}
