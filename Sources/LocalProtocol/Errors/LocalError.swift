import Bytes

/// An error as a local program gets it (local protocol, section 3). Made by the constructors, one per row of the table.
package struct LocalError: Error, Equatable, Sendable {
  /// The row of the table: integer code and exit status.
  package var row: Row

  /// The string in `data.code`.
  package var code: String

  /// What happened, without the code in front.
  package var text: String

  /// Who says so.
  package var source: Source

  /// Whether the same request may succeed later without a change.
  package var isRetryable: Bool

  /// Further members of `data`, in order.
  package var details: [Detail]

  /// An error of any row; what is left out is the row's usual.
  package init(
    _ row: Row, code: String? = nil, _ text: String, source: Source = .iiid, isRetryable: Bool? = nil,
    details: [Detail] = []
  ) {
    self.row = row
    self.code = code ?? row.code
    self.text = text
    self.source = source
    self.isRetryable = isRetryable ?? row.isRetryable
    self.details = details
  }

  /// The `message`: the code, a colon, the text.
  package var message: String { "\(code): \(text)" }

  /// The error with a further member of `data`.
  package func with(_ name: String, _ value: Detail.Value) -> LocalError {
    var error = self
    error.details.append(Detail(name: name, value: value))
    return error
  }

  /// The error line for an answer that cannot be used: which one it was is told by `in_reply_to`, its id's JSON token,
  /// since the line's own id is null. Ids that cannot be given back are left out.
  package func inReplyTo(_ id: Range<Int>?, in text: Span<UInt8>) -> LocalError {
    guard let id, id.count <= RequestID.longest + 2 else { return self }
    for index in id where text[index] < 0x20 { return self }
    guard let token = String(utf8: text.extracting(id)) else { return self }
    return with("in_reply_to", .json(token))
  }
}

extension LocalError {
  /// One further member of `data`.
  package struct Detail: Equatable, Sendable {
    /// A value that an error can carry.
    package enum Value: Equatable, Sendable {
      /// An integer.
      case integer(Int)
      /// A string.
      case string(String)
      /// `true` or `false`.
      case boolean(Bool)
      /// An array of strings.
      case strings([String])
      /// A JSON text that is written as it stands; it must fit on one line.
      case json(String)
    }

    /// The member's name.
    package var name: String
    /// The member's value.
    package var value: Value

    /// A member.
    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }
}
