/// One value of what a function takes or returns, with the values in it (engine protocol, section 8.4).
public struct RegisterFunctionFormat: Sendable, Hashable {
  /// The kind of a value. Any other text is sent as it is.
  public struct Kind: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    /// What is sent.
    public var rawValue: String
    /// The kind of this name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The kind of this name.
    public init(stringLiteral name: String) { rawValue = name }

    /// A text.
    public static let string: Kind = "string"
    /// A number.
    public static let number: Kind = "number"
    /// True or false.
    public static let boolean: Kind = "boolean"
    /// Members with names that are known.
    public static let object: Kind = "object"
    /// Elements.
    public static let array: Kind = "array"
    /// Nothing.
    public static let null: Kind = "null"
    /// Members with any names.
    public static let map: Kind = "map"
  }

  /// What the value is called.
  public var name: String
  /// What kind it is; `type` on the wire.
  public var kind: Kind
  /// A sentence about it.
  public var description: String?
  /// The members of an object; nil is not sent.
  public var body: [RegisterFunctionFormat]?
  /// Whether it has to be there.
  public var required: Bool
  /// At most one: a struct cannot hold itself.
  private var element: [RegisterFunctionFormat]

  /// The elements of an array; nil is not sent.
  public var items: RegisterFunctionFormat? {
    get { element.first }
    set { element = newValue.map { [$0] } ?? [] }
  }

  /// A value; what is nil is not sent.
  public init(
    name: String, kind: Kind, description: String? = nil, body: [RegisterFunctionFormat]? = nil,
    items: RegisterFunctionFormat? = nil, required: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.description = description
    self.body = body
    self.required = required
    element = items.map { [$0] } ?? []
  }

  /// What is sent.
  var json: JSON {
    var members: [(String, JSON)] = [("name", JSON(name)), ("type", JSON(kind.rawValue))]
    if let description { members.append(("description", JSON(description))) }
    if let body { members.append(("body", JSON(body.map(\.json)))) }
    if let items { members.append(("items", items.json)) }
    members.append(("required", JSON(required)))
    return JSON(members: members)
  }
}
