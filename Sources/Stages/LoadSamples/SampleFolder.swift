package import Basics
import Foundation
import Networks
import Pictures
import StageRuntime

/// Images in a folder and those below it, one PNG each, in natural order of their paths.
package struct SampleFolder: SampleFiles {
  let image: ImageShape
  private let folder: String
  /// Paths below the folder, sorted.
  private let names: [String]
  /// Content digests of the images, once they are known to be those of the key.
  private var digests: [Digest]?

  var count: Int { names.count }
  var residentBytes: Int { 3 * image.count }

  /// Lists the folder and reads its first image. Throws when it holds none, or images of a kind that is not read.
  package init(_ folder: String) throws {
    var isFolder: ObjCBool = false
    // On Linux a folder that is not there is listed as an empty one.
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
      let listing = FileManager.default.enumerator(atPath: folder)
    else {
      throw PlumbError("there is no such folder", kind: .input, at: folder)
    }
    var names: [String] = []
    for case let name as String in listing {
      let parts = name.split(separator: "/")
      guard !parts.contains(where: { $0.hasPrefix(".") }), let last = parts.last else { continue }
      let ending = last.lowercased().split(separator: ".").last.map(String.init) ?? ""
      if Self.refused.contains(ending) {
        throw PlumbError(
          "only PNG images are read: a lossy copy has other scores", kind: .input, at: "\(folder)/\(name)", expected: "PNG", found: ending)
      }
      if ending == "png" { names.append(name) }
    }
    names.sort(by: NaturalOrder.precedes)
    guard let first = names.first else { throw PlumbError("the folder has no PNG images", kind: .input, at: folder) }
    self.folder = folder
    self.names = names
    let decoded = try Self.decode("\(folder)/\(first)", expected: nil)
    image = ImageShape(channels: decoded.channels, height: decoded.height, width: decoded.width)
  }

  /// The digest of names and contents, in order: what the folder holds, wherever it is.
  package func digest() throws -> Digest { try digest(of: contents()) }

  /// The folder, once `check` has taken its digest; what is read of it from then on is compared again, image by image.
  /// - Parameter check: throws unless the digest of the folder at that path is the planned one.
  func checked(_ check: (Digest, String) throws -> Void) throws -> SampleFolder {
    var folder = self
    let digests = try contents()
    try check(digest(of: digests), self.folder)
    folder.digests = digests
    return folder
  }

  private func contents() throws -> [Digest] { try names.map { try AtomicFile.digest("\(folder)/\($0)").digest } }

  private func digest(of contents: [Digest]) -> Digest {
    CanonicalValue.list(zip(names, contents).map { .list([.text($0), .digest($1)]) }).digest
  }

  package func read(_ range: Range<Int>) throws -> [UInt8] {
    try range.flatMap { index in
      let decoded = try Self.decode("\(folder)/\(names[index])", expected: image, content: digests?[index])
      return planes(ofRows: decoded.pixels[...], image)
    }
  }

  /// Kinds of images that are not read; other files (notes, labels) are left alone.
  private static let refused: Set<String> = ["jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "ppm"]
  private static let byteLimit = 256 << 20

  private static func decode(_ path: String, expected: ImageShape?, content: Digest? = nil) throws -> PNGImage {
    do {
      let bytes = try AtomicFile.read(path, limit: byteLimit)
      if let content, case let found = Digest(of: bytes), found != content { throw StageInputs.changed(path, content, found) }
      let decoded = try PNGImage(decoding: bytes, limit: 1 << 24)
      let found = ImageShape(channels: decoded.channels, height: decoded.height, width: decoded.width)
      guard expected == nil || expected == found else {
        throw PlumbError("an image is of another size than the first", expected: expected?.label, found: found.label)
      }
      return decoded
    } catch let error as PlumbError {
      var error = error.place?.hasPrefix(path) == true ? error : error.at(path)
      error.kind = .input
      throw error
    }
  }
}
