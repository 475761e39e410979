import III

/// The code of the article “Channels”.
enum Channels {
  // snippet: channels-types
  struct Upload: Codable {
    var name: String
    var content: ChannelReader
  }
  // end

  static func serve(_ worker: Worker) async throws {
    // snippet: channels-serve
    try await worker.registerFunction("files::store") { (upload: Upload) in
      var size = 0
      for try await item in upload.content {
        switch item {
        case .bytes(let bytes): size += bytes.count
        case .text(let text): print("\(upload.name): \(text)")
        }
      }
      return ["size": size]
    }
    // end
  }

  static func send(_ worker: Worker, _ contents: [[UInt8]]) async throws {
    // snippet: channels-send
    let channel = try await worker.createChannel()
    async let stored = worker.trigger("files::store", payload: ["name": "a.txt", "content": channel.readerRef.json])
    for piece in contents {
      try await channel.writer.write(piece)
    }
    try await channel.writer.send(text: "that was all")
    try await channel.writer.close()
    print(try await stored)
    // end
  }

  static func receive(_ worker: Worker, _ payload: JSON) async throws {
    // snippet: channels-refs
    for ref in payload.channelRefs where ref.direction == .read {
      let content = try await worker.channelReader(ref).readAll(limit: 1 << 20)
      print(content.count)
    }
    // end
  }

  static func fail(_ worker: Worker, _ reader: ChannelReader) async throws {
    // snippet: channels-errors
    do {
      _ = try await reader.readAll()
    } catch let error as ChannelError where error.code == .taken {
      print("somebody else reads it")
    }
    // end
  }
}
