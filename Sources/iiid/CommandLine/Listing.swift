/// What `iiid list` can list.
enum Listing: String, CaseIterable, Sendable {
  case functions
  case workers
  case triggers
  case triggerTypes = "trigger-types"
}
