import CUV
import Glibc

extension SocketStream {
  /// Who connected, on a Unix socket.
  ///
  /// The corresponding C function is `getsockopt` with SO_PEERCRED and SO_PEERGROUPS.
  package func peerCredentials() throws(Errno) -> PeerCredentials {
    guard let number = descriptor?.number else { throw .badDescriptor }
    var credentials = iiid_credentials()
    var length = socklen_t(MemoryLayout<iiid_credentials>.size)
    try systemCall { unsafe getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) }
    return PeerCredentials(
      processID: credentials.pid, userID: credentials.uid, groupID: credentials.gid,
      groups: try Self.peerGroups(number))
  }

  private static func peerGroups(_ number: CInt) throws(Errno) -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: 32)
    while true {
      var length = socklen_t(groups.count * MemoryLayout<gid_t>.size)
      let result = unsafe getsockopt(number, SOL_SOCKET, SO_PEERGROUPS, &groups, &length)
      let count = Int(length) / MemoryLayout<gid_t>.size
      if result == 0 { return Array(groups.prefix(count)) }
      // The kernel has written how much room it needs.
      guard errno == ERANGE, count > groups.count else { throw .current }
      groups = [UInt32](repeating: 0, count: count)
    }
  }
}
