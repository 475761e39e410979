import CUV

/// The memory of one libuv handle, and what its callback calls.
///
/// Owned by the wrapper (``Timer``, ``SocketStream`` …) and, until libuv says that the handle is closed, by the handle
/// itself through its `data` pointer: the one place where a reference crosses C. The wrapper is not held: the closure
/// holds it `unowned`, and is dropped by ``close()``.
@safe final class Handle {
  private let memory: UnsafeMutableRawPointer
  /// False once `close` was called; the memory must not be touched from then on.
  private(set) var isOpen = true
  /// Called for every event with libuv's status (0 or a negative code) and a number whose meaning depends on the kind
  /// of handle; never after ``close()``.
  private var event: ((_ status: CInt, _ value: CInt) -> Void)?

  /// Makes a handle of the C type `Body` with `initialize`, whose result is libuv's code.
  init<Body>(
    _: Body.Type, _ event: @escaping (_ status: CInt, _ value: CInt) -> Void,
    initialize: (UnsafeMutablePointer<Body>) -> CInt
  ) throws(Errno) {
    let typed = UnsafeMutablePointer<Body>.allocate(capacity: 1)
    unsafe memory = UnsafeMutableRawPointer(typed)
    self.event = event
    let code = unsafe initialize(typed)
    // The memory is given back by deinit, which runs here too.
    if code < 0 { throw Errno(code: -code) }
    unsafe base.pointee.data = Unmanaged.passRetained(self).toOpaque()
  }

  /// The handle as the C type it was made with.
  func pointer<Body>(as _: Body.Type) -> UnsafeMutablePointer<Body> {
    precondition(isOpen, "a closed handle was used")
    return unsafe memory.assumingMemoryBound(to: Body.self)
  }

  private var base: UnsafeMutablePointer<uv_handle_t> { unsafe memory.assumingMemoryBound(to: uv_handle_t.self) }

  /// What a C callback has been called for.
  static func fired<Body>(_ handle: UnsafeMutablePointer<Body>?, status: CInt = 0, value: CInt = 0) {
    unsafe of(handle)?.event?(status, value)
  }

  private static func of<Body>(_ handle: UnsafeMutablePointer<Body>?) -> Handle? {
    guard let handle = unsafe handle else { return nil }
    let base = unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
    guard let data = unsafe base.pointee.data else { return nil }
    return unsafe Unmanaged<Handle>.fromOpaque(data).takeUnretainedValue()
  }

  /// Keeps the loop from waiting for this handle: it alone does not hold ``EventLoop/run()``.
  func unreference() { unsafe uv_unref(base) }

  /// Stops all events at once; libuv gives the memory back in the next turn. May be called from the handle's own event,
  /// and more than once.
  func close() {
    guard isOpen else { return }
    isOpen = false
    event = nil
    unsafe uv_close(base) { handle in
      guard let data = unsafe handle?.pointee.data else { return }
      unsafe Unmanaged<Handle>.fromOpaque(data).release()
    }
  }

  /// Closes every handle that is still open on `loop`.
  static func closeAll(on loop: UnsafeMutablePointer<uv_loop_t>) {
    unsafe uv_walk(loop, { handle, _ in unsafe Handle.of(handle)?.close() }, nil)
  }

  deinit { unsafe memory.deallocate() }
}
