/// One header line of an HTTP head.
public struct HTTPHeader: Equatable, Sendable {
  /// The name as it was written; names compare without regard to case.
  public let name: String
  /// The value without the white space around it. Bytes that are not UTF-8 are replaced.
  public let value: String

  /// A header line.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
