/// The version of the program.
enum Version {
  /// By Semantic Versioning.
  static let current = "0.1.0"
}
