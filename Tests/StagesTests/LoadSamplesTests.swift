import ArtifactStore
import Basics
import Checkpoints
import Foundation
import Pictures
import Planning
import StageSchema
import Stages
import Testing

/// Samples made elsewhere, in every form they come in.
@Suite struct LoadSamplesTests {
  /// The first digits of the shipped data set, [N, 1, 8, 8].
  private static func digits(_ count: Int) throws -> [UInt8] {
    Array(try CheckpointFile.open(TinyRun.digits + "/digits.npz").read("images").bytes.prefix(count * 64))
  }

  /// An npy file of format 1.0.
  private static func npy(_ bytes: [UInt8], _ shape: [Int], dtype: String = "|u1") -> [UInt8] {
    var header = "{'descr': '\(dtype)', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8) + bytes
  }

  private func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-samples-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    return folder
  }

  private func pipeline(_ with: String) -> String {
    """
    plumb: 1
    name: adopted
    stages:
      adopted: {uses: load-samples, with: {\(with)}}
      images: {uses: load-dataset, with: {file: \(TinyRun.digits)/digits.npz}}
      features: {uses: load-features, with: {file: \(TinyRun.digits)/digits-features.pt, architecture: digits-features}}
      score: {uses: score, inputs: {samples: adopted, reference: images, features: features}, with: {metrics: [fd]}}
    default: [score]
    """
  }

  private func bytes(_ run: TinyRun) throws -> [UInt8] {
    try run.artifact("adopted", "images").parts.flatMap { part in
      try Safetensors.decode(run.workspace.store.read(part.object)).read("images").bytes
    }
  }

  private func score(_ run: TinyRun) throws -> JSONValue? { try run.json("score", "scores")["metrics"]?["fd"] }

  @Test func anArrayAndAFolderOfTheSameImagesScoreTheSame() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let count = 300
    let digits = try Self.digits(count)
    try AtomicFile.write(Self.npy(digits, [count, 8, 8, 1]), to: folder + "/samples.npy")
    for index in 0..<count {
      let image = try PNGImage(width: 8, height: 8, channels: 1, pixels: Array(digits[index * 64..<(index + 1) * 64]))
      try AtomicFile.makeDirectory(folder + "/png/\(index / 100)")
      try AtomicFile.write(image.encoded(), to: folder + "/png/\(index / 100)/\(index).png")
    }
    try AtomicFile.write(Array("notes".utf8), to: folder + "/png/README.txt")
    let (array, images) = (try TinyRun(pipeline("file: \(folder)/samples.npy")), try TinyRun(pipeline("folder: \(folder)/png")))
    #expect(try bytes(array) == digits)
    #expect(try bytes(images) == digits, "natural order: 2.png stands before 10.png")
    #expect(try array.artifact("adopted", "images") == images.artifact("adopted", "images"))
    let found = try #require(score(array)?.double)
    #expect(try score(images)?.double == found)
    // A part of the reference set against the whole of it.
    #expect(found > 0 && found < 50, "fd \(found)")
    let first = try TinyRun(pipeline("file: \(folder)/samples.npy, samples: 40"))
    #expect(try bytes(first) == Array(digits.prefix(40 * 64)))
  }

  @Test func channelsMoveToTheFront() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pixels = (0..<2 * 2 * 2 * 3).map { UInt8($0) }
    try AtomicFile.write(Self.npy(pixels, [2, 2, 2, 3]), to: folder + "/rows.npy")
    var rows = try SampleArray(path: folder + "/rows.npy", array: nil, isChannelsLast: true)
    let expected: [UInt8] = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11].flatMap { [UInt8($0)] }
    #expect(try rows.read(0..<1) == expected)
    try AtomicFile.makeDirectory(folder + "/png")
    try AtomicFile.write(PNGImage(width: 2, height: 2, channels: 3, pixels: Array(pixels.prefix(12))).encoded(), to: folder + "/png/a.png")
    #expect(try SampleFolder(folder + "/png").read(0..<1) == expected)
    try AtomicFile.write(Self.npy(expected, [1, 3, 2, 2]), to: folder + "/planes.npy")
    var planes = try SampleArray(path: folder + "/planes.npy", array: nil, isChannelsLast: false)
    #expect(try planes.read(0..<1) == expected)
  }

  @Test func namesAndContentsEnterTheKeyAndThePlaceDoesNot() throws {
    let (one, two) = (try folder(), try folder())
    defer { for path in [one, two] { try? FileManager.default.removeItem(atPath: path) } }
    let (black, white) = (
      try PNGImage(width: 1, height: 1, channels: 1, pixels: [0]), try PNGImage(width: 1, height: 1, channels: 1, pixels: [255])
    )
    for path in [one, two] {
      try AtomicFile.write(black.encoded(), to: path + "/1.png")
      try AtomicFile.write(white.encoded(), to: path + "/2.png")
    }
    #expect(try SampleFolder(one).digest() == SampleFolder(two).digest())
    let before = try SampleFolder(two).digest()
    try AtomicFile.write(black.encoded(), to: two + "/2.png")
    #expect(try SampleFolder(two).digest() != before, "another content")
    try AtomicFile.write(white.encoded(), to: two + "/2.png")
    rename(two + "/2.png", two + "/3.png")
    #expect(try SampleFolder(two).digest() != before, "another name")
  }

  @Test func numbersInNamesCompareByValue() {
    let sorted = ["10.png", "9.png", "a2b", "a10b", "a02c", "000001.png", "1.png", "0/10.png", "0/9.png", "b"].sorted(
      by: NaturalOrder.precedes)
    #expect(sorted == ["0/9.png", "0/10.png", "000001.png", "1.png", "9.png", "10.png", "a2b", "a02c", "a10b", "b"])
  }

  /// What the plan says of a wrong use.
  private func refusal(_ with: String) throws -> String {
    do {
      _ = try TinyRun(pipeline(with))
      return "no error"
    } catch let error as DiagnosticsError {
      #expect(error.diagnostics.count == 1, "one error: \(error.diagnostics.map(\.rendered))")
      return error.diagnostics.map(\.rendered).joined()
    }
  }

  @Test func wrongInputsAreOneErrorThatNamesTheFile() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ bytes: [UInt8], _ name: String) throws {
      try AtomicFile.makeDirectory(folder + "/" + (name as NSString).deletingLastPathComponent)
      try AtomicFile.write(bytes, to: folder + "/" + name)
    }
    let image = try PNGImage(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 3, count: 64)).encoded()
    try write(Self.npy([UInt8](repeating: 0, count: 256), [1, 8, 8, 1], dtype: "<f4"), "floats.npy")
    try write(Self.npy([UInt8](repeating: 0, count: 128), [2, 1, 8, 8]), "planes.npy")
    try write(Self.npy([UInt8](repeating: 0, count: 128), [2, 8, 8, 1]), "rows.npy")
    try write(Array("GIF89a".utf8), "text.npz")
    try write(image, "jpeg/1.png")
    try write([0xFF, 0xD8], "jpeg/2.jpg")
    try write(Array(image.prefix(20)), "damaged/1.png")
    try AtomicFile.makeDirectory(folder + "/empty")
    let wrong: [(String, [String])] = [
      ("file: \(folder)/none.npz", ["no such file", "none.npz"]),
      ("folder: \(folder)/none", ["no such folder"]),
      ("folder: \(folder)/empty", ["no PNG images"]),
      ("folder: \(folder)/jpeg", ["only PNG", "2.jpg"]),
      ("folder: \(folder)/damaged", ["not a readable PNG", "1.png"]),
      ("file: \(folder)/text.npz", ["not a checkpoint", "text.npz"]),
      ("file: \(folder)/floats.npy", ["8-bit", "float32"]),
      ("file: \(folder)/planes.npy", ["layout"]),
      ("file: \(folder)/rows.npy, array: arr_1", ["arr_1"]),
      ("file: \(folder)/rows.npy, samples: 3", ["fewer samples"]),
      ("file: \(folder)/rows.npy, folder: \(folder)/jpeg", ["named twice"]),
      ("layout: nhwc", ["which file"]),
    ]
    for (with, words) in wrong {
      let said = try refusal(with)
      for word in words { #expect(said.contains(word), "\(with): \(said)") }
    }
    try write(image, "mixed/1.png")
    try write(PNGImage(width: 4, height: 8, channels: 1, pixels: [UInt8](repeating: 3, count: 32)).encoded(), "mixed/2.png")
    let error = #expect(throws: PlumbError.self) { try SampleFolder(folder + "/mixed").read(0..<2) }
    #expect(error?.description.contains("2.png") == true && error?.description.contains("another size") == true)
  }
}
