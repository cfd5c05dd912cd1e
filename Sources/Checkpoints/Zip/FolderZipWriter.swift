import Basics
import CLibZip

/// Writes a zip of whole files with libzip, into a file that appears under its name when it is whole. A member's bytes are asked
/// for when it is its turn, so that never more than one is in memory.
///
/// (Zips of tensors are written by `ZipWriter`: libzip can neither align members, as torch does, nor take one piece by piece.)
final class FolderZipWriter {
  private let path: String
  private let members: [ZipFolder.Member]
  private let isCancelled: () -> Bool
  private var file: NewFile?
  private var position = 0
  private var length = 0
  /// The first thing that went wrong here; libzip only tells that something did.
  private(set) var failure: (any Error)?

  init(_ path: String, _ members: [ZipFolder.Member], isCancelled: @escaping () -> Bool) {
    (self.path, self.members, self.isCancelled) = (path, members, isCancelled)
  }

  /// Throws what a member or a system call threw, or, with an error of kind `interrupted`, once `isCancelled` says so.
  func write() throws {
    do {
      try withExtendedLifetime(self) { try writeArchive() }
    } catch {
      throw failure ?? error
    }
  }

  private func writeArchive() throws {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    let output = zip_source_function_create(
      { context, data, count, command in
        guard let context else { return -1 }
        return Unmanaged<FolderZipWriter>.fromOpaque(context).takeUnretainedValue().answer(command, data, count)
      }, Unmanaged.passUnretained(self).toOpaque(), &error)
    guard let output else { throw PlumbError("libzip cannot write: \(String(cString: zip_error_strerror(&error)))", at: path) }
    guard let archive = zip_open_from_source(output, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
      zip_source_free(output)
      throw PlumbError("libzip cannot write: \(String(cString: zip_error_strerror(&error)))", at: path)
    }
    let sources = members.map { MemberSource($0, report: { [unowned self] in self.note($0) }) }
    // libzip lets go of its sources when it closes or discards the archive: what answers for them lives until then.
    let failed = withExtendedLifetime(sources) { () -> String? in
      if sources.allSatisfy({ add($0, to: archive) }) && zip_close(archive) == 0 { return nil }
      defer { zip_discard(archive) }
      return String(cString: zip_strerror(archive))
    }
    if let failed { throw PlumbError("libzip cannot write: \(failed)", at: path) }
  }

  private func add(_ member: MemberSource, to archive: OpaquePointer) -> Bool {
    guard let source = member.source(in: archive) else { return false }
    let index = zip_file_add(archive, member.name, source, ZIP_FL_ENC_UTF_8)
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    // Stored, and of no date: equal files make an equal zip.
    return zip_set_file_compression(archive, zip_uint64_t(index), ZIP_CM_STORE, 0) == 0
      && zip_file_set_dostime(archive, zip_uint64_t(index), 0, 1 << 5 | 1, 0) == 0
  }

  private func note(_ error: any Error) { failure = failure ?? error }

  /// What libzip asks of the file it writes.
  private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ count: zip_uint64_t) -> zip_int64_t {
    do {
      switch command {
      case ZIP_SOURCE_SUPPORTS: return ZipCommands.written
      case ZIP_SOURCE_BEGIN_WRITE:
        file = try NewFile(for: path)
        (position, length) = (0, 0)
      case ZIP_SOURCE_WRITE:
        if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
        guard let file, let count = Int(exactly: count) else { return -1 }
        try file.write(UnsafeRawBufferPointer(start: data, count: count), at: position)
        position += count
        length = max(length, position)
        return zip_int64_t(count)
      case ZIP_SOURCE_SEEK_WRITE:
        guard let data else { return -1 }
        let offset = zip_source_seek_compute_offset(zip_uint64_t(position), zip_uint64_t(length), data, count, nil)
        guard offset >= 0 else { return -1 }
        position = Int(offset)
      case ZIP_SOURCE_TELL_WRITE: return zip_int64_t(position)
      case ZIP_SOURCE_COMMIT_WRITE:
        try file?.finish(as: path)
        file = nil
      case ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_FREE: file = nil
      // There is nothing to be read: the archive is new.
      case ZIP_SOURCE_STAT: return -1
      case ZIP_SOURCE_ERROR:
        return ZipCommands.error(
          failure == nil ? (ZIP_ER_READ, SystemCode.missing.rawValue) : (ZIP_ER_WRITE, SystemCode.inputOutput.rawValue), data)
      default: return -1
      }
      return 0
    } catch {
      note(error)
      return -1
    }
  }
}

/// One member on its way into a zip: made when libzip opens it, let go of when it closes it.
private final class MemberSource {
  private let member: ZipFolder.Member
  private let report: (any Error) -> Void
  private var bytes: [UInt8] = []
  private var position = 0

  var name: String { member.name }

  init(_ member: ZipFolder.Member, report: @escaping (any Error) -> Void) { (self.member, self.report) = (member, report) }

  /// For libzip to own; this object must outlive it.
  func source(in archive: OpaquePointer) -> OpaquePointer? {
    zip_source_function(
      archive,
      { context, data, count, command in
        guard let context else { return -1 }
        return Unmanaged<MemberSource>.fromOpaque(context).takeUnretainedValue().answer(command, data, count)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ count: zip_uint64_t) -> zip_int64_t {
    switch command {
    case ZIP_SOURCE_SUPPORTS: return ZipCommands.read
    case ZIP_SOURCE_OPEN:
      do {
        bytes = try member.read()
        position = 0
        guard bytes.count == member.length else {
          throw PlumbError("a file changed while it was packed", at: name, expected: "\(member.length) bytes", found: "\(bytes.count)")
        }
        return 0
      } catch {
        report(error)
        return -1
      }
    case ZIP_SOURCE_READ:
      let taken = bytes[position...].prefix(Int(clamping: count))
      if let data { UnsafeMutableRawBufferPointer(start: data, count: taken.count).copyBytes(from: taken) }
      position += taken.count
      return zip_int64_t(taken.count)
    case ZIP_SOURCE_STAT:
      guard let facts = data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
      zip_stat_init(facts)
      facts.pointee.size = zip_uint64_t(member.length)
      facts.pointee.valid = zip_uint64_t(ZIP_STAT_SIZE)
      return zip_int64_t(MemoryLayout<zip_stat_t>.size)
    case ZIP_SOURCE_ERROR: return ZipCommands.error((ZIP_ER_READ, SystemCode.inputOutput.rawValue), data)
    case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE:
      bytes = []
      return 0
    default: return -1
    }
  }
}
