import Bytes
import RawJSON
import Transport

/// The argument of `engine::workers::register` (engine protocol, sections 5.1 and 8.3): who we are.
///
/// Made once per link, because nothing in it changes.
struct Announce {
  /// The function that is called with it.
  static let functionID = "engine::workers::register"

  /// A JSON object.
  let data: [UInt8]

  /// The announce for a worker with `options`, in this process.
  init(_ options: LinkOptions) {
    var buffer = ByteBuffer(capacity: 512)
    func member(_ name: String, _ value: String?, isNeeded: Bool = true) {
      guard value != nil || isNeeded else { return }
      buffer.append(buffer.isEmpty ? #"{""# : #",""#)
      buffer.append(name)
      buffer.append(#"":"#)
      if let value { buffer.append(jsonString: value) } else { buffer.append("null") }
    }
    member("runtime", options.runtime)
    member("version", options.version)
    member("name", options.name)
    member("description", options.description, isNeeded: false)
    member("os", HostProcess.operatingSystem)
    buffer.append(#","pid":"#)
    buffer.append(integer: HostProcess.id)
    member("isolation", options.isolation)
    // An engine that knows no namespaces ignores it; only what was configured is sent (section 9.3).
    member("namespace", options.namespace, isNeeded: false)
    buffer.append(#","telemetry":{"language":"#)
    // `de_DE.UTF-8`: the part before the character set.
    let language = HostProcess.environment("LANG").map { String($0.prefix { $0 != "." }) }
    if let language, language != "" { buffer.append(jsonString: language) } else { buffer.append("null") }
    buffer.append(#","framework":"#)
    buffer.append(jsonString: options.framework)
    // We take messages of 64 MiB (section 1.6).
    buffer.append(#"},"features":["large-messages.v1"]}"#)
    data = [UInt8](copying: buffer.span)
  }
}
