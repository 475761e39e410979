// swift-tools-version: 6.2
import PackageDescription

// No package is a dependency: docs/decisions/0001-no-swift-package.md.
let package = Package(
  name: "iiid",
  products: [
    .library(name: "III", targets: ["III"]),
    .library(name: "IIIObservability", targets: ["IIIObservability"]),
    .executable(name: "iiid", targets: ["iiid"]),
    .executable(name: "iii-dev-engine", targets: ["iii-dev-engine"]),
  ],
  targets: [
    // Debian's libraries: docs/decisions/0002-debian-libraries.md.
    .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .systemLibrary(name: "CINIH", pkgConfig: "inih", providers: [.apt(["libinih-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

    // Pure: no I/O, no clock, no C library.
    .target(name: "Bytes"),
    .target(name: "RawJSON", dependencies: ["Bytes"]),
    .target(name: "WebSocket", dependencies: ["Bytes"]),
    .target(name: "LocalProtocol", dependencies: ["Bytes", "RawJSON"]),

    // The event loop and everything that reads or writes a socket.
    .target(name: "Transport", dependencies: ["Bytes", "WebSocket", "CUV", "COpenSSL"]),

    // Spans, log lines and metrics of a worker, and their way to the engine.
    .target(name: "IIIObservability", dependencies: ["Bytes", "RawJSON", "WebSocket", "Transport"]),

    // The SDK: the engine link and the public API.
    .target(name: "III", dependencies: ["Bytes", "RawJSON", "WebSocket", "Transport", "IIIObservability"]),

    // HTTP requests of the development engine: docs/decisions/0014-libcurl-for-http-functions.md.
    .target(name: "HTTPClient", dependencies: ["Bytes", "WebSocket", "Transport", "CCurl", "COpenSSL"]),

    // Calls that are kept on disk until the engine has them: docs/decisions/0019-outbox.md.
    .target(name: "Outbox", dependencies: ["RawJSON", "Transport", "CSQLite"]),

    // The development engine; the daemon starts it as a child and never imports it.
    .target(name: "DevEngine", dependencies: ["Bytes", "RawJSON", "WebSocket", "Transport", "HTTPClient"]),
    .executableTarget(name: "iii-dev-engine", dependencies: ["DevEngine", "Transport"]),

    // The daemon and its command line.
    .executableTarget(
      name: "iiid",
      dependencies: [
        "Bytes", "RawJSON", "WebSocket", "Transport", "LocalProtocol", "III", "Outbox", "CSystemd", "CINIH",
      ]),

    // Our end of a WebSocket connection, for Tests/Integration against other implementations.
    .executableTarget(
      name: "websocket-peer", dependencies: ["Bytes", "WebSocket", "Transport"], path: "Tests/Tools/websocket-peer"),

    // A worker made of the SDK, for Tests/Integration against other SDKs.
    .executableTarget(name: "swift-worker", dependencies: ["III"], path: "Tests/Tools/swift-worker"),

    // The worker of the README.
    .executableTarget(
      name: "example-worker", dependencies: ["III"], path: "examples/swift", exclude: ["channel", "provider"]),
    .executableTarget(name: "example-provider", dependencies: ["III"], path: "examples/swift/provider"),
    .executableTarget(name: "example-channel", dependencies: ["III"], path: "examples/swift/channel"),

    // The Swift SDK's end of Benchmarks/sdk.py.
    .executableTarget(name: "sdk-peer", dependencies: ["III"], path: "Benchmarks/sdk"),

    // The code of the libraries' documentation, and all their public types: compiled with nothing else imported.
    .target(name: "Snippets", dependencies: ["III"], path: "Tests/Snippets"),
    // What several test targets wait with.
    .target(name: "TestSupport", dependencies: ["Transport"], path: "Tests/Support"),

    .testTarget(name: "PublicAPITests", dependencies: ["III"]),

    .testTarget(name: "BytesTests", dependencies: ["Bytes"]),
    .testTarget(name: "RawJSONTests", dependencies: ["RawJSON", "Bytes"]),
    .testTarget(name: "WebSocketTests", dependencies: ["WebSocket", "Bytes"]),
    .testTarget(name: "LocalProtocolTests", dependencies: ["LocalProtocol", "RawJSON", "Bytes"]),
    .testTarget(name: "TransportTests", dependencies: ["Transport", "WebSocket", "Bytes", "TestSupport"]),
    .testTarget(
      name: "IIITests",
      dependencies: ["III", "IIIObservability", "Transport", "WebSocket", "RawJSON", "Bytes", "TestSupport"]),
    .testTarget(
      name: "IIIObservabilityTests",
      dependencies: ["IIIObservability", "Transport", "WebSocket", "RawJSON", "Bytes", "TestSupport"]),
    .testTarget(
      name: "DevEngineTests",
      dependencies: ["DevEngine", "HTTPClient", "Transport", "WebSocket", "RawJSON", "Bytes", "TestSupport"]),
    .testTarget(name: "OutboxTests", dependencies: ["Outbox", "Transport"]),
    .testTarget(
      name: "iiidTests", dependencies: ["iiid", "LocalProtocol", "III", "Outbox", "Transport", "RawJSON", "Bytes"]),
  ],
  swiftLanguageModes: [.v6]
)

let strict = Context.environment["IIID_STRICT"] == "1"

let settings: [SwiftSetting] =
  [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0470-isolated-conformances.md
    .enableUpcomingFeature("InferIsolatedConformances"),
    // Spans in fields and results, for the views that are handed to owners.
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

for target in package.targets where target.type != .system {
  target.swiftSettings = settings + (target.swiftSettings ?? [])
}
