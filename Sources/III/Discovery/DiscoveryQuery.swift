/// The argument of a question about what there is: only what was said, because engines decode strictly and older ones
/// know less.
struct DiscoveryQuery {
  /// An object, never null.
  let json: JSON

  init(_ members: (String, String?)..., includesInternal: Bool = false) {
    var said: [(String, JSON)] = []
    for case (let name, let value?) in members { said.append((name, JSON(value))) }
    if includesInternal { said.append(("include_internal", true)) }
    json = JSON(members: said)
  }
}
