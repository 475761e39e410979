/// How the process ends; the numbers of `sysexits.h`, which service managers and shells know.
struct ExitCode: RawRepresentable, Equatable, Sendable {
  let rawValue: Int32

  init(rawValue: Int32) { self.rawValue = rawValue }

  /// All is well; also the end of a drain.
  static let success = ExitCode(rawValue: 0)
  /// `EX_USAGE`: the command line means nothing.
  static let usage = ExitCode(rawValue: 64)
  /// `EX_UNAVAILABLE`: another daemon serves the socket, or the development engine does not start.
  static let unavailable = ExitCode(rawValue: 69)
  /// `EX_OSERR`: the system refuses something that it never should.
  static let systemError = ExitCode(rawValue: 71)
  /// `EX_CANTCREAT`: the socket cannot be made.
  static let cannotCreate = ExitCode(rawValue: 73)
  /// `EX_CONFIG`: a bad setting, which no restart makes better.
  static let configuration = ExitCode(rawValue: 78)

  /// Ended by a second signal, with work still in flight: 128 and the signal's number, as shells have it.
  static func signal(_ number: Int32) -> ExitCode { ExitCode(rawValue: 128 + number) }
}
