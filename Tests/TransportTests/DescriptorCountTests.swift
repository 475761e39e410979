import Foundation
import Glibc
import Testing
import WebSocket

@testable import Transport

/// What must be seen in a process of its own: the number of its descriptors, and what happens when none is left.
@Suite struct DescriptorCountTests {
  @Test func everything_closed_leavesNoDescriptor() async {
    await #expect(processExitsWith: .success) {
      startDispatch()
      // Once for what libuv and OpenSSL keep for the process's life.
      try useEverything()
      let before = try descriptorCount()
      for _ in 0..<3 { try useEverything() }
      let after = try descriptorCount()
      #expect(after == before)
    }
  }

  @Test func executor_letGo_leavesNoDescriptor() async {
    await #expect(processExitsWith: .success) {
      startDispatch()
      // libuv keeps a pipe for signals once there was a loop.
      try EventLoop().close()
      let before = try descriptorCount()
      for _ in 0..<3 { _ = try LoopExecutor() }
      // The threads close their loops on their own.
      for _ in 0..<1000 where try descriptorCount() != before { usleep(10_000) }
      let after = try descriptorCount()
      #expect(after == before)
    }
  }

  @Test func noDescriptorLeft_turnsTheClientAway_byTheReserve() async {
    await #expect(processExitsWith: .success) {
      let loop = try EventLoop()
      let folder = try Folder()
      let path = folder.path + "/a.sock"
      let listener = try Listener(on: loop, unixPath: path) { _ in Issue.record("accepted without a descriptor") }
      var failures: [Errno] = []
      listener.acceptFailed = { failures.append($0) }
      let turnedAway = RecordingOwner()
      let client = try SocketStream(on: loop, descriptor: .connected(toUnixPath: path), family: .local)
      client.start(owner: turnedAway)
      var opened: [CInt] = []
      while true {
        let number = unsafe open("/dev/null", O_RDONLY)
        if number < 0 { break }
        opened.append(number)
      }
      run(loop) { turnedAway.isClosed }
      settle(loop)
      #expect(failures == [.tooManyOpenFiles])
      for number in opened { _ = close(number) }
      listener.close()
      loop.close()
    }
  }

  @Test func noDescriptorLeft_isSurvived_andTold() async {
    await #expect(processExitsWith: .success) {
      let loop = try EventLoop()
      let folder = try Folder()
      let path = folder.path + "/a.sock"
      var streams: [SocketStream] = []
      let owner = RecordingOwner()
      let listener = try Listener(on: loop, unixPath: path) { stream in
        stream.start(owner: owner)
        streams.append(stream)
      }
      var failures: [Errno] = []
      listener.acceptFailed = { failures.append($0) }
      let refused = RecordingOwner()
      let client = try SocketStream(on: loop, descriptor: .connected(toUnixPath: path), family: .local)
      client.start(owner: refused)

      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let usual = limit.rlim_cur
      limit.rlim_cur = 0
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      var turns = 0
      while failures.isEmpty, turns < 100 {
        loop.runOnce()
        turns += 1
      }
      #expect(failures.first == .tooManyOpenFiles)
      #expect(streams.isEmpty)
      // Not even the reserve can be had again, yet the loop waits instead of spinning on a queue it cannot empty.
      turns = 0
      var isOver = false
      let timer = Timer(on: loop) { isOver = true }
      loop.updateTime()
      timer.start(after: 50)
      while !isOver {
        loop.runOnce()
        turns += 1
      }
      #expect(turns <= 5)

      limit.rlim_cur = usual
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let second = try SocketStream(on: loop, descriptor: .connected(toUnixPath: path), family: .local)
      second.start(owner: RecordingOwner())
      second.send("hello")
      run(loop) { owner.text == "hello" }
      #expect(refused.isClosed || streams.count == 2)
      listener.close()
      loop.close()
    }
  }
}

/// The number of descriptors that this process has open.
private func descriptorCount() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}

/// Dispatch, which the testing library uses, opens its own descriptors with its first timer.
private func startDispatch() {
  let fired = DispatchSemaphore(value: 0)
  DispatchQueue.global().asyncAfter(deadline: .now() + 0.01) { fired.signal() }
  fired.wait()
}

/// One of everything that has a descriptor, used and closed in each way.
private func useEverything() throws {
  let loop = try EventLoop()
  let folder = try Folder()
  let owner = RecordingOwner()
  do {
    // Let go without a word.
    let (near, far) = try SocketStream.pair(on: loop)
    near.start(owner: owner)
    far.start(owner: owner)
    near.send("x")
    run(loop) { owner.text == "x" }
  }
  let listener = try Listener(on: loop, unixPath: folder.path + "/a.sock") { $0.start(owner: owner) }
  _ = try Descriptor.connected(toUnixPath: folder.path + "/a.sock")
  settle(loop)
  _ = try? Listener(on: loop, unixPath: folder.path + "/a.sock") { _ in }
  try Data().write(to: URL(fileURLWithPath: folder.path + "/b.sock"))
  _ = try? Listener(on: loop, unixPath: folder.path + "/b.sock") { _ in }
  listener.close()

  let server = try WebSocketServer(on: loop)
  let recorder = WebSocketRecorder()
  let url = WebSocketURL(isSecure: false, host: "localhost", port: server.port)
  let client = WebSocketConnection(connectingTo: url, on: loop, owner: recorder)
  run(loop) { recorder.isOpen }
  client.close()
  run(loop) { !recorder.closed.isEmpty }

  // Refused, wrong, and left in the middle.
  let failing = WebSocketRecorder()
  let refused = WebSocketConnection(
    connectingTo: WebSocketURL(isSecure: false, host: "127.0.0.1", port: 1), on: loop, owner: failing)
  let plain = WebSocketConnection(
    connectingTo: WebSocketURL(isSecure: true, host: "127.0.0.1", port: server.port), on: loop, owner: failing)
  let early = WebSocketConnection(connectingTo: url, on: loop, owner: failing)
  early.abort()
  run(loop) { failing.closed.count == 3 }
  #expect(!refused.isOpen && !plain.isOpen)
  let left = WebSocketConnection(connectingTo: url, on: loop, owner: failing)
  settle(loop)

  let wakeUp = try WakeUp(on: loop) {}
  wakeUp.signal.send()
  var isOver = false
  let child = try ChildProcess(on: loop, executable: "/bin/true", arguments: []) { _ in isOver = true }
  _ = try? ChildProcess(on: loop, executable: "/nowhere", arguments: []) { _ in }
  run(loop) { isOver }
  #expect(!child.isRunning)
  loop.close()
  left.abort()
}
