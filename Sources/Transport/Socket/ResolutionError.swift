/// Why a name has no address: the C library's words.
struct ResolutionError: Error, Equatable {
  let text: String
}
