import CLibZip

/// What sources of libzip say of themselves.
enum ZipCommands {
  /// Commands of a source that is read from beginning to end.
  static let read = mask([ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE])

  /// Commands of a source that a zip is written to. Reading is promised and never asked for.
  static let written =
    read
    | mask([
      ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE,
      ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE,
    ])

  /// Of a source that an archive is read from.
  static let archive = read | mask([ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS])

  private static func mask(_ commands: [zip_source_cmd_t]) -> zip_int64_t { commands.reduce(0) { $0 | 1 << zip_int64_t($1.rawValue) } }

  /// Answers what the last error was: libzip's code and the system's.
  static func error(_ codes: (Int32, Int32), _ data: UnsafeMutableRawPointer?) -> zip_int64_t {
    guard let data else { return -1 }
    data.storeBytes(of: codes.0, as: Int32.self)
    data.storeBytes(of: codes.1, toByteOffset: MemoryLayout<Int32>.size, as: Int32.self)
    return zip_int64_t(2 * MemoryLayout<Int32>.size)
  }
}
