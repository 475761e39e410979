import Transport

/// Random ids; its own pool of random bits, because the state that asks is pure.
final class IdentifierSource {
  private var pool = RandomPool()

  func next() -> InvocationID { InvocationID(randomBits: pool.next(), pool.next()) }
}
