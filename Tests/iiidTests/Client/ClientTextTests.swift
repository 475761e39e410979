import III
import Testing

@testable import iiid

@Suite("What the commands print")
struct ClientTextTests {
  @Test(arguments: [
    (0, "0 ms"), (-5, "0 ms"), (999, "999 ms"), (1000, "1 s"), (61_000, "1 min 1 s"), (60_000, "1 min"),
    (3_600_000, "1 h"), (3_605_000, "1 h"), (90_061_000, "1 d 1 h"), (86_400_000 * 400, "400 d"),
  ])
  func durations(milliseconds: Int, text: String) {
    #expect(DurationText.of(milliseconds: milliseconds) == text)
  }

  @Test(arguments: [
    ("plain é 名", "plain é 名"), ("a\nb", "a\\u{a}b"), ("\u{1b}[31m", "\\u{1b}[31m"),
    ("\u{9b}x\u{7f}", "\\u{9b}x\\u{7f}"),
    ("a\u{202e}b\u{2028}", "a\\u{202e}b\\u{2028}"), ("", ""),
  ])
  func textFromElsewhereIsHarmless(text: String, shown: String) {
    #expect(text.printable == shown)
  }

  @Test
  func aStatusThatIsReady() throws {
    let status = StatusText(
      try JSON(
        parsing: """
          {"state":"ready","engine":{"state":"connected","since_ms":61000,"attempt":0,"url":"ws://e:1","namespace":"default",\
          "worker_id":"w"},"functions":{"active":2,"pending":0,"rejected":0},"in_flight":{"calls":1,"invocations":0},\
          "clients":3,"uptime_ms":3661000,"version":"1.2.3"}
          """))
    #expect(status.isReady)
    #expect(
      status.text == """
        iiid 1.2.3: ready, up 1 h 1 min
          engine      connected, ws://e:1, for 1 min 1 s, namespace default, worker w
          functions   2 active, 0 pending, 0 rejected
          clients     3
          in flight   1 calls, 0 invocations

        """)
  }

  @Test
  func aStatusWithoutTheEngineAndWithWhatIsNew() throws {
    let status = StatusText(
      try JSON(
        parsing: """
          {"state":"degraded","engine":{"state":"reconnecting","since_ms":5,"attempt":3,"next_retry_ms":1500,"last_error":\
          "cannot \\u001bconnect","url":"ws://e:1"},"functions":{},"clients":0,"uptime_ms":0,"version":"1","outbox":\
          {"state":"ready","entries":4,"bytes":10},"colour":"green"}
          """))
    #expect(!status.isReady)
    #expect(
      status.text == """
        iiid 1: degraded, up 0 ms
          engine      reconnecting, ws://e:1, for 5 ms, attempt 3, next in 1 s: cannot \\u{1b}connect
          functions   \("")
          clients     0
          in flight   \("")
          outbox      ready, 4 entries, 10 bytes
          colour      green

        """)
  }

  @Test
  func aStatusThatIsSomethingElse() throws {
    for text in ["null", "[]", "{}", #"{"engine":5,"functions":[1]}"#] {
      let status = StatusText(try JSON(parsing: text))
      #expect(!status.isReady && status.text.hasPrefix("iiid ?: ?, up 0 ms\n"))
    }
  }

  @Test
  func health() throws {
    let well = HealthText(["ok": true, "checks": ["engine": "ok"]])
    #expect(well.isWell && !well.hasRefusals && well.text(nil) == "ok\n")
    let ill = HealthText([
      "ok": false, "checks": ["engine": "away", "registrations": "1 functions refused", "x": "ok"],
    ])
    #expect(!ill.isWell && ill.hasRefusals)
    let functions: JSON = [
      "functions": [
        ["function_id": "a", "state": "active"], ["function_id": "b", "state": "rejected", "reason": "WHY"],
      ]
    ]
    #expect(ill.text(functions) == "engine: away\nregistrations: 1 functions refused\n  b: WHY\n")
  }

  @Test
  func tables() {
    let table = TableText(
      [
        ["id": "a", "n": 5, "words": ["x", "y"], "unseen": 1], ["id": "longer\n", "n": nil, "words": []],
        ["n": "", "words": ["k": 1]],
      ], columns: ["id", "n", "words"])
    #expect(
      table.text == """
        ID           N  WORDS
        a            5  x,y
        longer\\u{a}  -  -
        -            -  {"k":1}

        """)
    #expect(table.ids == "a\nlonger\\u{a}\n-\n")
    #expect(TableText([], columns: ["id"]).text == "ID\n")
  }

  @Test
  func anOutbox() {
    let entries: [JSON] = [
      [
        "outbox_id": 1, "state": "waiting", "function_id": "a", "bytes": 10, "uid": 0, "accepted_at": 1000,
        "attempts": 0,
      ],
      [
        "outbox_id": 22, "state": "failed", "function_id": "b", "queue": "q", "bytes": 5, "uid": 7,
        "accepted_at": 61_000,
        "attempts": 10, "error": ["code": "NO", "message": "why\n"],
      ],
    ]
    #expect(
      OutboxText.table(entries, now: 62_000) == """
        OUTBOX_ID  STATE    FUNCTION_ID  QUEUE  AGE        BYTES  UID  ATTEMPTS  ERROR
        1          waiting  a            -      1 min 1 s  10     0    0         -
        22         failed   b            q      1 s        5      7    10        NO: why\\u{a}

        """)
    #expect(OutboxText.table([], now: 0).hasPrefix("OUTBOX_ID  STATE"))
  }

  @Test
  func aReload() {
    let reload = ReloadText([
      "changed": [
        ["key": "a", "from": "1", "to": "2", "effect": "now"], ["key": "b", "to": "2", "effect": "restart"],
        ["key": "c", "from": "x", "effect": "reconnect"], ["key": "d"], "policy",
      ]
    ])
    #expect(
      reload.text == """
        a: 1 -> 2
        b: 2 (needs a restart)
        c: no longer x (the connection to the engine is made anew)
        d: changed
        policy

        """)
    #expect(ReloadText(["changed": []]).text == "nothing has changed\n")
    let failure = ReloadText.failure(
      DaemonError(["code": -32000, "message": "BAD_CONFIGURATION: two", "data": ["problems": ["f:1: x", "f:2: y"]]]))
    #expect(failure == CommandFailure(["f:1: x", "f:2: y", "nothing has changed"], .failure))
  }
}
