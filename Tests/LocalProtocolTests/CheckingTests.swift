import LocalProtocol
import Testing

/// Each kind of parameter: what is taken, and how what is not taken is named.
@Suite struct CheckingTests {
  func trigger(_ members: String) -> Script {
    Script("{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":\"f\"\(members)}}")
  }

  func register(_ members: String) -> Script {
    Script("{\"id\":1,\"method\":\"register_function\",\"params\":{\"function_id\":\"f\"\(members)}}")
  }

  @Test(arguments: [
    "", #","payload":null"#, #","payload":1e308"#, #","payload":[{"a":1}]"#, #","metadata":null"#, #","metadata":"x""#,
    #","timeout_ms":1"#, #","timeout_ms":2147483647"#, #","timeout_ms":null"#, #","action":null"#,
    #","action":{"type":"void"}"#, #","action":{"type":"enqueue","queue":"jobs"}"#,
    #","action":{"type":"void","x-mine":1}"#, #","action":{"typ\u0065":"vo\u0069d"}"#, #","namespace":"shop""#,
    #","namespace":null"#, #","traceparent":"00-1-2-03""#, #","baggage":"""#, #","wait_connected_ms":0"#,
    #","durability":"none""#, #","durability":"disk","ttl_ms":5"#, #","ttl_ms":null"#,
    #","timeout_ms":"x","timeout_ms":5"#, #","timeout\u005fms":5"#,
  ])
  func taken(members: String) { #expect(trigger(members).outcome == "trigger 1") }

  @Test(arguments: [
    (#","timeout_ms":0"#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","timeout_ms":2147483648"#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","timeout_ms":99999999999999999999"#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","timeout_ms":1.0"#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","timeout_ms":"5""#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","timeout_ms":5,"timeout_ms":"x""#, "timeout_ms", "timeout_ms must be an integer from 1 to 2147483647"),
    (#","wait_connected_ms":-1"#, "wait_connected_ms", "wait_connected_ms must be an integer from 0 to 2147483647"),
    (#","namespace":"""#, "namespace", "namespace must be a string that is not blank"),
    (#","namespace":" \t\u00a0""#, "namespace", "namespace must be a string that is not blank"),
    (#","namespace":5"#, "namespace", "namespace must be a string that is not blank"),
    (#","traceparent":5"#, "traceparent", "traceparent must be a string"),
    (#","baggage":{}"#, "baggage", "baggage must be a string"),
    (#","durability":"paper""#, "durability", "durability must be \"none\" or \"disk\""),
    (#","durability":5"#, "durability", "durability must be \"none\" or \"disk\""),
    (#","ttl_ms":0"#, "ttl_ms", "ttl_ms must be an integer from 1 to 2147483647"),
    (#","action":"void""#, "action", #"action must be {"type":"void"} or {"type":"enqueue","queue":…}"#),
    (#","action":{}"#, "action", #"action must be {"type":"void"} or {"type":"enqueue","queue":…}"#),
    (#","action":{"type":"sync"}"#, "action.type", #"action.type must be "void" or "enqueue""#),
    (#","action":{"type":5}"#, "action.type", #"action.type must be "void" or "enqueue""#),
    (#","action":{"type":"enqueue"}"#, "action.queue", "action.queue must be a string that is not blank"),
    (#","action":{"type":"enqueue","queue":" "}"#, "action.queue", "action.queue must be a string that is not blank"),
    (#","action":{"type":"void","queue":"q"}"#, "action.queue", #"action.queue belongs to type "enqueue" only"#),
    (#","action":{"type":"void","delay":1}"#, "action.delay", #"unknown member "action.delay"; known: type, queue"#),
  ])
  func refused(members: String, member: String, text: String) {
    let error = trigger(members).error
    #expect(error?.row == .invalidParameters)
    #expect(error?.text == text)
    #expect(error?.details == [.init(name: "member", value: .string(member))])
  }

  @Test(arguments: [
    (#"{"id":1,"method":"trigger"}"#, "function_id is missing; it must be a string that is not blank"),
    (#"{"id":1,"method":"trigger","params":{}}"#, "function_id is missing; it must be a string that is not blank"),
    (#"{"id":1,"method":"trigger","params":{"function_id":null}}"#, "function_id must be a string that is not blank"),
    (#"{"id":1,"method":"trigger","params":{"function_id":"  "}}"#, "function_id must be a string that is not blank"),
    (
      #"{"id":1,"method":"cancel","params":{}}"#,
      "id is missing; it must be the id of a request: a string or an integer"
    ),
    (#"{"id":1,"method":"cancel","params":{"id":null}}"#, "id must be the id of a request: a string or an integer"),
    (#"{"id":1,"method":"cancel","params":{"id":1.5}}"#, "id must be the id of a request: a string or an integer"),
    (#"{"id":1,"method":"hello","params":{"protocol":2}}"#, "protocol must be 1"),
    (#"{"id":1,"method":"hello","params":{"client":"me"}}"#, "client must be an object"),
    (#"{"id":1,"method":"hello","params":{"client":{"name":5}}}"#, "client.name must be a string that is not blank"),
    (
      #"{"id":1,"method":"hello","params":{"client":{"nam":"x"}}}"#,
      "unknown member \"client.nam\"; known: name, version"
    ),
    (#"{"id":1,"method":"list_functions","params":{"local":"yes"}}"#, "local must be true or false"),
    (#"{"id":1,"method":"list_functions","params":{"workers":"a"}}"#, "workers must be an array of strings"),
    (#"{"id":1,"method":"list_functions","params":{"workers":["a",1]}}"#, "workers must be an array of strings"),
    (#"{"id":1,"method":"status","params":{"a":1}}"#, "unknown member \"a\"; known: none"),
    (#"{"id":1,"method":"unregister_function","params":{"function_id":"f","drain":1}}"#, "drain must be true or false"),
  ])
  func refusedElsewhere(line: String, text: String) { #expect(Script(line).error?.text == text) }

  @Test(arguments: [
    (#"5"#, "invocation must be an object"),
    (#"{}"#, "invocation.url is missing; it must be a string that is not blank"),
    (#"{"url":" "}"#, "invocation.url must be a string that is not blank"),
    (#"{"url":"u","uri":1}"#, "unknown member \"invocation.uri\"; known: url, method, timeout_ms, headers, auth"),
    (#"{"url":"u","timeout_ms":0}"#, "invocation.timeout_ms must be an integer from 1 to 2147483647"),
    (#"{"url":"u","headers":["a"]}"#, "invocation.headers must be an object of strings"),
    (#"{"url":"u","headers":{"a":"1","b":2}}"#, "invocation.headers.b must be a string"),
    (
      #"{"url":"u","auth":{"type":"basic"}}"#,
      "invocation.auth must be an object whose type is \"bearer\" or \"api_key\" or \"hmac\""
    ),
    (
      #"{"url":"u","auth":{"type":"bearer"}}"#,
      "invocation.auth.token_key is missing; it must be a string that is not blank"
    ),
    (
      #"{"url":"u","auth":{"type":"hmac","secret_key":"S","token_key":"T"}}"#,
      "unknown member \"invocation.auth.token_key\"; known: type, secret_key"
    ),
  ])
  func invocationIsRefused(_ invocation: String, _ text: String) {
    #expect(register(#","invocation":\#(invocation)"#).error?.text == text)
  }

  @Test func invocationIsTaken() {
    for invocation in [
      "null", #"{"url":"https://x.example","x-own":1,"method":null,"headers":null,"auth":null}"#,
      #"{"url":"u","headers":{},"auth":{"type":"api_key","header":"K","value_key":"V","x-a":0}}"#,
    ] {
      #expect(register(#","invocation":\#(invocation)"#).outcome == "register_function 1")
    }
  }

  @Test(arguments: [
    (#","max_in_flight":0"#, "max_in_flight must be an integer from 1 to 1024"),
    (#","queue_limit":-1"#, "queue_limit must be an integer from 0 to 65536"),
    (#","description":5"#, "description must be a string"),
    (#","linger_ms":true"#, "linger_ms must be an integer from 0 to 2147483647"),
  ])
  func registrations(members: String, text: String) { #expect(register(members).error?.text == text) }
}
