import Bytes
import LocalProtocol
import Testing
import Transport

@testable import iiid

@Suite("The listing of the configuration")
struct ConfigurationListingTests {
  private func listing(_ text: String, _ arguments: [String] = []) throws -> ConfigurationListing {
    var sources = SettingSources(
      commandLine: try ParsedCommandLine(parsing: arguments), environment: ["III_TOKEN": "s3cret"], userID: 0)
    sources.files = [INIParser.parse("f", Array(text.utf8))]
    return ConfigurationListing(configuration: try ServeConfiguration(reading: sources))
  }

  @Test
  func eachValueHasItsOrigin() throws {
    let text = try listing("[log]\nlevel = debug", ["--socket=/s"]).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.prefix(3) == ["# Files: f", "", "[engine]"])
    for line in [
      "path = /s                                   ; --socket",
      "level = debug                               ; f:2",
      "#connections = 512                          ; built-in default",
      "#worker_name =                              ; built-in default: HOST:PID",
      "#token_file =                               ; environment variable III_TOKEN",
    ] { #expect(lines.contains(line), "\(line)") }
  }

  /// Read back, it is the same configuration: also when it holds what would be too long a line with its origin.
  @Test
  func itCanBeReadBack() throws {
    let name = String(repeating: "n", count: 180)
    let first = try listing("[engine]\nworker_name = \(name)\n[limits]\nfunctions = 9", ["--log-level=error"])
    let second = try listing(first.text, [])
    var expected = first.configuration
    expected.origins = second.configuration.origins
    #expect(second.configuration == expected)
  }

  @Test
  func secretsAreNotInIt() throws {
    let listing = try listing("[engine]\nurl = wss://e/?token=s3cret")
    #expect(listing.text.contains("\n#url = wss://e                              ; f:2, its query is not shown\n"))
    var json = ByteBuffer()
    listing.report.write(to: &json)
    let report = String(decoding: Array(copying: json.span), as: UTF8.self)
    #expect(
      report.contains(#"{"key":"engine.url","value":"wss://e","redacted":true,"origin":"file","file":"f","line":2,"#))
    #expect(!listing.text.contains("s3cret") && !report.contains("s3cret"))
  }
}
