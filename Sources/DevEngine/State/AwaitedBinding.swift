/// A call of `engine::register_trigger` that waits for the provider's word.
struct AwaitedBinding {
  let invocation: PendingInvocation
  /// When silence is taken for a yes.
  let deadline: Int
}
