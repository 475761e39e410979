/// A child process that ends with us.
///
/// Its standard input is a pipe that we never write to and that the kernel closes when this process ends, however it
/// ends: a child that exits at the end of its input (as `iii-dev-engine --exit-with-stdin`) never outlives us. libuv
/// has no call between fork and exec, so PR_SET_PDEATHSIG is not to be had. Standard output and error are our standard error.
package final class ChildProcess {
  /// Its number.
  package let processID: Int32

  /// Starts `executable`.
  ///
  /// - Parameters:
  ///   - executable: A path.
  ///   - arguments: Without the program's own name.
  ///   - environment: `NAME=value` lines instead of ours.
  ///   - exited: Called once when it has ended, unless ``close()`` was called.
  package init(
    on loop: EventLoop, executable: String, arguments: [String], environment: [String]? = nil,
    _ exited: @escaping (ExitStatus) -> Void
  ) throws(Errno) {
    processID = 0
  }

  /// Sends it a signal, when it has not ended.
  package func kill(_ signal: Int32) {
  }

  /// Closes its standard input, which asks it to end; `exited` is not called any more.
  package func close() {
  }
}
