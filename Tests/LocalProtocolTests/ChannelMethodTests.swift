import LocalProtocol
import RawJSON
import Testing

@Suite struct ChannelMethodTests {
  static let ref = #"{"channel_id":"c\u0031","access_key":"k","direction":"write","x-note":1}"#

  private func write(_ members: String) throws -> Result<WriteChannelParameters, LocalError> {
    let script = Script(#"{"id":1,"method":"write_channel","params":{"ref":\#(Self.ref)\#(members)}}"#)
    let request = try #require(script.request)
    return Result { () throws(LocalError) in
      try WriteChannelParameters(request.arguments, script.reader, script.line.utf8.span)
    }
  }

  @Test func contents() throws {
    let written = try write(#","text":"gr\u00fcn""#).get()
    #expect(written.ref == ChannelReference(channelID: "c1", accessKey: "k", isForWriting: true))
    #expect(written.content == .text(Array("grün".utf8)) && written.content.byteCount == 5 && !written.isLast)
    #expect(try write(#","base64":"AP8=","eof":true"#).get().content == .bytes([0, 255]))
    #expect(try write(#","text":"""#).get().content == .text([]))
    let end = try write(#","eof":true"#).get()
    #expect(end.content == .nothing && end.content.byteCount == 0 && end.isLast)
  }

  @Test(arguments: [
    ("", "text"), (#","text":"a","base64":"YQ==""#, "base64"), (#","base64":"YQ""#, "base64"),
    (#","eof":false"#, "text"),
  ])
  func whatIsNoContent(_ members: String, _ member: String) throws {
    guard case .failure(let error) = try write(members) else {
      Issue.record("it was taken")
      return
    }
    #expect(error.code == "INVALID_PARAMS" && error.details == [.init(name: "member", value: .string(member))])
  }

  @Test func reading() throws {
    let script = Script(
      #"{"id":1,"method":"read_channel","params":{"wait_ms":0,"ref":{"direction":"read","access_key":"k","channel_id":"c"}}}"#
    )
    let request = try #require(script.request)
    let parameters = ReadChannelParameters(request.arguments, script.reader, script.line.utf8.span)
    #expect(parameters.ref == ChannelReference(channelID: "c", accessKey: "k", isForWriting: false))
    #expect(parameters.wait == 0 && parameters.maximum == 262_144)
  }

  /// So that its connection can be closed also when it is refused.
  @Test(arguments: [
    (#"{"id":1,"method":"attach_channel","params":{}}"#, Method.attachChannel),
    (#"{"method":"attach_channel"}"#, .attachChannel), (#"{"id":1,"method":"attach"}"#, nil), ("{", nil),
    (#"{"id":1,"result":1}"#, nil), (#"{"id":1,"method":"ping"}"#, .ping),
  ])
  func aRefusedMethodIsKnown(_ line: String, _ method: Method?) {
    var reader = MessageReader()
    _ = reader.read(#"{"id":1,"method":"status"}"#.utf8.span)
    _ = reader.read(line.utf8.span)
    #expect(reader.method == method)
  }

  @Test func theLastLineOfAWriter() {
    #expect(
      written { DaemonMessage.channelEnd(byteCount: 20_971_520, to: &$0) }
        == #"{"jsonrpc":"2.0","method":"channel_end","params":{"bytes":20971520}}"# + "\n")
  }
}
