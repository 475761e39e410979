// Our end of a WebSocket connection, for tests against other implementations.
//
//     websocket-peer serve [LIMIT]        echoes on any free port of 127.0.0.1, which it prints; serves the path / only
//     websocket-peer dial URL [NAME=VALUE ...]     echoes what the server sends, and ends with the connection
//
// LIMIT is the largest frame and message that is accepted, in bytes. NAME=VALUE are header lines.

import Glibc
import Transport
import WebSocket

/// Prints a line at once, also into a pipe.
func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// Serves until it is killed.
func serve(limit: Int, on loop: EventLoop) throws {
  var echoes: [Int: Echo] = [:]
  var count = 0
  let listener = try Listener(on: loop, host: "127.0.0.1", port: 0) { stream in
    count += 1
    let number = count
    let limits = FrameLimits(maximumFrame: limit, maximumMessage: limit)
    echoes[number] = Echo(ended: { echoes[number] = nil }) { echo in
      WebSocketConnection(accepting: stream, limits: limits, owner: echo) { request in
        request.path == "/" ? .accept : .reject(status: 404, body: "nothing here\n")
      }
    }
  }
  say("listening on \(listener.address)")
  withExtendedLifetime(listener) { loop.run() }
}

/// Echoes until the connection is over.
func dial(_ url: WebSocketURL, headers: [(String, String)], on loop: EventLoop) {
  let echo = Echo(ended: { loop.stop() }) { echo in
    WebSocketConnection(connectingTo: url, on: loop, headers: headers, owner: echo)
  }
  withExtendedLifetime(echo) { loop.run() }
}

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.dropFirst().first) {
case ("serve", let limit):
  try serve(limit: limit.flatMap { Int($0) } ?? 64 << 20, on: EventLoop())
case ("dial", let url?):
  let headers = arguments.dropFirst(2).map { argument in
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    return (parts[0], parts.count == 2 ? parts[1] : "")
  }
  dial(try WebSocketURL(url), headers: headers, on: try EventLoop())
default:
  say("usage: websocket-peer serve [LIMIT] | dial URL [NAME=VALUE ...]")
  exit(2)
}
