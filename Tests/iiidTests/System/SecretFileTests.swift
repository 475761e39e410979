import Foundation
import Testing

@testable import iiid

@Suite("Token files")
struct SecretFileTests {
  private func file(_ content: Data, mode: Int) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try content.write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test(arguments: [(0o600, false), (0o640, false), (0o644, true)])
  func whoMayReadIt(mode: Int, exposed: Bool) throws {
    let path = try file(Data("token\n".utf8), mode: mode)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let secret = try SecretFile(path: path)
    #expect(secret.content == "token\n")
    #expect(secret.isExposed == exposed)
  }

  @Test
  func whatCannotBeATokenFile() throws {
    let missing = "/nonexistent/token"
    let error = #expect(throws: ConfigurationError.self) { try SecretFile(path: missing) }
    #expect(error?.description.hasPrefix("/nonexistent/token: ") == true)
    #expect(error?.status == .configuration)
    #expect(throws: ConfigurationError("/tmp: is a directory")) { try SecretFile(path: "/tmp") }
    #expect(throws: ConfigurationError("/dev/zero: too long for a token")) { try SecretFile(path: "/dev/zero") }
    let binary = try file(Data([0xff, 0xfe]), mode: 0o600)
    defer { try? FileManager.default.removeItem(atPath: binary) }
    #expect(throws: ConfigurationError("\(binary): is not a text")) { try SecretFile(path: binary) }
  }
}
