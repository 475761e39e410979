/// A step of a coding path that is no key of a program's own type: the name of a member, or an element's index.
enum PathKey: CodingKey {
  case name(String)
  case index(Int)

  /// The key of the value a class's superclass is in.
  static var superclass: PathKey { .name("super") }

  init?(stringValue: String) { self = .name(stringValue) }

  init?(intValue: Int) { self = .index(intValue) }

  var stringValue: String {
    switch self {
    case .name(let name): name
    case .index(let index): "Index \(index)"
    }
  }

  var intValue: Int? {
    switch self {
    case .name(let name): Int(name)
    case .index(let index): index
    }
  }
}
