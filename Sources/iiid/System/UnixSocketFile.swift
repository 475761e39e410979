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
    guard connect(descriptor, to: path) == nil else { return nil }
    var peer = iiid_listening_process()
    var length = socklen_t(MemoryLayout<iiid_listening_process>.size)
    guard unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer.pid > 0 else {
      return nil
    }
    return peer.pid
  }

  /// Connects a socket to whoever listens at `path`; why not, or nil when it is done.
  ///
  /// The corresponding C function is `connect`.
  static func connect(_ descriptor: borrowing Descriptor, to path: String) -> Errno? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return .nameTooLong }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let number = descriptor.number
    while true {
      let result = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.connect(number, $0, size) }
      }
      if result == 0 { return nil }
      let error = Errno(code: errno)
      if error != .interrupted { return error }
    }
  }

  /// Whether there is something at `path`, which may be on the other side of a directory that we may not enter.
  ///
  /// The corresponding C function is `stat`.
  static func mayBeAt(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 || errno == EACCES
  }

  /// The name of the group that the file belongs to, or its number; nil when the file cannot be seen.
  ///
  /// The corresponding C functions are `stat` and `getgrgid`.
  static func groupName(of path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    guard let entry = unsafe getgrgid(status.st_gid), let name = unsafe entry.pointee.gr_name else {
      return String(status.st_gid)
    }
    return unsafe String(cString: name)
  }

  /// Whether the file is a socket. The corresponding C function is `stat`.
  static func isSocket(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
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
