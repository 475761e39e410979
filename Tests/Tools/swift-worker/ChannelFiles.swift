import Glibc
import III

/// Files to and from channels.
enum ChannelFiles {
  /// Writes a file's content, so many bytes at a time; how many there were.
  static func write(_ path: String, piece: Int, to writer: ChannelWriter) async throws -> JSON {
    let file = try open(path, "rb")
    defer { close(file) }
    var total = 0
    while true {
      var bytes = [UInt8](repeating: 0, count: piece)
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, piece, file.stream) }
      if count == 0 { break }
      bytes.removeLast(piece - count)
      try await writer.write(bytes)
      total += count
    }
    return JSON(total)
  }

  /// Reads everything into a file; how many bytes there were, and the texts.
  static func read(_ reader: ChannelReader, into path: String) async throws -> JSON {
    let file = try open(path, "wb")
    defer { close(file) }
    var (total, texts) = (0, [JSON]())
    for try await item in reader {
      switch item {
      case .text(let text): texts.append(JSON(text))
      case .bytes(let bytes):
        let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, bytes.count, file.stream) }
        guard count == bytes.count else { throw Problem(description: "cannot write \(path)") }
        total += count
      }
    }
    return ["bytes": JSON(total), "texts": JSON(texts)]
  }

  /// An open file.
  @safe private struct File {
    let stream: UnsafeMutablePointer<FILE>
  }

  private static func open(_ path: String, _ mode: String) throws -> File {
    guard let stream = unsafe fopen(path, mode) else { throw Problem(description: "cannot open \(path)") }
    return unsafe File(stream: stream)
  }

  private static func close(_ file: File) { unsafe fclose(file.stream) }
}
