import Bytes
import LocalProtocol

/// A batch of requests whose answers are not all there yet (local protocol, section 1).
final class Batch {
  let client: ClientID
  var answer = BatchAnswer(expecting: 0)
  /// Whether more of its requests are to be read.
  var isReading = true

  init(client: ClientID) { self.client = client }

  /// Appends all answers as one line, nothing when there are none; once.
  func write(to output: inout ByteBuffer) {
    var complete = BatchAnswer(expecting: 0)
    swap(&complete, &answer)
    complete.finish(to: &output)
  }
}
