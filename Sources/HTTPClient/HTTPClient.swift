import Synchronization

/// Makes HTTP requests, each in a call that blocks until the answer is there: for a thread of the loop's pool.
///
/// A connection is made for each request. Redirects are not followed, proxies of the environment are not used, and nothing
/// is kept between two requests.
package final class HTTPClient: Sendable {
  private let isClosed = Atomic(false)

  /// A client.
  package init() { LibCurl.prepare() }

  /// Makes `request`. May be called on any number of threads at once.
  ///
  /// - Throws: Why there is no answer.
  package func perform(_ request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
    try Transfer(request, isCancelled: { self.isClosed.load(ordering: .relaxed) }).run()
  }

  /// Makes requests under way fail within about a second, and all later ones at once.
  package func close() { isClosed.store(true, ordering: .relaxed) }
}
