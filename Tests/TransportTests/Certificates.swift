import Foundation

/// Certificates for tests: an authority (`ca`), its certificates for localhost and 127.0.0.1 (`good`, `expired`, `future`)
/// and for another name (`other`), and a self-signed one for localhost (`stranger`). Made once, by the `openssl` program.
final class Certificates: Sendable {
  static let shared = Result { try Certificates() }

  private let owned: Folder
  private var folder: String { owned.path }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  private init() throws {
    owned = try Folder()
    // What is shared by all tests lives to the end of the process, and no deinit runs there.
    atexit { if case .success(let made) = Certificates.shared { made.owned.remove() } }
    let mine = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=CA",
      "-days", "30", "-keyout", "ca.key", "-out", "ca.pem")
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
      "-addext", mine, "-days", "30", "-keyout", "stranger.key", "-out", "stranger.pem")
    try Data().write(to: URL(fileURLWithPath: path("index.txt")))
    try Data("01\n".utf8).write(to: URL(fileURLWithPath: path("serial")))
    try make("good", mine, from: "20200101000000Z", to: "20991231000000Z")
    try make("expired", mine, from: "20200101000000Z", to: "20200201000000Z")
    try make("future", mine, from: "20900101000000Z", to: "20991231000000Z")
    try make("other", "subjectAltName=DNS:other.example", from: "20200101000000Z", to: "20991231000000Z")
  }

  private func make(_ name: String, _ names: String, from: String, to: String) throws {
    let configuration = """
      [ca]
      default_ca = authority
      [authority]
      database = index.txt
      serial = serial
      new_certs_dir = .
      default_md = sha256
      policy = any
      x509_extensions = extensions
      unique_subject = no
      [any]
      commonName = supplied
      [extensions]
      \(names)
      """
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: path("\(name).cnf")))
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
      "-keyout", "\(name).key", "-out", "\(name).csr")
    try openssl(
      "ca", "-batch", "-config", "\(name).cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", "\(name).csr",
      "-startdate", from, "-enddate", to, "-notext", "-out", "\(name).pem")
  }

  private func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let messages = Pipe()
    process.standardError = messages
    process.standardOutput = messages
    try process.run()
    let text = messages.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Failure(text: String(decoding: text, as: UTF8.self)) }
  }

  struct Failure: Error { let text: String }
}
