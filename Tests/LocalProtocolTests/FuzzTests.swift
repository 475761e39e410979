import Bytes
import LocalProtocol
import RawJSON
import Testing

/// Random lines never trap, and whatever is said to them is one line of JSON.
@Suite struct FuzzTests {
  static let seeds = [
    #"{"jsonrpc":"2.0","id":1,"method":"trigger","params":{"function_id":"f","payload":{"a":[1,2.5e3,"\u00e9"]},"timeout_ms":5,"action":{"type":"enqueue","queue":"q"}}}"#,
    #"{"id":"d1","result":{"used_percent":17,"text":"\ud83d\ude00"}}"#,
    #"{"id":"d2","error":{"code":"E","message":"m","data":{"stacktrace":"s"}}}"#,
    #"[{"id":1,"method":"ping"},{"id":"x","method":"hello","params":{"client":{"name":"n","version":"v"}}}]"#,
    #"{"id":7,"method":"register_function","params":{"function_id":"f","max_in_flight":2,"metadata":null,"x-a":1}}"#,
    #"{"id":7,"method":"list_functions","params":{"local":true,"workers":["a"]}}"#,
    #"{"method":"cancel","params":{"id":"1"}}"#,
    #"{"id":8,"method":"register_function","params":{"function_id":"f","invocation":{"url":"u","headers":{"a":"b"},"auth":{"type":"api_key","header":"h","value_key":"k"}}}}"#,
    #"{"id":9,"method":"shutdown","params":{"mode":"drain","deadline_ms":5}}"#,
  ]

  /// Reads a line as the daemon does, with everything that follows from it.
  func play(_ bytes: [UInt8], _ reader: inout MessageReader, _ element: inout MessageReader) {
    let message = reader.read(bytes.span)
    answer(message, bytes, reader)
    guard case .batch(let count) = message else { return }
    for index in 0..<count {
      let range = reader.element(index)
      let part = Array(bytes[range])
      answer(element.read(part.span, batchOffset: range.lowerBound), part, element)
    }
  }

  func answer(_ message: ClientMessage, _ bytes: [UInt8], _ reader: borrowing MessageReader) {
    var output = ByteBuffer()
    let text = bytes.span
    switch message {
    case .request(let request):
      let arguments = request.arguments
      switch request.method {
      case .hello: _ = HelloParameters(arguments, reader, text)
      case .registerFunction: _ = RegisterFunctionParameters(arguments, reader, text)
      case .unregisterFunction: _ = UnregisterFunctionParameters(arguments, reader, text)
      case .cancel: _ = CancelParameters(arguments, reader, text)
      case .listFunctions, .getFunction, .listTriggers, .listTriggerTypes, .listWorkers:
        DiscoveryParameters(request.method, arguments, reader, text).write(reader, text, to: &output)
        output.removeAll()
      case .registerTrigger: _ = RegisterTriggerParameters(arguments, reader, text)
      case .unregisterTrigger: _ = UnregisterTriggerParameters(arguments, reader, text)
      case .registerTriggerType: _ = RegisterTriggerTypeParameters(arguments, reader, text)
      case .unregisterTriggerType: _ = UnregisterTriggerTypeParameters(arguments, reader, text)
      case .subscribe: _ = SubscribeParameters(arguments, reader, text)
      case .unsubscribe: _ = UnsubscribeParameters(arguments, reader, text)
      case .log: _ = LogParameters(arguments, reader, text)
      case .trigger:
        let trigger = TriggerParameters(arguments, reader, text)
        if let id = request.id, let payload = trigger.payload {
          DaemonMessage.result(id, text.extracting(payload), flattening: true, to: &output)
        }
      case .outboxList: _ = OutboxListParameters(arguments, reader, text)
      case .outboxRetry: _ = OutboxRetryParameters(arguments, reader, text)
      case .outboxDrop: _ = OutboxDropParameters(arguments, reader, text)
      case .shutdown: _ = ShutdownParameters(arguments, reader, text)
      case .createChannel: _ = CreateChannelParameters(arguments, reader, text)
      case .attachChannel: _ = AttachChannelParameters(arguments, reader, text)
      case .readChannel: _ = ReadChannelParameters(arguments, reader, text)
      case .writeChannel: _ = try? WriteChannelParameters(arguments, reader, text)
      case .closeChannel: _ = CloseChannelParameters(arguments, reader, text)
      case .ping, .status, .health, .drain, .rpcDiscover, .reload: break
      }
    case .response(let response):
      if case .unusable(_, let error) = response.outcome {
        DaemonMessage.error(nil, error.inReplyTo(response.id, in: text), to: &output)
      }
      if case .failure(let failure) = response.outcome, let code = failure.code, let message = failure.message {
        DaemonMessage.engineError(
          RequestID(1), text, code: code, message: message, stacktrace: failure.stacktrace, to: &output)
      }
    case .batch: break
    case .refused(let id, let error): DaemonMessage.error(id, error, to: &output)
    }
    guard output.count > 0 else { return }
    var envelope = JSONEnvelope()
    let line = output.span.extracting(0..<(output.count - 1))
    for index in line.indices where line[index] == 0x0a || line[index] == 0x0d {
      Issue.record("a line feed in \(bytes)")
    }
    do {
      try envelope.scan(line)
      if let violation = envelope.violation, violation.reason == .controlCharacter { Issue.record("\(bytes)") }
    } catch {
      Issue.record("\(error) in the answer to \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func changedLines() {
    var generator = SeededGenerator(seed: 20)
    var reader = MessageReader()
    var element = MessageReader()
    let spice =
      Array("{}[]\",:\\u0dnull0123456789eE.-+truefalse \r\t".utf8) + [0x00, 0x01, 0x1f, 0x7f, 0x80, 0xc3, 0xed, 0xff]
    for _ in 0..<20_000 {
      var bytes = Array((Self.seeds.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 0...6, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let byte = spice.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 5))
        }
      }
      play(bytes, &reader, &element)
    }
  }

  /// Members of real names with values of every kind, so that deep checks are reached.
  @Test func shuffledMembers() {
    var generator = SeededGenerator(seed: 21)
    var reader = MessageReader()
    var element = MessageReader()
    let names = Set(MethodTable.rows.flatMap { $0.parameters.map(\.name) } + ["x-a", "type", "queue", "", "timeout"])
      .sorted()
    let values = [
      "null", "1", "-1", "1.5", "1e400", "99999999999999999999", "true", "\"\"", "\" \"", "\"a\"", "\"\\ud800\"", "{}",
      "[]", "[\"a\"]", "[1]", #"{"type":"void"}"#, #"{"type":"enqueue","queue":"q"}"#, #"{"name":"n"}"#, "\"disk\"",
      #"{"url":"u","headers":{"a":"b"}}"#, #"{"url":"u","auth":{"type":"hmac","secret_key":"s"}}"#,
      #"{"url":"u","headers":{"a":1}}"#, #"{"url":"u","auth":{"type":"hmac"}}"#,
      #"{"channel_id":"c","access_key":"k","direction":"write"}"#, "\"Zm8=\"",
    ]
    for _ in 0..<20_000 {
      let method = MethodTable.rows.randomElement(using: &generator)?.name ?? ""
      let members = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        "\"\(names.randomElement(using: &generator) ?? "")\":\(values.randomElement(using: &generator) ?? "")"
      }
      let id = ["\"id\":1,", "\"id\":\"é\",", "\"id\":null,", ""].randomElement(using: &generator) ?? ""
      let line = "{\(id)\"method\":\"\(method)\",\"params\":{\"function_id\":\"f\",\(members.joined(separator: ","))}}"
      play(Array(line.replacing(",}}", with: "}}").utf8), &reader, &element)
    }
  }
}
