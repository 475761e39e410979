/// The engine for development and tests.
package enum DevEngine {
  /// Its version, as lists of workers and `--version` tell it.
  package static let version = "0.1.0"
}
