import Transport

/// Where the configuration files are, and how they are read.
struct ConfigurationFiles: Equatable, Sendable {
  /// The file that is read when nobody names one.
  static let usualPath = "/etc/iiid/iiid.conf"
  /// The most bytes of a file.
  private static let longestFile = 1 << 20
  /// The most fragments.
  private static let fragmentLimit = 256

  /// The file; the folder of its fragments is called after it.
  let path: String
  /// Whether somebody named it, so that it has to be there.
  let isNamed: Bool

  /// The files that the command line or the environment names, else the usual ones.
  init(_ commandLine: ParsedCommandLine, _ environment: [String: String]) {
    let named = commandLine.argument(of: .config) ?? environment["IIID_CONFIG"] ?? ""
    isNamed = !named.isEmpty
    path = isNamed ? named : Self.usualPath
  }

  /// Reads the file and then its fragments, which are in the folder `<file>.d` and are called `*.conf`, in the order of
  /// their names. Touches the disk, so that it is called before the loop runs or on another thread.
  ///
  /// What cannot be read is a file with a problem. Neither the usual file nor any fragment has to be there.
  func read() -> [ConfigurationFile] {
    var files: [ConfigurationFile] = []
    if let file = Self.read(path, isOptional: !isNamed) { files.append(file) }
    let folder = path + ".d"
    do throws(Errno) {
      let names = try FolderListing.names(in: folder)
        .filter { $0.utf8.first != UInt8(ascii: ".") && $0.hasSuffix(".conf") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for name in names.prefix(Self.fragmentLimit) {
        if let file = Self.read("\(folder)/\(name)", isOptional: false) { files.append(file) }
      }
      if names.count > Self.fragmentLimit {
        files.append(
          Self.unreadable(
            folder, "holds \(names.count) files *.conf, of at most \(Self.fragmentLimit); put some together"))
      }
    } catch {
      if error != .noSuchFile {
        files.append(Self.unreadable(folder, "\(error); make it a folder that the daemon's user may list"))
      }
    }
    return files
  }

  private static func read(_ path: String, isOptional: Bool) -> ConfigurationFile? {
    do throws(SmallFileError) {
      let file = try SmallFile(path: path, limit: longestFile)
      var parsed = INIParser.parse(path, file.content)
      parsed.isExposed = file.isExposed
      parsed.isOpen = file.isOpen
      return parsed
    } catch {
      switch error {
      case .system(.noSuchFile): return isOptional ? nil : unreadable(path, "\(error); make it, or name another file")
      case .system: return unreadable(path, "\(error); let the daemon's user read it")
      case .directory: return unreadable(path, "\(error); put a file there")
      case .tooLong: return unreadable(path, "\(error), which no configuration needs; put the right file there")
      }
    }
  }

  private static func unreadable(_ path: String, _ text: String) -> ConfigurationFile {
    ConfigurationFile(path: path, problems: [ConfigurationFile.Problem(line: 0, text: text)])
  }
}
