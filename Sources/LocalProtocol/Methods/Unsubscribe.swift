import RawJSON

extension MethodDescription {
  static let unsubscribe = MethodDescription(
    .unsubscribe, "unsubscribe", "Ends a subscription of this connection.",
    parameters: [
      Parameter(
        "subscription_id", .integer(1...Int(Int32.max)), isRequired: true, "The subscription, as subscribe named it.")
    ],
    result: "removed: whether there was such a subscription",
    returns: .removed)
}

/// The arguments of `unsubscribe`.
package struct UnsubscribeParameters: Sendable {
  enum Slot: Int { case subscriptionID }

  /// The subscription.
  package let subscriptionID: Int

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    subscriptionID = ArgumentValues(.unsubscribe, arguments).integer(Slot.subscriptionID, reader, text)
  }
}
