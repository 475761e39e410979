/// Things that are gathered until there are enough of them, or the first has waited long enough.
///
/// Pure: time is an argument, in milliseconds.
struct Batch<Element> {
  /// The most elements.
  let limit: Int
  /// The most bytes, about.
  let sizeLimit: Int
  /// How long the first one waits, in milliseconds.
  let interval: Int
  private(set) var elements: [Element] = []
  private var size = 0
  /// When it is due; nil while it is empty.
  private(set) var deadline: Int?

  init(limit: Int, sizeLimit: Int = 1 << 20, interval: Int) {
    self.limit = limit
    self.sizeLimit = sizeLimit
    self.interval = interval
  }

  mutating func append(_ element: Element, size: Int, now: Int) {
    if deadline == nil { deadline = now + interval }
    elements.append(element)
    self.size += size
    if elements.count >= limit || self.size >= sizeLimit { deadline = now }
  }

  /// The elements, when it is due or `force` says so.
  mutating func take(now: Int, force: Bool = false) -> [Element] {
    guard let deadline, force || deadline <= now else { return [] }
    self.deadline = nil
    size = 0
    defer { elements = [] }
    return elements
  }
}
