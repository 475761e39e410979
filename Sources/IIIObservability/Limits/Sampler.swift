/// Which traces are followed at all: `OTEL_TRACES_SAMPLER` and its argument (OpenTelemetry's environment variables).
package struct Sampler: Sendable, Equatable {
  /// The part of the traces that begin here, 0 to 1.
  package var ratio = 1.0
  /// Whether a caller's decision counts more.
  package var followsParent = true

  package init() {}

  /// The sampler of that name; nil for one that there is not.
  ///
  /// - Parameters:
  ///   - name: As `parentbased_traceidratio`.
  ///   - argument: For the ratio ones: 0 to 1; 1 when it is no such number.
  package init?(name: String, argument: String?) {
    let prefix = "parentbased_"
    followsParent = name.hasPrefix(prefix)
    switch followsParent ? String(name.dropFirst(prefix.count)) : name {
    case "always_on": ratio = 1
    case "always_off": ratio = 0
    case "traceidratio":
      let given = argument.flatMap(Double.init) ?? 1
      ratio = given.isNaN ? 1 : min(1, max(0, given))
    default: return nil
    }
  }

  /// Whether a trace is followed: by its id, so that all who use a ratio agree.
  package func samples(traceLow: UInt64, parentIsSampled: Bool?) -> Bool {
    if followsParent, let parentIsSampled { return parentIsSampled }
    if ratio >= 1 { return true }
    return Double(traceLow >> 1) < ratio * 9_223_372_036_854_775_808
  }
}
