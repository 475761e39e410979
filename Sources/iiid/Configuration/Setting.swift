/// A value of the configuration, and where it comes from.
struct Setting<Value> {
  var value: Value
  var origin: SettingOrigin

  init(_ value: Value, from origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }
}

extension Setting: Equatable where Value: Equatable {}
extension Setting: Sendable where Value: Sendable {}
