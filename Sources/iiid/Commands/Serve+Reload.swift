import III
import LocalProtocol
import Transport

// The configuration, read again: all of it, or nothing.
extension Serve {
  /// What a request to reload comes to.
  typealias ReloadAnswer = (Result<Report, LocalError>) -> Void

  /// Reads all files again on a thread of the pool, then takes over what has changed. What is wrong in them changes nothing.
  ///
  /// Who asks while a reading is under way may have written since it began: for all of them there is one more.
  ///
  /// - Parameter answer: Called once, with the result of `reload`.
  func reload(_ answer: @escaping ReloadAnswer) {
    waitingReloads.append(answer)
    readAgain()
  }

  /// Begins the reading that is waited for, when nothing is in its way: another one, or a start that is not over.
  func readAgain() {
    guard !waitingReloads.isEmpty, !isReloading, relay != nil else { return }
    let answers = waitingReloads
    waitingReloads = []
    guard drainEnds == nil else { return answers.forEach { $0(.failure(.shuttingDown())) } }
    isReloading = true
    manager.reloading(status: statusText)
    loop.work { [commandLine, environment] in
      do throws(ConfigurationError) {
        return Result<ServeConfiguration, ConfigurationError>.success(
          try ServeConfiguration.load(commandLine, environment))
      } catch {
        return .failure(error)
      }
    } then: { [unowned self] read in
      isReloading = false
      finishReload(read, answers)
      readAgain()
    }
  }

  private func finishReload(_ read: Result<ServeConfiguration, ConfigurationError>, _ answers: [ReloadAnswer]) {
    // Who is ending says STOPPING=1 last.
    guard drainEnds == nil else { return answers.forEach { $0(.failure(.shuttingDown())) } }
    let answer: Result<Report, LocalError>
    switch read {
    case .success(let other):
      reloadProblem = nil
      answer = .success(Self.report(take(other)))
    case .failure(let error):
      for problem in error.problems { log.error("not reloaded: \(problem)") }
      reloadProblem = error.description
      answer = .failure(.badConfiguration(error))
    }
    // Also after a failure: the daemon serves on with what it has.
    toldStatus = statusText
    manager.ready(status: toldStatus)
    for reply in answers { reply(answer) }
  }

  /// Takes over what has changed, and says so.
  private func take(_ other: ServeConfiguration) -> [SettingChange] {
    let old = configuration
    let changes = configuration.takeChanges(of: other)
    for warning in other.warnings where !old.warnings.contains(warning) { log.warning(warning) }
    log.level = min(old.logLevel, configuration.logLevel)
    for change in changes { log.notice("reloaded: \(change)") }
    if changes.isEmpty { log.notice("reloaded: nothing has changed") }
    log.level = configuration.logLevel
    log.format = configuration.logForm.format ?? ownLogFormat
    relay?.policy = configuration.policy
    relay?.changeLimits(to: configuration.limits)
    if devEngine == nil {
      link?.changeCredentials(
        token: configuration.token?.secret, tls: TLSOptions(certificateFile: configuration.certificateFile))
    }
    return changes
  }

  private static func report(_ changes: [SettingChange]) -> Report {
    .object([
      "changed": .array(
        changes.map { change in
          .object([
            "key": .string(change.key), "from": change.old.map { .string($0) }, "to": change.new.map { .string($0) },
            "effect": .string(change.effect.rawValue),
          ])
        })
    ])
  }
}

extension LocalError {
  /// -32000: the configuration cannot be read again, for all these reasons.
  fileprivate static func badConfiguration(_ error: ConfigurationError) -> LocalError {
    LocalError(.failed, code: "BAD_CONFIGURATION", error.description)
      .with("problems", .strings(error.problems))
  }
}
