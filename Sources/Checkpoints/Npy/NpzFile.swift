public import Basics

/// The arrays of `numpy.savez`: a zip of npy members, stored or deflated. An array's name is its member's without ".npy".
public struct NpzFile: TensorSource {
  public let entries: [TensorEntry]
  private let archive: ZipArchive
  private let headers: [String: NpyHeader]

  /// Opens the zip and reads the header of every array.
  public init(path: String) throws {
    do {
      try self.init(archive: ZipArchive(file: RandomAccessFile(path: path)))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  init(archive: ZipArchive) throws {
    var headers: [String: NpyHeader] = [:]
    var entries: [TensorEntry] = []
    for member in archive.entries {
      guard member.name.hasSuffix(".npy") else {
        throw PlumbError("the zip is no npz: a member is not an npy array", at: member.name)
      }
      let name = String(member.name.dropLast(4))
      do {
        let start = try archive.read(member, 0..<min(member.size, NpyHeader.limit + 12))
        let header = try NpyHeader(start, fileSize: member.size)
        headers[name] = header
        entries.append(TensorEntry(name: name, dtype: header.element.dtype, shape: header.shape))
      } catch let error as PlumbError {
        throw error.at(member.name)
      }
    }
    self.archive = archive
    self.entries = entries
    self.headers = headers
  }

  public func read(_ name: String) throws -> HostTensor {
    guard let header = headers[name], let member = archive[name + ".npy"] else { throw unknownTensor(name, in: archive.file.path) }
    do {
      return try header.tensor(from: archive.read(member, header.size..<member.size))
    } catch let error as PlumbError {
      throw error.inFile(archive.file.path)
    }
  }
}

/// A single npy file: one array whose name is empty.
public struct NpyFile: TensorSource {
  public let entries: [TensorEntry]
  private let file: any RandomAccessBytes
  private let header: NpyHeader

  /// Opens the file and reads its header.
  public init(path: String) throws {
    do {
      try self.init(file: RandomAccessFile(path: path))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  init(file: any RandomAccessBytes) throws {
    header = try NpyHeader(file.read(at: 0, count: min(file.size, NpyHeader.limit + 12)), fileSize: file.size)
    entries = [TensorEntry(name: "", dtype: header.element.dtype, shape: header.shape)]
    self.file = file
  }

  public func read(_ name: String) throws -> HostTensor {
    guard name.isEmpty else { throw unknownTensor(name, in: file.path) }
    do {
      return try header.tensor(from: file.read(at: header.size, count: file.size - header.size))
    } catch let error as PlumbError {
      throw error.inFile(file.path)
    }
  }
}
