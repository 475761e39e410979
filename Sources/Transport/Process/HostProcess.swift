import Glibc

/// What this process and its host are called: for the announce and for configuration.
package enum HostProcess {
  /// The process's id.
  package static var id: Int { Int(getpid()) }

  /// The value of an environment variable; nil when it is not set or not UTF-8.
  ///
  /// The corresponding C function is `getenv`. Nothing changes the environment once there are threads.
  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(validatingCString: value)
  }

  /// The host's name; `localhost` when there is none.
  package static var hostName: String { names?.node ?? "localhost" }

  /// Kernel, its release and the machine, as `Linux 6.1.0 (x86_64)`.
  package static var operatingSystem: String {
    guard let names else { return "Linux" }
    return "\(names.system) \(names.release) (\(names.machine))"
  }

  /// The corresponding C function is `uname`.
  private static var names: (system: String, node: String, release: String, machine: String)? {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return nil }
    func text<Field>(_ field: Field) -> String {
      unsafe withUnsafeBytes(of: field) { bytes in
        let end = unsafe bytes.firstIndex(of: 0) ?? bytes.endIndex
        return unsafe String(decoding: bytes[..<end], as: UTF8.self)
      }
    }
    return (text(name.sysname), text(name.nodename), text(name.release), text(name.machine))
  }
}
