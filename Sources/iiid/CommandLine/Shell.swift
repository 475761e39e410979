/// A shell that completions can be made for.
enum Shell: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish
}
