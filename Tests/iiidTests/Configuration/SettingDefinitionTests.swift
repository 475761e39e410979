import Foundation
import Testing

@testable import iiid

@Suite("The table of settings")
struct SettingDefinitionTests {
  private static func file(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test
  func namesAreUnique() {
    let rows = SettingDefinition.all
    #expect(Set(rows.map(\.name)).count == rows.count)
    for names in [rows.compactMap(\.variable), rows.compactMap(\.option)] { #expect(Set(names).count == names.count) }
  }

  /// What `iiid config` prints can be read back, and means the same.
  @Test(arguments: SettingDefinition.all.map(\.name))
  func defaultsAreValues(name: String) throws {
    let row = try #require(SettingDefinition.all.first { $0.name == name })
    let usual = ServeConfiguration()
    guard row.kind.argument != nil, let text = row.kind.text(usual) else { return }
    var read = ServeConfiguration()
    try row.kind.set(text, &read)
    #expect(read == usual)
    for choice in row.kind.choices { try row.kind.set(choice, &read) }
  }

  @Test
  func everyRowSaysWhatItIs() {
    for row in SettingDefinition.all {
      #expect(!row.summary.isEmpty && row.summary.last != ".")
      #expect(row.kind.argument == nil || row.fallbackText != nil || row.section == nil, "\(row.name)")
      #expect(
        row.key.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    }
  }

  /// The file that is installed holds every row, commented out with its default, and nothing else.
  @Test
  func theInstalledFileIsTheTable() throws {
    let text = try Self.file("contrib/config/iiid.conf")
    var expected: [String] = []
    for section in SettingDefinition.sections {
      expected += ["", "[\(section)]"]
      for row in SettingDefinition.all where row.section == section {
        let choices = row.kind.choices.isEmpty ? "" : ": " + row.kind.choices.joined(separator: ", ")
        expected.append("# \(row.summary)\(choices)" + (row.fallback.map { " (else \($0))" } ?? ""))
        let value = row.kind.text(ServeConfiguration())
        expected.append("#\(row.key) =" + (value.map { " \($0)" } ?? ""))
      }
    }
    let lines = text.components(separatedBy: "\n")
    #expect(Array(lines.drop { !$0.isEmpty }) == expected + [""])
    let commented = lines.prefix { !$0.isEmpty }
    #expect(commented.allSatisfy { $0.hasPrefix("#") })
  }

  /// With the comment signs taken off, the installed file is a configuration that changes nothing.
  @Test
  func theInstalledFileCanBeRead() throws {
    let text = try Self.file("contrib/config/iiid.conf")
    let lines = text.components(separatedBy: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") && !line.hasSuffix("=") ? String(line.dropFirst()) : line
    }
    var sources = SettingSources(commandLine: ParsedCommandLine(command: .serve), environment: [:], userID: 0)
    sources.files = [INIParser.parse("f", Array(lines.joined(separator: "\n").utf8))]
    var configuration = try ServeConfiguration(reading: sources)
    #expect(configuration.origins.count > 10)
    configuration.origins = [:]
    configuration.files = []
    configuration.socketPath = ""
    #expect(configuration == ServeConfiguration())
  }

  /// The manual page has an entry for each row, in order, with its default, its variable and when a change counts.
  @Test
  func theManualPageIsTheTable() throws {
    let sections = try Self.file("man/iiid.conf.5").components(separatedBy: ".Ss Section ").dropFirst()
    #expect(sections.map { $0.prefix { $0 != "\n" } }.map(String.init) == SettingDefinition.sections)
    for (section, name) in zip(sections, SettingDefinition.sections) {
      let rows = SettingDefinition.all.filter { $0.section == name }
      let end = section.components(separatedBy: "\n.Sh ")[0]
      let entries = end.components(separatedBy: "\n.It Cm ")
      let heads = entries.dropFirst().map { $0.prefix { $0 != "\n" } }.map(String.init)
      #expect(heads == rows.map { "\($0.key) No = Ar \($0.kind.argument ?? "")" })
      for (entry, row) in zip(entries.dropFirst(), rows) {
        if let value = row.kind.text(ServeConfiguration()) { #expect(entry.contains(value), "\(row.name)") }
        if let variable = row.variable { #expect(entry.contains(".Ev \(variable)"), "\(row.name)") }
        let word =
          switch row.effect {
          case .now: "Counts at once."
          case .reconnect: "Counts with the next connection."
          case .restart: "Counts after a restart."
          }
        #expect(entry.contains(word), "\(row.name)")
      }
    }
  }
}
