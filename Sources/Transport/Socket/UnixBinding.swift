import CUV
import Glibc

/// The path of a listening Unix socket: taken without a window, given back only when it is still ours.
///
/// Owned by a ``Listener``. Two processes that start at once are kept apart by a lock on `PATH.lock`, which lives as long
/// as the listener. A socket that is left over at the path is removed when connecting to it is refused; one that answers
/// (of a process that knows no lock, as a service manager) stays, and so does anything that is no socket.
///
/// The mode is never more than was asked for: the socket gets it before it is bound, so that the kernel makes the file with it (less the
/// umask), and the file gets it again before anybody can connect, which needs `listen`.
@safe final class UnixBinding {
  private let path: String
  private let lock: PathLock
  private let identity: FileIdentity

  /// Binds `socket` to `path`, with the permission bits `mode`.
  init(of socket: inout Descriptor, to path: String, mode: UInt32) throws(ListenerError) {
    self.path = path
    let number = socket.number
    try Self.makeDirectories(of: path)
    do throws(Errno) {
      lock = try PathLock(path: path + ".lock")
    } catch .wouldBlock {
      throw .inUse(path: path)
    } catch {
      throw .system(operation: "lock \(path).lock", error)
    }
    try Self.removeStale(path)
    guard let address = SocketAddress(unixPath: path) else {
      throw .pathTooLong(path: path, bytes: path.utf8.count)
    }
    do throws(Errno) {
      try systemCall { fchmod(number, mode) }
      try socket.bind(to: address)
      try systemCall { unsafe chmod(path, mode) }
      identity = try FileIdentity(path: path)
    } catch .addressInUse {
      throw .inUse(path: path)
    } catch {
      throw .system(operation: "listen on \(path)", error)
    }
  }

  /// Removes the socket when it is the one that was bound, then the lock.
  func remove() {
    if let there = try? FileIdentity(path: path), there == identity { _ = unsafe unlink(path) }
    lock.remove()
  }

  /// Makes the directories that are missing, with mode 0750: who may not enter the directory cannot reach the socket.
  private static func makeDirectories(of path: String) throws(ListenerError) {
    let bytes = Array(path.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
      let directory = String(decoding: bytes[..<index], as: UTF8.self)
      if unsafe mkdir(directory, 0o750) == 0 || errno == EEXIST { continue }
      // A directory above that is there and that we may not write into says EACCES or EROFS; the last one decides.
      var status = stat()
      if unsafe stat(directory, &status) == 0 { continue }
      throw .system(operation: "make directory \(directory)", .current)
    }
  }

  private static func removeStale(_ path: String) throws(ListenerError) {
    let identity: FileIdentity
    do throws(Errno) {
      identity = try FileIdentity(path: path)
    } catch .noSuchFile {
      return
    } catch {
      throw .system(operation: path, error)
    }
    guard identity.isSocket else { throw .notASocket(path: path) }
    do throws(Errno) {
      _ = try Descriptor.connected(toUnixPath: path)
      throw Errno.addressInUse
    } catch .connectionRefused {
      _ = unsafe unlink(path)
    } catch .noSuchFile {
      return
    } catch .addressInUse {
      throw .inUse(path: path)
    } catch .wouldBlock {
      // Its queue is full: somebody listens, and is busy.
      throw .inUse(path: path)
    } catch {
      throw .system(operation: "ask who listens on \(path)", error)
    }
  }
}
