/// One configuration file, read: its settings with their lines, and what is wrong with its form.
///
/// What its sections and keys mean is the table's to know: ``SettingDefinition``.
struct ConfigurationFile: Equatable, Sendable {
  /// One `key = value`, or one `[section]`.
  struct Entry: Equatable, Sendable {
    var line: Int
    /// Empty before the first section.
    var section: String
    /// Nil for the line that begins the section.
    var key: String?
    var value = ""
  }

  /// What is wrong with a line.
  struct Problem: Equatable, Sendable {
    var line: Int
    /// What is wrong, and what to do.
    var text: String
  }

  /// Its path, as it was named.
  let path: String
  /// In the order of the file.
  var entries: [Entry] = []
  /// In the order of the file.
  var problems: [Problem] = []
  /// Whether users other than its owner and group may read it.
  var isExposed = false
  /// Whether users other than its owner and group may write it.
  var isOpen = false
}
