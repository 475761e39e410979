/// What `iiid outbox` can do with the calls that the daemon keeps on disk.
enum OutboxAction: String, CaseIterable, Sendable {
  case list
  case retry
  case drop
}
