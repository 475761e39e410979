import CUV
import Glibc
import Synchronization

extension EventLoop {
  /// Runs `body` on libuv's thread pool, then `finished` with its result in a turn of this loop: for what blocks.
  ///
  /// The corresponding C function is `uv_queue_work`. Work that no thread has taken yet waits for one, in order. Closing the
  /// loop waits for all of it and calls `finished` no more, so that work that may last long has to have an end of its own.
  ///
  /// - Parameters:
  ///   - body: The work; it shares nothing with the loop's thread.
  ///   - finished: Gets what `body` returned.
  package func work<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value, then finished: @escaping (Value) -> Void
  ) {
    let outcome = Outcome<Value>()
    let work = Work(body: { outcome.set(body()) }) { [weak self] in
      guard self?.isOpen == true, let value = outcome.take() else { return }
      finished(value)
    }
    work.start(on: self)
  }
}

/// Takes a result from a thread of the pool to the loop's.
private final class Outcome<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func set(_ value: Value) { self.value.withLock { $0 = value } }

  func take() -> Value? { value.withLock { $0.take() } }
}

/// The memory of one `uv_queue_work`, which holds it until the work is over. The pool's thread reads ``body`` alone, and
/// nobody changes that.
@safe private final class Work {
  let body: @Sendable () -> Void
  private let finished: () -> Void
  private let memory = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)

  init(body: @escaping @Sendable () -> Void, finished: @escaping () -> Void) {
    self.body = body
    self.finished = finished
  }

  func start(on loop: EventLoop) {
    unsafe memory.pointee.data = Unmanaged.passRetained(self).toOpaque()
    let code = unsafe uv_queue_work(
      loop.loop, memory,
      { request in
        guard let data = unsafe request?.pointee.data else { return }
        unsafe Unmanaged<Work>.fromOpaque(data).takeUnretainedValue().body()
      },
      { request, _ in
        guard let data = unsafe request?.pointee.data else { return }
        unsafe Unmanaged<Work>.fromOpaque(data).takeRetainedValue().finished()
      })
    // It fails for want of a function only.
    precondition(code == 0, "uv_queue_work: \(uvText(of: code))")
  }

  deinit { unsafe memory.deallocate() }
}

extension HostProcess {
  /// Gives libuv's thread pool that many threads instead of four, unless the environment says how many.
  ///
  /// The corresponding C function is `setenv` with UV_THREADPOOL_SIZE, which libuv reads at the pool's first use: to be
  /// called at the start of the program, before there is a second thread.
  package static func prepareThreadPool(threads: Int) { unsafe setenv("UV_THREADPOOL_SIZE", String(threads), 0) }
}
