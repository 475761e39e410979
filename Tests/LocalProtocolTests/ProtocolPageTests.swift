import Foundation
import LocalProtocol
import RawJSON
import Testing

/// `docs/protocol.md` says what the table says, and its lines are understood and answered as printed.
@Suite struct ProtocolPageTests {
  let lines: [String]

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let page = try String(contentsOf: root.appending(path: "docs/protocol.md"), encoding: .utf8)
    lines = page.components(separatedBy: "\n")
  }

  /// The cells of the rows of all tables in `lines`.
  private func rows(_ lines: some Sequence<String>) -> [[String]] {
    lines.filter { $0.hasPrefix("| ") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func code(_ cell: String) -> String? {
    guard cell.hasPrefix("`"), cell.hasSuffix("`"), cell.count > 2 else { return nil }
    return String(cell.dropFirst().dropLast())
  }

  /// The lines under the heading that begins with `heading`, up to the next one of the same or a higher level.
  private func section(_ heading: String) -> [String] {
    let level = heading.prefix { $0 == "#" }
    guard let start = lines.firstIndex(where: { $0.hasPrefix(heading) }) else { return [] }
    return Array(
      lines[(start + 1)...].prefix { line in
        let own = line.prefix { $0 == "#" }
        return own.isEmpty || own.count > level.count
      })
  }

  @Test func methodsAndParameters() {
    let headings = section("## 5.").filter { $0.hasPrefix("### `") }
    #expect(headings == MethodTable.rows.map { "### `\($0.name)`" })
    for row in MethodTable.rows {
      let text = section("### `\(row.name)`")
      #expect(text.contains { $0.contains("*Also as a notification") } == row.mayBeNotification, "\(row.name)")
      #expect(text.contains { $0.contains("*Not in a batch.*") } == !row.isAllowedInBatch, "\(row.name)")
      #expect(
        text.contains { $0.contains("*Only for root and the daemon's own user.*") } == row.isAdministrative,
        "\(row.name)")
      let parameters = rows(text).filter { $0.count == 4 && code($0[0]) != nil }
      #expect(parameters.compactMap { code($0[0]) } == row.parameters.map(\.name), "\(row.name)")
      for (cells, parameter) in zip(parameters, row.parameters) {
        let expected: String =
          switch parameter.standard {
          case _ where parameter.isRequired: "required"
          case .integer(let value): "\(value)"
          case .boolean(let value): "\(value)"
          case .string(let value): value
          case nil: "–"
          }
        #expect(cells[2] == expected, "\(row.name).\(parameter.name)")
        if case .integer(let range) = parameter.kind, range.upperBound < Int(Int32.max), range.count > 1 {
          #expect(cells[1] == "integer, \(range.lowerBound) to \(range.upperBound)", "\(row.name).\(parameter.name)")
        }
      }
    }
  }

  @Test func errors() {
    let table = rows(section("### 9.1")).filter { $0.count == 4 && Int($0[0]) != nil }
    #expect(table.compactMap { Int($0[0]) } == LocalError.Row.allCases.map(\.number))
    for (cells, row) in zip(table, LocalError.Row.allCases) {
      #expect(cells[1].contains("`\(row.code)`"), "\(row)")
      #expect(cells[3] == "\(row.exitStatus)", "\(row)")
    }
  }

  /// Every line of the transcripts is JSON; what a client sends is understood, or refused with the line that is printed.
  @Test func transcripts() throws {
    var isTranscript = false
    let exchange = lines.filter { line in
      if line.hasPrefix("```") { isTranscript = line == "```transcript" }
      return isTranscript && !line.hasPrefix("```")
    }
    #expect(exchange.count > 40)
    for (index, line) in exchange.enumerated() {
      let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
      try #require(parts.count == 3)
      guard parts[1] == "→" else {
        var envelope = JSONEnvelope()
        try envelope.scan(parts[2].utf8.span)
        #expect(envelope.violation == nil)
        if envelope.root == .object { #expect(parts[2].hasPrefix("{\"jsonrpc\":\"2.0\",")) }
        continue
      }
      let script = Script(parts[2])
      if script.error != nil {
        try #require(index + 1 < exchange.count)
        #expect("\(parts[0]) ← " + script.outcome == exchange[index + 1] + "\n")
      }
    }
  }
}
