import Testing

@testable import Transport

@Suite struct SocketAddressTests {
  @Test(arguments: [
    "127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1", "100.64.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1",
    "198.18.0.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1",
  ])
  func privateAddress(_ text: String) { #expect(SocketAddress(ip: text, port: 1)?.isPrivate == true) }

  @Test(arguments: [
    "8.8.8.8", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "192.169.1.1", "100.63.0.1", "100.128.0.1",
    "169.253.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:2800:220:1::1", "2001:4860:4860::8888",
  ])
  func publicAddress(_ text: String) { #expect(SocketAddress(ip: text, port: 1)?.isPrivate == false) }

  @Test func unixPath() throws { #expect(try #require(SocketAddress(unixPath: "/tmp/x")).isPrivate == false) }
}
