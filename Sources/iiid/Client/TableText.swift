import III

/// Rows of JSON objects as a table for people: a head, and columns as wide as their widest entry.
struct TableText {
  private let columns: [String]
  private let rows: [[String]]

  /// - Parameters:
  ///   - rows: The objects.
  ///   - columns: Which of their members are shown; the first one tells a row from others.
  init(_ rows: [JSON], columns: [String]) {
    self.columns = columns
    self.rows = rows.map { row in columns.map { Self.cell(row[$0]) } }
  }

  /// The table.
  var text: String {
    let lines = [columns.map { $0.uppercased() }] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      var text = ""
      for (cell, width) in zip(line.dropLast(), widths) {
        text += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      return text + (line.last ?? "") + "\n"
    }.joined()
  }

  /// The first column without its head, a line each.
  var ids: String { rows.map { $0[0] + "\n" }.joined() }

  /// A value in as few characters as it needs; what is not there is a dash, so that columns can be counted.
  private static func cell(_ value: JSON?) -> String {
    guard let value, !value.isNull else { return "-" }
    if let elements = value.elements {
      return elements.isEmpty ? "-" : elements.map { cell($0) }.joined(separator: ",")
    }
    let text = (value.string ?? value.text).printable
    return text.isEmpty ? "-" : text
  }
}
