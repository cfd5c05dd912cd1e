import Basics
import Checkpoints
import FileFaults
import Testing

/// What the writers write, the readers read; and the bytes are those of the published formats.
@Suite struct WriterTests {
  private func sample() throws -> [(name: String, tensor: HostTensor)] {
    [
      ("time_embed.0.weight", try HostTensor(floats: (0..<12).map(Float.init), shape: [3, 4])),
      ("b", try HostTensor(integers: [-1, .max], shape: [2])), ("scalar", try HostTensor(doubles: [0.1], shape: [])),
      ("empty", try HostTensor(floats: [], shape: [0, 3])), ("flags", try HostTensor(dtype: .bool, shape: [3], bytes: [1, 0, 1])),
      ("ключ", try HostTensor(dtype: .bfloat16, shape: [1], bytes: [0x80, 0x3F])),
    ]
  }

  private func entries(_ tensors: [(name: String, tensor: HostTensor)]) -> [TensorEntry] {
    tensors.map { TensorEntry(name: $0.name, dtype: $0.tensor.dtype, shape: $0.tensor.shape) }
  }

  @Test func safetensorsComeBackInTheirOrder() throws {
    let tensors = try sample()
    let contents = try Safetensors.decode(Safetensors.encode(tensors, metadata: ["format": "pt", "quote": "\"\n"]))
    #expect(contents.metadata == ["format": "pt", "quote": "\"\n"])
    #expect(contents.entries.map(\.name).filter { $0 != "empty" } == tensors.map(\.name).filter { $0 != "empty" })
    for (name, tensor) in tensors { #expect(try contents.read(name) == tensor) }
  }

  @Test func theStreamedSafetensorsAreTheSameBytes() throws {
    let tensors = try sample()
    var bytes: [UInt8] = []
    var writer = try SafetensorsWriter(entries: entries(tensors), metadata: ["a": "b"]) { bytes += $0 }
    #expect(throws: PlumbError.self) { try writer.finish() }
    #expect(throws: PlumbError.self) { try writer.append(tensors[1].tensor) }
    for (_, tensor) in tensors { try writer.append(tensor) }
    try writer.finish()
    #expect(try bytes == Safetensors.encode(tensors, metadata: ["a": "b"]))
  }

  @Test func twoTensorsOfOneNameAreNotWritten() throws {
    let tensor = try HostTensor(floats: [1], shape: [1])
    #expect(throws: PlumbError.self) { try Safetensors.encode([("a", tensor), ("a", tensor)]) }
    #expect(throws: PlumbError.self) { try Safetensors.encode([("__metadata__", tensor)]) }
  }

  /// Once with plain records, once with every number in the 64-bit ones.
  @Test(arguments: [0xFFFF_FFFF, 16]) func torchZipsComeBack(wideFrom: Int) throws {
    let tensors = try sample()
    try withScratchFolder { folder in
      let path = folder + "weights.pt"
      let writer = try TorchZipWriter(zip: ZipWriter(path: path, wideFrom: wideFrom), folder: "weights", entries: entries(tensors))
      for (_, tensor) in tensors { try writer.append(tensor) }
      try writer.finish()
      let source = try CheckpointFile.open(path)
      #expect(source is TorchZipFile)
      #expect(source.entries == entries(tensors))
      for (name, tensor) in tensors { #expect(try source.read(name) == tensor) }
    }
  }

  @Test func aTorchZipIsNotThereBeforeItIsFinished() throws {
    try withScratchFolder { folder in
      let entry = TensorEntry(name: "a", dtype: .float32, shape: [1])
      do {
        let writer = try TorchZipWriter(path: folder + "weights.pt", entries: [entry])
        #expect(throws: PlumbError.self) { try writer.finish() }
      }
      #expect(throws: PlumbError.self) { try CheckpointFile.open(folder + "weights.pt") }
    }
  }

  @Test func `whatever fails while a torch zip is written, none is there or a whole one`() throws {
    let tensors = try sample()
    func write(to path: String) throws {
      let writer = try TorchZipWriter(zip: ZipWriter(path: path), folder: "weights", entries: entries(tensors))
      for (_, tensor) in tensors { try writer.append(tensor) }
      try writer.finish()
    }
    var whole: [UInt8] = []
    try withScratchFolder { folder in
      try write(to: folder + "whole.pt")
      whole = try AtomicFile.read(folder + "whole.pt")
    }
    let trial = try FaultTrial(step: 3) {
      $1 == whole
    } work: {
      try write(to: $0 + "/weights.pt")
    }
    #expect(trial.findings.isEmpty, "\(trial.findings.prefix(5))")
    #expect(trial.calls > 50 && trial.told > trial.calls / 3)
  }

  @Test func npyComesBack() throws {
    for (name, tensor) in try sample() where tensor.dtype != .bfloat16 {
      #expect(try Npy.parse(Npy.encode(tensor)) == tensor, "\(name)")
    }
  }

  /// The check value of CRC-32 for "123456789".
  @Test func theChecksumIsThatOfZip() {
    #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
  }
}
