/// What one line of a local program says. Ranges are in the text that was read.
package enum ClientMessage: Sendable {
  /// A request or a notification, checked against the table.
  case request(ClientRequest)
  /// An answer to a request of ours.
  case response(ClientResponse)
  /// An array of so many messages: each element of the reader's envelope is read by a second reader.
  case batch(count: Int)
  /// Something that is answered with an error; id nil is written as null.
  case refused(RequestID?, LocalError)
}
