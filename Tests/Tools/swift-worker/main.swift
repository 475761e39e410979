// A worker made of the SDK, steered by lines of JSON, for tests against other implementations.
//
//     swift-worker URL NAME
//
// In: {"n": 1, "do": "register", "function_id": …, "behaviour": …}, one command a line; they are carried out at the same
// time. Out: {"ready": true} once it is connected, then {"n": …, "ok": …} or {"n": …, "error": {"class", "code", "message",
// "stacktrace"}} for each command, and events as {"invoked": function_id, "data": …}. It ends when its input does.

import Glibc
import III

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: swift-worker URL NAME")
  exit(2)
}

let (lines, input) = AsyncStream.makeStream(of: String.self)

Task.detached { [url = arguments[1], name = arguments[2]] in
  do {
    try await Program.run(url: url, name: name, lines)
    exit(0)
  } catch {
    Output.tell(["failed": Output.error(error)])
    exit(1)
  }
}

// Reading blocks, so it has the main thread for itself; everything else runs as tasks.
while let line = readLine() { input.yield(line) }
input.finish()
while true { pause() }
