import Glibc

/// A C array of C strings with a null pointer at its end, as `execve` takes it; valid while this object lives.
@safe final class CStrings {
  private let count: Int
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  init(_ strings: [String]) {
    count = strings.count
    unsafe pointer = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() { unsafe (pointer + index).initialize(to: strdup(string)) }
    unsafe (pointer + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { unsafe free(pointer[index]) }
    unsafe pointer.deallocate()
  }
}
