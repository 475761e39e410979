/// One `bind_trigger` or `unbind_trigger` request that its provider has not answered.
struct BindingRecord {
  /// How long a provider may take to answer, in milliseconds; an engine waits as long for it.
  static let limit = 10_000

  let client: ClientID
  /// The number in the id `d<serial>` of the request.
  let serial: Int
  let triggerID: String
}

extension BindingRecord: SlabElement {
  static var vacant: BindingRecord { BindingRecord(client: .none, serial: 0, triggerID: "") }
}
