import Basics
import Checkpoints
import Foundation
import Testing

/// Networks pickled whole, as EDM and PFGM++ save them.
@Suite struct PickledModuleTests {
  struct Listed: Sendable, CustomTestStringConvertible {
    let file: String
    let count: Int
    let digest: String
    var testDescription: String { file }
  }

  /// What CPython's own unpickler finds in the golden checkpoints: see the README beside the list.
  static let inventory: [Listed] = {
    let text = (try? String(contentsOfFile: Golden.repository + "Tests/Data/pickles/inventory.txt", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ").map(String.init)
      guard parts.count == 3, let count = Int(parts[1]) else { return nil }
      return Listed(file: parts[0], count: count, digest: parts[2])
    }
  }()

  private static let storages: [DType: String] = [.float16: "HalfStorage", .float32: "FloatStorage"]

  @Test func theInventoryIsThere() {
    #expect(Self.inventory.count == 31)
  }

  @Test(arguments: inventory) func everyTensorIsTheOneCPythonFinds(listed: Listed) throws {
    let source = try CheckpointFile.open(Golden.repository + "Tests/Golden/" + listed.file)
    let lines = try source.entries.map { entry in
      let tensor = try source.read(entry.name)
      #expect(tensor.shape == entry.shape && tensor.dtype == entry.dtype, "\(entry.name)")
      let shape = entry.shape.map(String.init).joined(separator: "x")
      return "\(entry.name) \(shape) \(Self.storages[entry.dtype] ?? "?") \(Digest(of: tensor.bytes).hex.prefix(16))"
    }
    #expect(lines.count == listed.count)
    #expect(Digest(of: lines.joined(separator: "\n")).hex == listed.digest, "\(lines.prefix(5))")
  }

  @Test(arguments: inventory) func whatANetworkWasMadeWithIsToldAsTheCaseRecordsIt(listed: Listed) throws {
    let path = Golden.repository + "Tests/Golden/" + listed.file
    let config = try #require(try JSONValue(contentsOf: (path as NSString).deletingLastPathComponent + "/case.json")["config"])
    let network = try #require(CheckpointFile.open(path).attributes["ema"])
    if let arguments = config["init_kwargs"] { #expect(network["init_kwargs"] == arguments) }
    for (name, value) in config["attributes"]?.object ?? [:] {
      #expect(network[name]?.double == value.double && network[name]?.text == value.text, "\(name)")
    }
    if let name = config["class"] { #expect(network["class_name"] == name) }
  }

  @Test func theInnerNetworkIsNestedUnderItsName() throws {
    let source = try CheckpointFile.open(Golden.repository + "Tests/Golden/edm/net-ddpmpp-edm/weights.pkl")
    #expect(source.attribute("ema/model/class_name") == "SongUNet")
    #expect(source.attribute("ema/model/init_kwargs/channel_mult") == [1, 2])
    #expect(source.attribute("ema/sigma_max") == "inf")
    // A numpy scalar: the square root of a half.
    #expect(source.attribute("ema/model/enc/8x8_block0/skip_scale") == .number(0.5.squareRoot()))
    #expect(source.attribute("dataset_kwargs/resolution") == 8)
    #expect(source.attribute("ema/model/module_src") == nil)
    #expect(source.attribute("loss_fn/P_mean") == -1.2)
    #expect(source.under("ema/model.").attributes["class_name"] == "SongUNet")
  }

  @Test func aPickleCutAnywhereIsRefused() throws {
    let bytes = try AtomicFile.read(Golden.repository + "Tests/Golden/edm/block-down-noproj/weights.pkl")
    try withScratchFolder { folder in
      for length in stride(from: 3, to: bytes.count, by: 101) {
        try Data(bytes.prefix(length)).write(to: URL(filePath: folder + "cut"))
        #expect(throws: PlumbError.self, "\(length) of \(bytes.count) bytes") { try CheckpointFile.open(folder + "cut") }
      }
      try Data(bytes + [0]).write(to: URL(filePath: folder + "longer"))
      #expect(throws: PlumbError.self) { try CheckpointFile.open(folder + "longer") }
    }
  }

  @Test func aRenamedViewReshapesAndLeavesOut() throws {
    let source = try CheckpointFile.open(Golden.repository + "Tests/Golden/edm/block-down-noproj/weights.pkl")
    let entry = try #require(source.entries.first { $0.shape.count == 4 })
    let flat = try HostTensor.elementCount(entry.shape)
    let view = try RenamedTensors(source, [(name: "w", of: entry.name, shape: [flat])])
    #expect(view.entries == [TensorEntry(name: "w", dtype: entry.dtype, shape: [flat])])
    #expect(try view.read("w").bytes == source.read(entry.name).bytes)
    #expect(throws: PlumbError.self) { try view.read(entry.name) }
    #expect(throws: PlumbError.self) { try RenamedTensors(source, [(name: "w", of: entry.name, shape: [flat + 1])]) }
    #expect(throws: PlumbError.self) { try RenamedTensors(source, [(name: "w", of: "absent", shape: nil)]) }
  }
}
