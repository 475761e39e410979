/// Types of every shape that a program may encode.
enum Zoo {
  struct Plain: Codable, Equatable {
    var text: String
    var count: Int
    var ratio: Double
    var flag: Bool
    var note: String?
    var list: [Int]
    var table: [String: Double]
  }

  struct Integers: Codable, Equatable {
    var a: Int8, b: Int16, c: Int32, d: Int64, e: Int
    var f: UInt8, g: UInt16, h: UInt32, i: UInt64, j: UInt
  }

  indirect enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
    case pair(Shape, Shape)
    case named(String, inside: Shape?)
  }

  enum Color: String, Codable, CaseIterable { case red, green = "GRÜN" }

  struct Tree: Codable, Equatable {
    var name: String
    var children: [Tree] = []
  }

  struct Optionals: Codable, Equatable {
    var some: Int?
    var none: Int?
    var nested: [Int?]
    var deep: [String: [String: Int?]]
  }

  /// Writes null where a synthesized type leaves the member out.
  struct ExplicitNull: Codable, Equatable {
    var value: Int?
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(value, forKey: .value)
    }
  }

  class Animal: Codable {
    var legs = 4
  }

  /// Puts its superclass under `super`.
  final class Dog: Animal {
    var name = "Rex"
    enum CodingKeys: CodingKey { case name }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try super.encode(to: container.superEncoder())
      try container.encode(name, forKey: .name)
    }
  }

  /// Shares the object with its superclass.
  final class Cat: Animal {
    var lives = 9
    enum CodingKeys: CodingKey { case lives }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
      lives = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .lives)
      try super.init(from: decoder)
    }
    override func encode(to encoder: any Encoder) throws {
      try super.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(lives, forKey: .lives)
    }
  }

  /// Fills nested containers out of order, and one of them twice.
  struct Scrambled: Codable, Equatable {
    enum Keys: String, CodingKey { case outer, list, other, x, y }
    var x = 1, y = 2, other = 3, list = [[4, 5], [6]]
    init() {}
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      let outer = try container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      x = try outer.decode(Int.self, forKey: .x)
      y = try outer.decode(Int.self, forKey: .y)
      other = try container.decode(Int.self, forKey: .other)
      var rows = try container.nestedUnkeyedContainer(forKey: .list)
      list = []
      while !rows.isAtEnd {
        var row = try rows.nestedUnkeyedContainer()
        var numbers: [Int] = []
        while !row.isAtEnd { numbers.append(try row.decode(Int.self)) }
        list.append(numbers)
      }
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      var outer = container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      var rows = container.nestedUnkeyedContainer(forKey: .list)
      try container.encode(other, forKey: .other)
      for row in list {
        var numbers = rows.nestedUnkeyedContainer()
        for number in row { try numbers.encode(number) }
      }
      try outer.encode(y, forKey: .y)
      var again = container.nestedContainer(keyedBy: Keys.self, forKey: .outer)
      try again.encode(x, forKey: .x)
    }
  }

  /// Encodes nothing at all.
  struct Nothing: Codable, Equatable {
    init() {}
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws {}
  }

  struct HoldsNothing: Codable, Equatable {
    var nothing = Nothing()
    var list = [Nothing(), Nothing()]
  }

  /// Survives a member that cannot be encoded.
  struct Catching: Encodable {
    enum Keys: CodingKey { case bad, good }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try? container.encode([[1, 2], [.infinity]], forKey: .bad)
      try container.encode(1, forKey: .good)
    }
  }

  /// Reads the same name from the decoder in every way.
  struct Defaults: Decodable, Equatable {
    enum Keys: CodingKey { case value }
    var hasValue: Bool, isNull: Bool?, value: Int?
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      hasValue = container.contains(.value)
      isNull = try? container.decodeNil(forKey: .value)
      value = try container.decodeIfPresent(Int.self, forKey: .value)
    }
  }

  struct SuperOrNull: Decodable, Equatable {
    enum Keys: CodingKey { case other }
    var isNull: Bool, path: [String]
    init(from decoder: any Decoder) throws {
      let upper = try decoder.container(keyedBy: Keys.self).superDecoder()
      isNull = try upper.singleValueContainer().decodeNil()
      path = []
    }
  }
}
