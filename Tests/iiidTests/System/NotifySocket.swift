import Foundation
import Glibc
import Testing

/// The service manager's end: a datagram socket that `NOTIFY_SOCKET` of this process names.
final class NotifySocket {
  private let path = "/tmp/iiid-notify-\(UUID().uuidString.prefix(8))"
  private let socket: CInt

  init() throws {
    socket = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    try #require(socket >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    unsafe setenv("NOTIFY_SOCKET", path, 1)
  }

  deinit {
    close(socket)
    unsafe unlink(path)
  }

  /// The datagrams that have come.
  func heard() -> [String] {
    var texts: [String] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe recv(socket, &bytes, bytes.count, 0)
      guard count >= 0 else { return texts }
      texts.append(String(decoding: bytes[..<count], as: UTF8.self))
    }
  }
}
