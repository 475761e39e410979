/// In our own coders a ``JSON`` is taken over as it is, and never comes here; this is for the coders of others.
extension JSON: Codable {
  /// The value, out of the decoder of some other format.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: PathKey.self) {
      var members: [(String, JSON)] = []
      for key in container.allKeys { members.append((key.stringValue, try container.decode(JSON.self, forKey: key))) }
      self.init(members: members)
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSON] = []
      while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
      self.init(elements)
    } else {
      self = try JSON(scalar: decoder.singleValueContainer())
    }
  }

  private init(scalar container: any SingleValueDecodingContainer) throws {
    if container.decodeNil() {
      self = .null
    } else if let boolean = try? container.decode(Bool.self) {
      self.init(boolean)
    } else if let integer = try? container.decode(Int.self) {
      self.init(integer)
    } else if let integer = try? container.decode(UInt64.self) {
      self = try JSON(encoding: integer)
    } else if let number = try? container.decode(Double.self) {
      self = try JSON(encoding: number)
    } else {
      self.init(try container.decode(String.self))
    }
  }

  /// The value, with the encoder of some other format.
  public func encode(to encoder: any Encoder) throws {
    if let elements {
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    } else if let members {
      var container = encoder.container(keyedBy: PathKey.self)
      for (name, value) in members { try container.encode(value, forKey: .name(name)) }
    } else {
      var container = encoder.singleValueContainer()
      if isNull {
        try container.encodeNil()
      } else if let boolean {
        try container.encode(boolean)
      } else if let string {
        try container.encode(string)
      } else if let integer {
        try container.encode(integer)
      } else if let integer = try? decode(UInt64.self) {
        try container.encode(integer)
      } else {
        try container.encode(decode(Double.self))
      }
    }
  }
}
