extension MethodDescription {
  static let ping = MethodDescription(
    .ping, "ping", "Answers at once.",
    result: "now: the daemon's clock in milliseconds since 1970",
    returns: .object(["now": .integer]),
    mayBeNotification: true)
}
