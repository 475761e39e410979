import Glibc

/// What this process has used so far.
package struct ProcessUsage: Equatable, Sendable {
  /// Time on a processor in its own code, in microseconds.
  package var userMicroseconds = 0
  /// Time on a processor in the kernel, in microseconds.
  package var systemMicroseconds = 0
  /// Memory that is really there, in bytes; nil when the kernel does not tell.
  package var residentBytes: Int?

  /// Nothing yet.
  package init() {}

  /// What it is now.
  ///
  /// The corresponding C function is `getrusage`; the memory is in `/proc/self/statm`.
  package static var current: ProcessUsage {
    var usage = ProcessUsage()
    var times = rusage()
    if unsafe getrusage(CInt(RUSAGE_SELF.rawValue), &times) == 0 {
      usage.userMicroseconds = times.ru_utime.tv_sec * 1_000_000 + Int(times.ru_utime.tv_usec)
      usage.systemMicroseconds = times.ru_stime.tv_sec * 1_000_000 + Int(times.ru_stime.tv_usec)
    }
    if let bytes = try? FileContent.read("/proc/self/statm", limit: 4096) {
      let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
      if fields.count > 1, let pages = Int(fields[1]) { usage.residentBytes = pages * Int(getpagesize()) }
    }
    return usage
  }
}
