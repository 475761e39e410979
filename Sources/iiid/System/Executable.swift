import Glibc

/// Programs on the disk.
enum Executable {
  /// Where `name` is: beside the running program, else in the first directory of `searchPath` (as `PATH` has it).
  static func find(_ name: String, searchPath: String?) -> String? {
    var directories: [String] = []
    if let own = ownDirectory { directories.append(own) }
    // An empty element would mean the current directory, whoever may write there.
    directories += (searchPath ?? "").split(separator: ":").map(String.init)
    return directories.map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  /// The directory of the running program. The corresponding C function is `readlink`.
  private static var ownDirectory: String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      let text = unsafe bytes.bindMemory(to: CChar.self)
      guard let start = text.baseAddress else { return 0 }
      return unsafe readlink("/proc/self/exe", start, text.count)
    }
    guard count > 0 else { return nil }
    let path = String(decoding: buffer[..<count], as: UTF8.self)
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return String(path[..<slash])
  }

  /// The corresponding C functions are `access` and `stat`: a directory is executable too.
  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
  }
}
