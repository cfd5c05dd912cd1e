import Basics
import CLibZip

/// Bytes that are open already, as libzip reads an archive: it never opens the file anew by its name, which may be another
/// file's by then. For one archive, on one thread.
final class ZipByteSource {
  private let bytes: any RandomAccessBytes
  private var position: UInt64 = 0
  /// Why reading failed; libzip itself can only say that it did.
  private(set) var failure: (any Error)?

  init(_ bytes: any RandomAccessBytes) { self.bytes = bytes }

  /// The archive, which its caller discards. It keeps the source until then.
  func open() throws -> OpaquePointer {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    // +1 for libzip, given back at ZIP_SOURCE_FREE.
    let held = Unmanaged.passRetained(self)
    guard let source = zip_source_function_create(Self.answer, held.toOpaque(), &error) else {
      held.release()
      throw failed(&error)
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw failed(&error)
    }
    return archive
  }

  private func failed(_ error: inout zip_error_t) -> any Error {
    failure ?? PlumbError("libzip cannot open the file: \(String(cString: zip_error_strerror(&error)))", at: bytes.path)
  }

  private static let answer: zip_source_callback = { held, data, length, command in
    guard let held else { return -1 }
    let source = Unmanaged<ZipByteSource>.fromOpaque(held)
    if command == ZIP_SOURCE_FREE {
      source.release()
      return 0
    }
    return source.takeUnretainedValue().answer(command, data, length)
  }

  private func answer(_ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    switch command {
    case ZIP_SOURCE_OPEN:
      position = 0
      return 0
    case ZIP_SOURCE_CLOSE: return 0
    case ZIP_SOURCE_READ: return read(data, length)
    case ZIP_SOURCE_SEEK:
      let offset = zip_source_seek_compute_offset(position, UInt64(bytes.size), data, length, nil)
      guard offset >= 0 else { return -1 }
      position = UInt64(offset)
      return 0
    case ZIP_SOURCE_TELL: return Int64(position)
    case ZIP_SOURCE_STAT:
      guard let status = data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
      zip_stat_init(status)
      status.pointee.size = UInt64(bytes.size)
      status.pointee.valid |= UInt64(ZIP_STAT_SIZE)
      return Int64(MemoryLayout<zip_stat_t>.size)
    case ZIP_SOURCE_ERROR: return ZipCommands.error((ZIP_ER_READ, 0), data)
    case ZIP_SOURCE_SUPPORTS: return ZipCommands.archive
    default: return -1
    }
  }

  private func read(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
    let start = Int(position)
    let count = min(Int(clamping: length), bytes.size - start)
    guard count > 0, let data else { return 0 }
    do {
      try bytes.read(at: start, count: count).withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: data, count: count).copyMemory(from: $0)
      }
      position += UInt64(count)
      return Int64(count)
    } catch {
      failure = error
      return -1
    }
  }
}
