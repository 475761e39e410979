import CSystemd
import Glibc
import Transport

/// The socket's file: who listens behind it, and who may use it.
enum UnixSocketFile {
  /// The process that listens at `path`; nil when nobody does or it cannot be told.
  ///
  /// The corresponding C functions are `connect` and `getsockopt` with SO_PEERCRED, which gives the one that called `listen`.
  static func listeningProcess(at path: String) -> Int32? {
    let number = socket(AF_UNIX, CInt(iiid_unix_stream_socket), 0)
    guard number >= 0 else { return nil }
    let descriptor = Descriptor(owning: number)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor.number, $0, size)
      }
    }
    guard connected == 0 else { return nil }
    var peer = iiid_listening_process()
    var length = socklen_t(MemoryLayout<iiid_listening_process>.size)
    guard unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer.pid > 0 else {
      return nil
    }
    return peer.pid
  }

  /// Gives the file to `group`; its owner and mode stay. The corresponding C function is `chown`.
  static func give(_ path: String, toGroup group: UInt32) throws(Errno) {
    guard unsafe chown(path, uid_t.max, group) == 0 else { throw Errno(code: errno) }
  }

  /// The number of the group `name`, which may be a number itself; nil when there is none.
  ///
  /// The corresponding C function is `getgrnam_r`, which may ask the network: not to be called on the loop.
  static func group(named name: String) -> UInt32? {
    if let number = UInt32(name) { return number }
    var entry = unsafe Glibc.group()
    var buffer = [CChar](repeating: 0, count: 4096)
    while true {
      var found: UnsafeMutablePointer<Glibc.group>?
      let code = unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &found)
      // A group of many members.
      guard code == ERANGE, buffer.count < 16 << 20 else { return unsafe found == nil ? nil : entry.gr_gid }
      buffer = [CChar](repeating: 0, count: buffer.count * 2)
    }
  }
}
