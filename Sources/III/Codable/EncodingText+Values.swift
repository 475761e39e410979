import Bytes
import RawJSON

extension EncodingText {
  /// Writes `value` as the value that is open; nothing of it stays when it throws.
  @inline(__always)
  func write<Value: Encodable>(_ value: Value, level: Int) throws {
    let partCount = parts.count
    do {
      if try writeScalar(value, key: nil) {
        scopes[level].shape = .scalar
      } else {
        try value.encode(to: ValueEncoder(text: self, level: level, serial: scopes[level].serial))
      }
    } catch {
      drop(to: level, parts: partCount, bytes: scopes[level].start)
      scopes[level].shape = .nothing
      scopes[level].count = 0
      throw error
    }
  }

  /// Writes `value` as a member or element of the value that is open; nothing of it stays when it throws.
  @inline(__always)
  func add<Value: Encodable>(_ value: Value, name: String?, _ key: @autoclosure () -> any CodingKey) throws {
    let level = scopes.count - 1
    let start = buffer.count
    let partCount = parts.count
    separate(level, name)
    do {
      if try !writeScalar(value, key: key()) {
        open(key())
        try value.encode(to: ValueEncoder(text: self, level: level + 1, serial: scopes[level + 1].serial))
        if hasFailed, let failure { throw failure }
        close()
      }
      scopes[level].count += 1
    } catch {
      drop(to: level, parts: partCount, bytes: start)
      throw error
    }
  }

  private func drop(to level: Int, parts partCount: Int, bytes: Int) {
    scopes.removeLast(scopes.count - 1 - level)
    parts.removeLast(parts.count - partCount)
    buffer.truncate(to: bytes)
  }

  /// Puts a text of its own as a member or element of the value that is open; one of the same name in the same object
  /// is the same text.
  func addText(_ key: any CodingKey, name: String?) -> EncodingText {
    let level = scopes.count - 1
    let partName = name.map { PartName(serial: scopes[level].serial, name: $0) }
    // One that was dropped again has left its place behind.
    if let partName, let place = places[partName], place < parts.count, parts[place].name == partName {
      return parts[place].text
    }
    separate(level, name)
    scopes[level].count += 1
    let text = EncodingText(userInfo: userInfo, path: path(to: level, key), outside: outside + scopes.count)
    if let partName { places[partName] = parts.count }
    parts.append(Part(offset: buffer.count, name: partName, text: text))
    return text
  }

  /// What stands before a member or element.
  @inline(__always)
  private func separate(_ level: Int, _ name: String?) {
    if scopes[level].count > 0 { buffer.append(UInt8(ascii: ",")) }
    guard let name else { return }
    buffer.append(jsonString: name)
    buffer.append(UInt8(ascii: ":"))
  }

  /// Writes a value that is not made of others; false when it is.
  ///
  /// The comparisons of types are gone where the compiler knows the type.
  @inline(__always)
  private func writeScalar<Value: Encodable>(
    _ value: Value, key: @autoclosure () -> (any CodingKey)?
  ) throws -> Bool {
    if Value.self == String.self, let string = value as? String {
      buffer.append(jsonString: string)
    } else if Value.self == Int.self, let integer = value as? Int {
      buffer.append(integer: integer)
    } else if Value.self == Bool.self, let boolean = value as? Bool {
      buffer.append(boolean ? "true" : "false")
    } else if Value.self == Double.self, let number = value as? Double {
      guard number.isFinite else { throw notFinite(number, key()) }
      buffer.append(number.description)
    } else if Value.self == JSON.self, let json = value as? JSON {
      // Only an object or array, perhaps behind white space, has levels.
      if let first = json.utf8.first, first <= 0x20 || first | 0x20 == UInt8(ascii: "{") { holdsRaw = true }
      buffer.append(json.utf8.span)
    } else if Value.self == [UInt8].self, let bytes = value as? [UInt8] {
      write(bytes) { buffer.append(integer: Int($0)) }
    } else if Value.self == [String].self, let strings = value as? [String] {
      write(strings) { buffer.append(jsonString: $0) }
    } else if Value.self == [Double].self, let numbers = value as? [Double], numbers.allSatisfy(\.isFinite) {
      // One that is not finite goes the long way, so that the error has its path.
      write(numbers) { buffer.append($0.description) }
    } else if Value.self == [Int].self, let integers = value as? [Int] {
      write(integers) { buffer.append(integer: $0) }
    } else if Value.self == Float.self, let number = value as? Float {
      guard number.isFinite else { throw notFinite(number, key()) }
      buffer.append(number.description)
    } else {
      return writeInteger(value)
    }
    return true
  }

  /// Writes an integer of another size; false when `value` is none.
  @inline(__always)
  private func writeInteger<Value: Encodable>(_ value: Value) -> Bool {
    if Value.self == Int64.self, let integer = value as? Int64 {
      buffer.append(integer: Int(integer))
    } else if Value.self == Int32.self, let integer = value as? Int32 {
      buffer.append(integer: Int(integer))
    } else if Value.self == Int16.self, let integer = value as? Int16 {
      buffer.append(integer: Int(integer))
    } else if Value.self == Int8.self, let integer = value as? Int8 {
      buffer.append(integer: Int(integer))
    } else if Value.self == UInt8.self, let integer = value as? UInt8 {
      buffer.append(integer: Int(integer))
    } else if Value.self == UInt16.self, let integer = value as? UInt16 {
      buffer.append(integer: Int(integer))
    } else if Value.self == UInt32.self, let integer = value as? UInt32 {
      buffer.append(integer: Int(integer))
    } else if Value.self == UInt64.self, let integer = value as? UInt64 {
      buffer.append(integer.description)
    } else if Value.self == UInt.self, let integer = value as? UInt {
      buffer.append(integer.description)
    } else if Value.self == Int128.self, let integer = value as? Int128 {
      buffer.append(integer.description)
    } else if Value.self == UInt128.self, let integer = value as? UInt128 {
      buffer.append(integer.description)
    } else {
      return false
    }
    return true
  }

  /// The elements of an array, each written by `element`: without a container and an encoder for each.
  @inline(__always)
  private func write<Element>(_ elements: [Element], _ element: (Element) -> Void) {
    buffer.append(UInt8(ascii: "["))
    for index in elements.indices {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      element(elements[index])
    }
    buffer.append(UInt8(ascii: "]"))
  }

  private func notFinite(_ number: any Encodable, _ key: (any CodingKey)?) -> EncodingError {
    .invalidValue(
      number,
      EncodingError.Context(codingPath: path(to: nil, key), debugDescription: "JSON has no number for \(number)"))
  }
}

// MARK: - Containers

extension EncodingText {
  /// Lets the value at `level` be an object or array; nil, with a failure noted, when it is something else already or
  /// lies too deep.
  func shape(_ level: Int, _ serial: Int, as shape: Shape) -> Bool {
    guard isOpen(level, serial) else { return false }
    if scopes[level].shape == shape { return true }
    guard scopes[level].shape == .nothing else {
      fail("the value is encoded already, as something else", at: path(to: level))
      return false
    }
    guard outside + scopes.count <= JSONEnvelope.deepestValue else {
      fail("an engine would not take nesting beyond \(JSONEnvelope.deepestValue) levels", at: path(to: level))
      return false
    }
    scopes[level].shape = shape
    buffer.append(shape == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    return true
  }

  /// Whether the value at `level` is the innermost one, and still the one that the caller began; else a failure is
  /// noted.
  @inline(__always)
  func isOpen(_ level: Int, _ serial: Int) -> Bool {
    if level == scopes.count &- 1, scopes[level].serial == serial { return !hasFailed }
    fail("a container was used while another value is encoded, or after its own was", at: path())
    return false
  }

  /// Throws what was noted.
  func check(_ level: Int, _ serial: Int) throws {
    if isOpen(level, serial) { return }
    if let failure { throw failure }
  }
}
