import Glibc
import Transport

/// What lies in a folder.
enum FolderListing {
  /// The names of all that is in the folder at `path`, in no order, without `.` and `..`.
  ///
  /// The corresponding C functions are `opendir` and `readdir`.
  static func names(in path: String) throws(Errno) -> [String] {
    guard let folder = unsafe opendir(path) else { throw Errno(code: errno) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while true {
      // A null says both "no more" and "failed".
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        if errno != 0 { throw Errno(code: errno) }
        return names
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
