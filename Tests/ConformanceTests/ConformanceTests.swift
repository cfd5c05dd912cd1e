import Basics
import Checkpoints
import Conformance
import EngineCPU
import Foundation
import Testing

private let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")

@Suite struct GoldenCaseTests {
  static let cases = ["schedules", "adm"].flatMap { (try? CaseFolders.find(under: golden.appending(path: $0).path)) ?? [] }

  @Test func everyGoldenCaseIsThere() {
    #expect(Self.cases.count == 14 + 33)
  }

  @Test(arguments: cases) func theCasePasses(_ folder: String) {
    let result = CaseResult(running: folder, on: CPUDevice())
    let lines = CaseReport.lines(result).filter { $0.contains("FAIL") }
    #expect(result.passed, "\(lines.joined(separator: "\n"))")
  }
}

/// Damaged copies of a case that passes: each must fail, and say why.
@Suite struct FailureTests {
  /// A copy of a golden schedule with its description and expected tensors changed.
  private func result(
    description: (inout [String: JSONValue]) -> Void = { _ in }, tensors: (String, HostTensor) throws -> HostTensor? = { $1 }
  ) throws -> CaseResult {
    let source = golden.appending(path: "schedules/linear-1000-20")
    let folder = FileManager.default.temporaryDirectory.appending(path: "plumb-conformance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var fields = try #require(JSONValue(contentsOf: source.appending(path: "case.json").path).object)
    description(&fields)
    try Data(JSONValue.object(fields).encoded()).write(to: folder.appending(path: "case.json"))
    let file = try SafetensorsFile(path: source.appending(path: "tensors.safetensors").path)
    let kept = try file.entries.compactMap { entry in try tensors(entry.name, file.read(entry.name)).map { (name: entry.name, tensor: $0) }
    }
    try Data(Safetensors.encode(kept, metadata: [:])).write(to: folder.appending(path: "tensors.safetensors"))
    return CaseResult(running: folder.path, on: CPUDevice())
  }

  private func edited(_ name: String, _ change: @escaping ([Double]) throws -> HostTensor) throws -> CaseResult {
    try result(tensors: { $0 == name ? try change($1.doubles()) : $1 })
  }

  @Test func anUntouchedCopyPasses() throws {
    let result = try result()
    #expect(result.passed && result.comparisons.count == 10)
  }

  @Test func aDeviationBeyondTheToleranceFailsOnlyItsOutput() throws {
    let result = try edited("betas") {
      try HostTensor(doubles: $0.enumerated().map { $0.offset == 7 ? $0.element * 1.00000001 : $0.element }, shape: [20])
    }
    #expect(!result.passed)
    #expect(result.comparisons.filter { $0.failure != nil }.map(\.name) == ["betas"])
    #expect(result.comparisons.first { $0.name == "betas" }?.failure?.hasPrefix("value 7 is") == true)
  }

  @Test func nanShapeTypeAndAbsenceFail() throws {
    let nan = try edited("betas") { try HostTensor(doubles: [.nan] + $0.dropFirst(), shape: [20]) }
    #expect(!nan.passed && nan.comparisons.first { $0.name == "betas" }?.absoluteError.isNaN == true)
    #expect(!(try edited("betas") { try HostTensor(doubles: $0, shape: [20, 1]) }).passed)
    #expect(!(try edited("betas") { try HostTensor(floats: $0.map { Float($0) }, shape: [20]) }).passed)
    #expect(!(try result(tensors: { $0 == "betas" ? nil : $1 })).passed)
  }

  @Test func aDeclaredOutputThatIsNotComputedFails() throws {
    let result = try result(description: {
      guard var outputs = $0["outputs"]?.object else { return }
      outputs["gamma"] = outputs["betas"]
      $0["outputs"] = .object(outputs)
    })
    #expect(result.comparisons.first { $0.name == "gamma" }?.failure?.contains("not computed") == true)
  }

  @Test(arguments: ["classifier-forward", "unheard-of"]) func anUnknownKindFailsAndSaysSo(_ kind: String) throws {
    let result = try result(description: { $0["kind"] = .text(kind) })
    #expect(!result.passed && result.failure?.contains("unknown kind") == true)
  }

  @Test func whatIsNotUnderstoodIsRefused() throws {
    let field = try result(description: { $0["config"] = .object(($0["config"]?.object ?? [:]).merging(["new": 1]) { $1 }) })
    #expect(field.failure?.contains("config.new") == true)
    let part = try result(description: { $0["classifier_weights"] = "x.pt" })
    #expect(part.failure?.contains("classifier_weights") == true)
    let schedule = try result(description: {
      $0["config"] = .object(($0["config"]?.object ?? [:]).merging(["noise_schedule": "sqrt"]) { $1 })
    })
    #expect(schedule.failure?.contains("sqrt") == true)
    let input = try result(description: { $0["inputs"] = ["betas": ["shape": [20], "dtype": "float64"]] })
    #expect(input.failure?.contains("betas") == true)
  }

  @Test func foldersWithoutCasesAreErrors() throws {
    #expect(throws: PlumbError.self) { try CaseFolders.find(under: "/no/such/folder") }
    let empty = FileManager.default.temporaryDirectory.appending(path: "plumb-conformance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: empty) }
    #expect(throws: PlumbError.self) { try CaseFolders.find(under: empty.path) }
  }
}
