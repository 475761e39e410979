/// Whose an end of a channel is: the connection that opened it, which may be gone, and its user.
struct ChannelHolder: Hashable {
  let client: ClientID
  let user: UInt32
}
