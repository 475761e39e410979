/// How the process ends; the numbers of `sysexits.h`, which service managers and shells know.
struct ExitCode: RawRepresentable, Equatable, Sendable {
  let rawValue: Int32

  init(rawValue: Int32) { self.rawValue = rawValue }

  /// All is well; also the end of a drain.
  static let success = ExitCode(rawValue: 0)
  /// The answer is no: not ready, not well, or the function failed.
  static let failure = ExitCode(rawValue: 1)
  /// A request that the daemon would refuse, as a payload that is no JSON.
  static let badRequest = ExitCode(rawValue: 2)
  /// `EX_USAGE`: the command line means nothing.
  static let usage = ExitCode(rawValue: 64)
  /// `EX_DATAERR`: a payload beyond the limit.
  static let tooLarge = ExitCode(rawValue: 65)
  /// `EX_UNAVAILABLE`: another daemon serves the socket, the development engine does not start; of a command, that there
  /// is no daemon, or that the engine is away.
  static let unavailable = ExitCode(rawValue: 69)
  /// `EX_SOFTWARE`: a mistake of iiid's own.
  static let software = ExitCode(rawValue: 70)
  /// `EX_OSERR`: the system refuses something that it never should.
  static let systemError = ExitCode(rawValue: 71)
  /// `EX_CANTCREAT`: the socket cannot be made.
  static let cannotCreate = ExitCode(rawValue: 73)
  /// `EX_IOERR`: the output cannot be written, or the input not be read.
  static let inputOutput = ExitCode(rawValue: 74)
  /// `EX_TEMPFAIL`: a limit is reached, or the daemon is ending; later it may work.
  static let temporary = ExitCode(rawValue: 75)
  /// `EX_NOPERM`: the user may not.
  static let notPermitted = ExitCode(rawValue: 77)
  /// `EX_CONFIG`: a bad setting, which no restart makes better.
  static let configuration = ExitCode(rawValue: 78)

  /// Not in time, as `timeout(1)` has it.
  static let timedOut = ExitCode(rawValue: 124)
  /// There is no such function, as shells have it of commands.
  static let notFound = ExitCode(rawValue: 127)

  /// Ended by a second signal, with work still in flight: 128 and the signal's number, as shells have it.
  static func signal(_ number: Int32) -> ExitCode { ExitCode(rawValue: 128 + number) }
}
