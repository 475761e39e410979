import Foundation
import Glibc
import Synchronization
import Testing

@testable import Transport

@Suite struct ListenerTests {
  let loop: EventLoop
  let folder: Folder

  init() throws {
    loop = try EventLoop()
    folder = try Folder()
  }

  @Test func socket_hasMode0660_whateverTheUmask() throws {
    let path = folder.path + "/a.sock"
    let listener = try Listener(on: loop, unixPath: path) { _ in }
    #expect(mode(path) == 0o660)
    #expect(listener.path == path)
    loop.close()
  }

  @Test func missingDirectories_areMade_withMode0750() throws {
    let listener = try Listener(on: loop, unixPath: folder.path + "/x/y/a.sock") { _ in }
    #expect(mode(folder.path + "/x") & 0o770 == 0o750)
    #expect(mode(folder.path + "/x/y") & 0o007 == 0)
    listener.close()
    loop.close()
  }

  @Test func connection_isAccepted_andSpeaks() throws {
    let path = folder.path + "/a.sock"
    let owner = RecordingOwner()
    var streams: [SocketStream] = []
    let listener = try Listener(on: loop, unixPath: path) { stream in
      stream.start(owner: owner)
      streams.append(stream)
    }
    let client = try SocketStream(on: loop, descriptor: .connected(toUnixPath: path), family: .local)
    client.start(owner: RecordingOwner())
    client.send("hello")
    run(loop) { owner.text == "hello" }
    #expect(try streams.first?.peerCredentials().processID == getpid())
    listener.close()
    loop.close()
  }

  @Test func path_ofMoreThan107Bytes_isRefused() throws {
    let path = "/tmp/" + String(repeating: "x", count: 103)
    #expect(throws: ListenerError.pathTooLong(path: path, bytes: 108)) {
      try Listener(on: loop, unixPath: path) { _ in }
    }
    loop.close()
  }

  @Test func staleSocket_isReplaced() throws {
    let path = folder.path + "/a.sock"
    try makeStaleSocket(path)
    let listener = try Listener(on: loop, unixPath: path) { _ in }
    _ = try Descriptor.connected(toUnixPath: path)
    listener.close()
    loop.close()
  }

  @Test func liveSocket_ofOurs_isRefused_andStays() throws {
    let path = folder.path + "/a.sock"
    let first = try Listener(on: loop, unixPath: path) { _ in }
    #expect(throws: ListenerError.inUse(path: path)) { try Listener(on: loop, unixPath: path) { _ in } }
    _ = try Descriptor.connected(toUnixPath: path)
    first.close()
    let second = try Listener(on: loop, unixPath: path) { _ in }
    second.close()
    loop.close()
  }

  @Test func liveSocket_ofSomebodyWithoutALock_isRefused() throws {
    let path = folder.path + "/a.sock"
    let first = try Listener(on: loop, unixPath: path) { _ in }
    _ = unsafe unlink(path + ".lock")
    #expect(throws: ListenerError.inUse(path: path)) { try Listener(on: loop, unixPath: path) { _ in } }
    first.close()
    loop.close()
  }

  @Test func fileThatIsNoSocket_isRefused_andStays() throws {
    let path = folder.path + "/a.sock"
    try "precious".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(throws: ListenerError.notASocket(path: path)) { try Listener(on: loop, unixPath: path) { _ in } }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    loop.close()
  }

  @Test func linkToASocket_isRefused() throws {
    let path = folder.path + "/a.sock"
    _ = unsafe symlink("/nowhere", path)
    #expect(throws: ListenerError.notASocket(path: path)) { try Listener(on: loop, unixPath: path) { _ in } }
    loop.close()
  }

  @Test func close_removesSocketAndLock() throws {
    let path = folder.path + "/a.sock"
    let listener = try Listener(on: loop, unixPath: path) { _ in }
    listener.close()
    #expect(try folder.names() == [])
    loop.close()
  }

  @Test func close_leavesWhatIsNotOurs() throws {
    let path = folder.path + "/a.sock"
    let listener = try Listener(on: loop, unixPath: path) { _ in }
    _ = unsafe unlink(path)
    try makeStaleSocket(path)
    listener.close()
    #expect(try folder.names() == ["a.sock"])
    loop.close()
  }

  /// Two processes that start at once: here two threads, many times; exactly one wins each time.
  @Test func twoAtOnce_neverBothWin() throws {
    let path = folder.path + "/a.sock"
    for round in 0..<50 {
      if round % 2 == 0 { try makeStaleSocket(path) }
      let wins = race(count: 2, path: path)
      #expect(wins == 1)
      _ = unsafe unlink(path)
    }
  }

  private func race(count: Int, path: String) -> Int {
    let results = Atomic(0)
    let ready = DispatchSemaphore(value: 0)
    let go = DispatchSemaphore(value: 0)
    let tried = DispatchGroup()
    let finish = DispatchSemaphore(value: 0)
    let ended = DispatchGroup()
    for _ in 0..<count {
      tried.enter()
      ended.enter()
      Thread.detachNewThread {
        ready.signal()
        go.wait()
        if let loop = try? EventLoop() {
          let listener = try? Listener(on: loop, unixPath: path) { _ in }
          if listener != nil { results.add(1, ordering: .sequentiallyConsistent) }
          tried.leave()
          finish.wait()
          listener?.close()
          loop.close()
        } else {
          tried.leave()
        }
        ended.leave()
      }
    }
    for _ in 0..<count { ready.wait() }
    for _ in 0..<count { go.signal() }
    tried.wait()
    let wins = results.load(ordering: .sequentiallyConsistent)
    for _ in 0..<count { finish.signal() }
    ended.wait()
    return wins
  }

  // MARK: TCP

  @Test func tcp_onPort0_hasARealPort_andIsTakenOnce() throws {
    let listener = try Listener(on: loop, host: "127.0.0.1", port: 0) { _ in }
    let port = try #require(listener.port)
    #expect(port != 0)
    #expect(listener.address.description == "127.0.0.1:\(port)")
    #expect(throws: ListenerError.self) { try Listener(on: loop, host: "127.0.0.1", port: port) { _ in } }
    loop.close()
  }

  @Test func tcp_onAName_isRefused() throws {
    #expect(throws: ListenerError.address("example.org is not an IP address")) {
      try Listener(on: loop, host: "example.org", port: 0) { _ in }
    }
    loop.close()
  }

  // MARK: Inherited

  @Test func inheritedDescriptor_isListenedOn_andItsPathStays() throws {
    let path = folder.path + "/a.sock"
    let number = try boundSocket(path, listening: true)
    var accepted = 0
    let listener = try Listener(on: loop, inherited: Descriptor(owning: number)) { _ in accepted += 1 }
    #expect(listener.path == path)
    _ = try Descriptor.connected(toUnixPath: path)
    run(loop) { accepted == 1 }
    listener.close()
    #expect(try folder.names() == ["a.sock"])
    loop.close()
  }

  @Test func inheritedDescriptor_thatDoesNotListen_isRefused() throws {
    let number = try boundSocket(folder.path + "/a.sock", listening: false)
    #expect(throws: ListenerError.notListening(descriptor: number)) {
      try Listener(on: loop, inherited: Descriptor(owning: number)) { _ in }
    }
    loop.close()
  }

  // MARK: Support

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  private func boundSocket(_ path: String, listening: Bool) throws -> CInt {
    let address = try #require(SocketAddress(unixPath: path))
    let socket = try Descriptor(socketFor: address)
    try socket.bind(to: address)
    if listening { listen(socket.number, 5) }
    return socket.release()
  }

  /// One that never listened: a process that another test has just forked would go on listening for a moment.
  private func makeStaleSocket(_ path: String) throws { close(try boundSocket(path, listening: false)) }
}
