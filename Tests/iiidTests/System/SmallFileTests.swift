import Foundation
import Testing
import Transport

@testable import iiid

@Suite("Small files")
struct SmallFileTests {
  private func file(_ content: Data, mode: Int) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try content.write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test(arguments: [(0o600, false, false), (0o640, false, false), (0o644, true, false), (0o666, true, true)])
  func whoMayReadAndWriteIt(mode: Int, exposed: Bool, open: Bool) throws {
    let path = try file(Data("token\n".utf8), mode: mode)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try SmallFile(path: path, limit: 6)
    #expect(file.content == Array("token\n".utf8))
    #expect(file.isExposed == exposed)
    #expect(file.isOpen == open)
    #expect(throws: SmallFileError.tooLong(limit: 5)) { try SmallFile(path: path, limit: 5) }
  }

  @Test
  func whatIsNone() {
    #expect(throws: SmallFileError.system(.noSuchFile)) { try SmallFile(path: "/nonexistent/token", limit: 1) }
    #expect(throws: SmallFileError.directory) { try SmallFile(path: "/tmp", limit: 1) }
    #expect(throws: SmallFileError.tooLong(limit: 4096)) { try SmallFile(path: "/dev/zero", limit: 4096) }
  }

  /// What is no file is nobody's secret and nobody's configuration.
  @Test
  func aDeviceIsReadAsItIs() throws {
    let nothing = try SmallFile(path: "/dev/null", limit: 1)
    #expect(nothing.content.isEmpty)
    #expect(!nothing.isExposed && !nothing.isOpen)
  }
}
