extension EngineSession {
  /// The owner takes everything back that others call, and registers nothing more; calls go on until the shutdown.
  mutating func drainRequested() {
    guard !isEnding else { return }
    isDraining = true
    if isOpen { takeBack() }
    // Not replayed on a later connection either.
    triggers = Registry()
    functions = Registry()
  }

  /// Orders to tell the engine that functions and triggers are taken back.
  mutating func takeBack() {
    // First what calls our functions, so that no firing meets a function that is gone.
    for id in triggers.ids { appendRemoval(ofTrigger: id) }
    // An engine that loses a connection with many functions may spin for ever (engine protocol, section 0).
    for id in functions.ids { effects.append(.unregister(id)) }
  }

  /// Whether it is too late for a registration.
  var isEnding: Bool { isDraining || phase == .closing || phase == .stopped }
}
