import Glibc

/// One open file descriptor; closed when its owner lets it go.
package struct Descriptor: ~Copyable, Sendable {
  /// The number, for system calls; valid while this value lives.
  package let number: CInt

  /// Takes the ownership of an open descriptor.
  package init(owning number: CInt) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Gives the number up without closing it.
  package consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }
}
