// A function in Swift that reads a channel: it counts the lines of whatever is written into it, however long that is.
import III

@main enum Lines {
  struct Input: Codable {
    var text: ChannelReader
  }

  static func main() async throws {
    let worker = try await registerWorker()

    try await worker.registerFunction("swift::lines", description: "Counts the lines of a text") { (input: Input) in
      var lines = 0
      var bytes = 0
      for try await case .bytes(let piece) in input.text {
        lines += piece.count { $0 == UInt8(ascii: "\n") }
        bytes += piece.count
      }
      return ["lines": lines, "bytes": bytes]
    }

    try await worker.run()
  }
}
