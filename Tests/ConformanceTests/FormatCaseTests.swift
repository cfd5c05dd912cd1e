import Basics
import Checkpoints
import Conformance
import EngineCPU
import Foundation
import Testing

/// The family `formats`: the cases pass, and copies of them in which one thing is wrong do not.
@Suite struct FormatCaseTests {
  private static let formats = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/formats")

  static let cases = (try? CaseFolders.find(under: formats.path)) ?? []

  @Test func everyCaseIsThere() { #expect(Self.cases.count == 11) }

  @Test(arguments: cases) func theCasePasses(_ folder: String) {
    let result = CaseResult(running: folder, on: CPUDevice())
    #expect(result.passed, "\(CaseReport.lines(result).filter { $0.contains("FAIL") }.joined(separator: "\n"))")
    #expect(!result.comparisons.isEmpty)
  }

  /// Runs a copy of a case of which `change` has changed something.
  private func result(of name: String, _ change: (URL) throws -> Void) throws -> CaseResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plumb-formats-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: Self.formats.appending(path: name), to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    try change(folder)
    return CaseResult(running: folder.path, on: CPUDevice())
  }

  private func edit(_ folder: URL, _ change: (inout [String: JSONValue]) -> Void) throws {
    let path = folder.appending(path: "case.json").path
    var fields = try #require(JSONValue(contentsOf: path).object)
    change(&fields)
    try AtomicFile.write(JSONValue.object(fields).encoded(), to: path)
  }

  @Test func aBitThatDiffersFailsItsTensorOnly() throws {
    let result = try result(of: "torch_zip_dtypes") { folder in
      let path = folder.appending(path: "tensors.safetensors").path
      let file = try SafetensorsFile(path: path)
      let tensors = try file.entries.map { entry in
        let tensor = try file.read(entry.name)
        guard entry.name == "dtypes.pt::f32" else { return (name: entry.name, tensor: tensor) }
        var bytes = tensor.bytes
        bytes[0] ^= 1
        return (name: entry.name, tensor: try HostTensor(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes))
      }
      try AtomicFile.write(Safetensors.encode(tensors, metadata: [:]), to: path)
    }
    #expect(result.comparisons.filter { $0.failure != nil }.map(\.name) == ["dtypes.pt::f32"])
    #expect(!result.passed)
  }

  @Test func aPlainValueThatDiffersFails() throws {
    let result = try result(of: "torch_zip_nested") { folder in
      let path = folder.appending(path: "case.json").path
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("8589934593"))
      try AtomicFile.write(Array(text.replacingOccurrences(of: "8589934593", with: "8589934594").utf8), to: path)
    }
    #expect(result.comparisons.compactMap(\.failure) == ["expected 8589934594, found 8589934593"])
  }

  @Test func anOutputOfNoFileFails() throws {
    let result = try result(of: "npz") { folder in
      try edit(folder) {
        var outputs = $0["outputs"]?.object ?? [:]
        outputs["absent.npz::x"] = outputs.values.first
        $0["outputs"] = .object(outputs)
      }
    }
    #expect(!result.passed)
    #expect(result.comparisons.filter { $0.failure != nil }.map(\.name) == ["absent.npz::x"])
  }

  @Test func aHostileFileThatIsHarmlessFails() throws {
    let result = try result(of: "hostile") { folder in
      let honest = Self.formats.appending(path: "torch_zip_layout/minimal.pt")
      try FileManager.default.removeItem(at: folder.appending(path: "os_system.pt"))
      try FileManager.default.copyItem(at: honest, to: folder.appending(path: "os_system.pt"))
    }
    #expect(result.comparisons.filter { $0.failure != nil }.map(\.name) == ["os_system.pt"])
    #expect(result.comparisons.first { $0.name == "os_system.pt" }?.failure == "accepted")
  }
}
