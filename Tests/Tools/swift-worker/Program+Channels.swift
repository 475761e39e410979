import III

extension Program {
  /// `create_channel`: `name`, `buffer_size`: keeps both ends under that name, and returns both references; `open`: `name`,
  /// `ref`: keeps the end that it opens; `forget`: `name`.
  ///
  /// For a writer: `write`: `name`, and `text`, `file` or `size` of zeros, `piece` at a time; `send_text`: `name`, `text`
  /// or `size`; `close`; `write_and_close`: `ref`, `text`: in a row, with an end of its own.
  ///
  /// For a reader: `read`: `name`, `count`: that many messages, or less at the end; `read_all`: `name`, `limit`: how many
  /// bytes; `read_into`: `name`, `file`; `cancel_read`: `name`: cancels a task that reads.
  ///
  /// `serve_channels`: the functions `swift::read`, `swift::write` and `swift::refs`.
  static let channelCommands: [String: Action] = [
    "create_channel": { try await $0.createChannel($1) },
    "open": { try await $0.open($1) },
    "forget": { try await $0.forget($1) },
    "write": { try await $0.write($1) },
    "send_text": { try await $0.sendText($1) },
    "close": { program, command in
      try await program.writer(command).close()
      return true
    },
    "write_and_close": { try await $0.writeAndClose($1) },
    "read": { try await $0.read($1) },
    "read_all": { program, command in
      JSON(try await program.reader(command).readAll(limit: command["limit"]?.integer).count)
    },
    "read_into": { program, command in
      let reader = try await program.reader(command)
      return try await ChannelFiles.read(reader, into: try command.text("file"))
    },
    "cancel_read": { try await $0.cancelRead($1) },
    "serve_channels": { try await $0.serveChannels($1) },
  ]

  // MARK: - Ends

  private func createChannel(_ command: Command) async throws -> JSON {
    let channel = try await worker.createChannel(bufferSize: command["buffer_size"]?.integer ?? 64)
    let name = try command.text("name")
    readers[name] = channel.reader
    writers[name] = channel.writer
    return ["reader": channel.readerRef.json, "writer": channel.writerRef.json]
  }

  private func open(_ command: Command) throws -> JSON {
    let name = try command.text("name")
    guard let ref = command["ref"]?.channelRefs.first else { throw Problem(description: "open: no reference") }
    switch ref.direction {
    case .read: readers[name] = try worker.channelReader(ref)
    case .write: writers[name] = try worker.channelWriter(ref)
    }
    return true
  }

  private func forget(_ command: Command) throws -> JSON {
    readers[try command.text("name")] = nil
    writers[try command.text("name")] = nil
    return true
  }

  private func reader(_ command: Command) throws -> ChannelReader {
    guard let reader = readers[try command.text("name")] else { throw Problem(description: "no such reader") }
    return reader
  }

  private func writer(_ command: Command) throws -> ChannelWriter {
    guard let writer = writers[try command.text("name")] else { throw Problem(description: "no such writer") }
    return writer
  }

  // MARK: - Writing

  private func write(_ command: Command) async throws -> JSON {
    let writer = try writer(command)
    if let text = command["text"]?.string {
      try await writer.write(Array(text.utf8))
      return JSON(text.utf8.count)
    }
    let piece = command["piece"]?.integer ?? 1 << 20
    if let file = command["file"]?.string { return try await ChannelFiles.write(file, piece: piece, to: writer) }
    var left = command["size"]?.integer ?? 0
    while left > 0 {
      let length = min(left, piece)
      try await writer.write([UInt8](repeating: 0, count: length))
      left -= length
    }
    return true
  }

  private func sendText(_ command: Command) async throws -> JSON {
    let text = command["text"]?.string ?? String(repeating: "x", count: command["size"]?.integer ?? 0)
    try await writer(command).send(text: text)
    return true
  }

  private func writeAndClose(_ command: Command) async throws -> JSON {
    guard let ref = command["ref"]?.channelRefs.first else { throw Problem(description: "write_and_close: no ref") }
    let writer = try worker.channelWriter(ref)
    if let text = command["text"]?.string { try await writer.write(Array(text.utf8)) }
    try await writer.close()
    try await writer.close()
    return true
  }

  // MARK: - Reading

  private func read(_ command: Command) async throws -> JSON {
    let reader = try reader(command)
    var items: [JSON] = []
    while items.count < command["count"]?.integer ?? 1, let item = try await reader.next() {
      switch item {
      case .bytes(let bytes): items.append(["bytes": JSON(String(decoding: bytes, as: UTF8.self))])
      case .text(let text): items.append(["text": JSON(text)])
      }
    }
    return JSON(items)
  }

  private func cancelRead(_ command: Command) async throws -> JSON {
    let reader = try reader(command)
    let task = Task { try await reader.next() }
    task.cancel()
    do {
      _ = try await task.value
      return "read"
    } catch is CancellationError {
      return try await reader.next() == nil ? "cancelled" : "not closed"
    }
  }

  // MARK: - Functions

  /// What `swift::read` takes: a reader anywhere.
  private struct ToRead: Decodable, Sendable {
    var inside: [Inside]
    struct Inside: Decodable, Sendable { var reader: ChannelReader }
  }

  /// What `swift::write` takes.
  private struct ToWrite: Decodable, Sendable {
    var writer: ChannelWriter
    var texts: [String]
  }

  private func serveChannels(_ command: Command) async throws -> JSON {
    try await worker.registerFunction("swift::read") { (input: ToRead) in
      var (bytes, texts) = (0, [String]())
      for inside in input.inside {
        for try await item in inside.reader {
          switch item {
          case .bytes(let piece): bytes += piece.count
          case .text(let text): texts.append(text)
          }
        }
      }
      return ["bytes": JSON(bytes), "texts": JSON(texts.map { JSON($0) })] as JSON
    }
    try await worker.registerFunction("swift::write") { (input: ToWrite) in
      for text in input.texts { try await input.writer.send(text: text) }
      try await input.writer.write(Array("and bytes".utf8))
      try await input.writer.close()
      return true as JSON
    }
    try await worker.registerFunction("swift::refs") { (invocation: Invocation) in
      JSON(invocation.payload.channelRefs.map { JSON("\($0.direction)") })
    }
    return true
  }
}
