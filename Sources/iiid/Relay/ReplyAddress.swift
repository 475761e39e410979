import LocalProtocol

/// Where the response to a request goes.
struct ReplyAddress {
  let client: ClientID
  /// The request's id; nil for a notification, which gets no response.
  let id: RequestID?
  /// The number of the batch that the request came in; nil when it came alone.
  var batch: Int?
}
