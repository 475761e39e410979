import Glibc

extension SocketAddress {
  /// Whether an IP address is of this host or of a network of its own, so that nothing in the public network has it:
  /// loopback, private, link-local, shared, documentation, multicast and unspecified addresses; an IPv4 address within an
  /// IPv6 one counts as itself. False for a Unix path.
  package var isPrivate: Bool {
    switch domain {
    case AF_INET: Self.isPrivate(bytes(4..<8)[...])
    case AF_INET6: Self.isPrivate(bytes(8..<24)[...])
    default: false
    }
  }

  /// The address that stands at `pointer`, of `length` bytes, as C has it in a `sockaddr`.
  package init(bytes pointer: UnsafeRawPointer, length: Int) {
    unsafe self.init(pointer.assumingMemoryBound(to: sockaddr.self), length: socklen_t(clamping: length))
  }

  private func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe withPointer { pointer, length in
      unsafe Array(UnsafeRawBufferPointer(start: pointer, count: max(Int(length), range.upperBound))[range])
    }
  }

  /// Four bytes are an IPv4 address, sixteen an IPv6 one. RFC 6890 and, for sharing, RFC 6598.
  private static func isPrivate(_ address: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(address)
    guard bytes.count == 16 else {
      switch (bytes[0], bytes[1], bytes[2]) {
      case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): return true
      case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): return true
      case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113), (198, 18...19, _): return true
      default: return false
      }
    }
    let zeros = bytes.prefix { $0 == 0 }.count
    // ::a.b.c.d with :: and ::1 among them, ::ffff:a.b.c.d, and 64:ff9b::a.b.c.d (RFC 6052).
    if zeros >= 12 || (zeros == 10 && bytes[10] == 0xff && bytes[11] == 0xff)
      || bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])
    {
      return isPrivate(bytes[12...])
    }
    switch (bytes[0], bytes[1]) {
    case (0xfc...0xfd, _), (0xfe, 0x80...0xff), (0xff, _): return true
    // 2001:db8::/32
    case (0x20, 0x01): return bytes[2] == 0x0d && bytes[3] == 0xb8
    default: return false
    }
  }
}
