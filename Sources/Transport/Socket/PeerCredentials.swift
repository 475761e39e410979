/// Who is at the other end of a Unix socket, as the kernel saw it when the connection was made.
package struct PeerCredentials: Equatable, Sendable {
  /// The peer's process, in the pid namespace of the caller; 0 when it is not visible there.
  package var processID: Int32
  /// The effective user.
  package var userID: UInt32
  /// The effective group.
  package var groupID: UInt32
  /// The supplementary groups.
  package var groups: [UInt32]

  package init(processID: Int32, userID: UInt32, groupID: UInt32, groups: [UInt32]) {
    self.processID = processID
    self.userID = userID
    self.groupID = groupID
    self.groups = groups
  }

  /// Whether `group` is among the peer's groups.
  package func isMember(of group: UInt32) -> Bool { groupID == group || groups.contains(group) }
}
