import Foundation

/// A folder with a short path, removed at the end: a socket's path must stay below 108 bytes.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/iiid-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  deinit { remove() }
}
