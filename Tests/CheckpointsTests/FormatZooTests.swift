import Basics
import Checkpoints
import Testing

/// Every file of the golden zoo is read, and every tensor in it, bit for bit.
@Suite struct FormatZooTests {
  static let zoo = [
    "torch_zip_dtypes", "torch_zip_shared_storage", "torch_zip_strides", "torch_zip_parameters", "torch_zip_nested", "torch_zip_protocols",
    "torch_zip_layout", "torch_legacy_stream", "safetensors", "npz",
  ].flatMap(Golden.files)

  @Test func theZooIsThere() {
    #expect(Self.zoo.count >= 20)
  }

  @Test(arguments: zoo) func everyTensorIsReadBitForBit(file: Golden.FormatFile) throws {
    let expected = try SafetensorsFile(path: file.folder + "tensors.safetensors")
    let source = try CheckpointFile.open(file.path)
    let listed = file.facts["tensors"]?.list ?? []
    for facts in listed {
      let name = (facts["path"]?.list ?? []).map { $0.text ?? String($0.integer ?? -1) }.joined(separator: "/")
      let value = try expected.read(try #require(facts["value"]?.text))
      let tensor = try source.read(name)
      #expect(tensor.shape == facts["shape"]?.list?.compactMap(\.integer), "\(name)")
      let entry = try #require(source.entry(name))
      #expect(entry.shape == tensor.shape && entry.dtype == tensor.dtype)
      if value.dtype == .int64 {
        #expect(try tensor.integers() == value.integers(), "\(name)")
      } else if value.dtype == .float64 {
        #expect(tensor.dtype == .float64 && tensor.bytes == value.bytes, "\(name)")
      } else {
        #expect(tensor.floats().map(\.bitPattern) == value.floats().map(\.bitPattern), "\(name)")
      }
    }
    // The Lightning file holds one more below a key that is a class.
    #expect(source.entries.count == listed.count + (file.name == "ldm_like.ckpt" ? 1 : 0))
  }

  @Test(arguments: zoo) func plainValuesBesideTheTensorsAreRead(file: Golden.FormatFile) throws {
    let source = try CheckpointFile.open(file.path)
    for (path, value) in file.facts["scalars"]?.object ?? [:] {
      #expect(source.attribute(path) == value, "\(path)")
    }
  }

  @Test func oneStateDictOfSeveralIsPickedByItsPrefix() throws {
    let path = try #require(Self.zoo.first { $0.name == "dit_like.pt" }).path
    let source = try CheckpointFile.open(path).under("ema/")
    #expect(source.entries.count == 9)
    #expect(try source.read("0.weight").shape == [4, 3, 3, 3])
    #expect(throws: PlumbError.self) { try source.read("opt") }
  }
}
