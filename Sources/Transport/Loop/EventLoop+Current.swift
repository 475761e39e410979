import Glibc

extension EventLoop {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let code = unsafe pthread_key_create(&key, nil)
    precondition(code == 0, "no thread-specific data is left")
    return key
  }()

  /// The loop of the calling thread, when that is the thread of a ``LoopExecutor``: how an actor gets at its loop without
  /// the loop ever leaving its thread.
  package internal(set) static var current: EventLoop? {
    get {
      guard let value = unsafe pthread_getspecific(key) else { return nil }
      return unsafe Unmanaged<EventLoop>.fromOpaque(value).takeUnretainedValue()
    }
    set {
      let value = unsafe newValue.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
      let code = unsafe pthread_setspecific(key, value)
      precondition(code == 0, "no memory for thread-specific data")
    }
  }
}
