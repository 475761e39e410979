import CUV
import Glibc

/// A child process that ends with us.
///
/// Owned by who watches over it. Its standard input is a pipe that we never write to and that the kernel closes when this
/// process ends, however it ends: a child that exits at the end of its input (as `iii-dev-engine --exit-with-stdin`) never
/// outlives us. libuv has no call between fork and exec, so PR_SET_PDEATHSIG is not to be had. Its standard error is ours, and
/// so is its standard output unless it is read. It has a session of its own: what a terminal sends to its foreground (as
/// SIGINT) does not reach it, so that we decide when it ends.
@safe package final class ChildProcess {
  /// Its number.
  package let processID: Int32

  private let life: Life
  /// The writing end of the child's standard input.
  private var lifeline: Descriptor?
  /// Its standard output, when that is read; to be started by the owner.
  package let output: SocketStream?

  /// Starts `executable`.
  ///
  /// The corresponding C function is `uv_spawn`.
  ///
  /// - Parameters:
  ///   - loop: The loop in whose turn its end is told.
  ///   - executable: A path.
  ///   - arguments: Without the program's own name.
  ///   - environment: `NAME=value` lines instead of ours.
  ///   - readingOutput: Whether ``output`` is its standard output, which is our standard error otherwise.
  ///   - exited: Called once when it has ended, unless ``close()`` was called.
  /// - Throws: When it cannot be started.
  package init(
    on loop: EventLoop, executable: String, arguments: [String], environment: [String]? = nil,
    readingOutput: Bool = false, _ exited: @escaping (ProcessOutcome) -> Void
  ) throws(Errno) {
    let (input, output) = try Descriptor.pipeNumbers()
    let childInput = Descriptor(owning: input)
    lifeline = Descriptor(owning: output)
    var childOutput: Descriptor?
    if readingOutput {
      let (near, far) = try Descriptor.pairNumbers()
      childOutput = Descriptor(owning: far)
      self.output = try SocketStream(on: loop, descriptor: Descriptor(owning: near), family: .local)
      // Few programs expect their standard output to be non-blocking.
      _ = fcntl(far, F_SETFL, 0)
    } else {
      self.output = nil
    }
    life = Life(exited)
    processID = try life.spawn(
      on: loop, executable, CStrings([executable] + arguments), environment.map { CStrings($0) },
      streams: [childInput.number, childOutput?.number ?? STDERR_FILENO, STDERR_FILENO])
  }

  /// Whether it has not ended.
  package var isRunning: Bool { life.handle != nil }

  /// Sends it a signal, when it has not ended.
  ///
  /// The corresponding C function is `uv_process_kill`.
  package func kill(_ signal: Int32) {
    guard let handle = life.handle, handle.isOpen else { return }
    unsafe uv_process_kill(handle.pointer(as: uv_process_t.self), signal)
  }

  /// Closes its standard input, which asks it to end; `exited` is not called any more.
  package func close() {
    lifeline = nil
    life.exited = nil
    output?.close()
  }

  deinit { close() }
}

extension ChildProcess {
  /// The handle of a process, which stays until the process has ended, so that it is waited for and leaves no zombie.
  fileprivate final class Life {
    var exited: ((ProcessOutcome) -> Void)?
    var handle: Handle?

    init(_ exited: @escaping (ProcessOutcome) -> Void) { self.exited = exited }

    func spawn(
      on loop: EventLoop, _ file: String, _ arguments: CStrings, _ environment: CStrings?, streams: [CInt]
    ) throws(Errno) -> Int32 {
      var code: CInt = 0
      var processID: Int32 = 0
      let handle = try unsafe Handle(
        uv_process_t.self, { status, signal in self.ended(signal == 0 ? .exited(status) : .signaled(signal)) },
        initialize: { process in
          var containers = unsafe streams.map { unsafe Self.container($0) }
          unsafe containers.withUnsafeMutableBufferPointer { containers in
            unsafe file.withCString { file in
              var options = unsafe uv_process_options_t()
              unsafe options.file = file
              unsafe options.args = arguments.pointer
              unsafe options.env = environment?.pointer
              unsafe options.stdio = containers.baseAddress
              unsafe options.stdio_count = CInt(containers.count)
              unsafe options.flags = UV_PROCESS_DETACHED.rawValue
              unsafe options.exit_cb = { unsafe Handle.fired($0, status: CInt(truncatingIfNeeded: $1), value: $2) }
              unsafe code = uv_spawn(loop.loop, process, &options)
              processID = unsafe process.pointee.pid
            }
          }
          // A handle whose process could not be started is open, and to be closed like any other.
          return 0
        })
      if code < 0 {
        handle.close()
        throw Errno(code: -code)
      }
      self.handle = handle
      return processID
    }

    private static func container(_ number: CInt) -> uv_stdio_container_t {
      var container = unsafe uv_stdio_container_t()
      unsafe container.flags = UV_INHERIT_FD
      unsafe container.data.fd = number
      return unsafe container
    }

    private func ended(_ status: ProcessOutcome) {
      handle?.close()
      handle = nil
      let exited = exited
      self.exited = nil
      exited?(status)
    }
  }
}
