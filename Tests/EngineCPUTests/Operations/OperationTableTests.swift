import Basics
import CKernels
import Engine
import EngineCPU
import Foundation
import ReferenceDevice
import Testing

/// Every number negated: an operation that only these tests know.
private struct Negate: Engine.Operation {
  var name: String { "negate" }
  func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.one(operands) }
}

extension Negate: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { NegateInstruction(source: site.inputs[0], output: site.output) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.append(Negate(), [graph.imageInput("x", channels: 3, height: 2, width: 2)])]
  }
}

private struct NegateInstruction: Instruction {
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_scale(Int64(frame.rows(output) * output.count), frame.address(source), -1, frame.address(output))
  }
}

@Suite struct OperationTableTests {
  @Test func everyOperationOfTheTableIsRunByItsProbe() throws {
    for type in CPUOperations.all.types {
      let merged = try CPUNetwork(CPUProbe.graph(of: type), batch: 1, on: CPUDevice()).merged
      #expect(
        merged.nodes.contains { ObjectIdentifier(Swift.type(of: $0.operation)) == ObjectIdentifier(type) }, "\(type)'s probe runs others")
    }
  }

  /// A kernel that no operation calls is run by no probe.
  @Test func everyKernelOfTheHeadersIsCalledByAnOperation() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    let operations = try text(of: sources.appending(path: "EngineCPU/Operations"), "swift")
    let headers = try text(of: sources.appending(path: "CKernels/include"), "h")
    let kernels = Set(headers.matches(of: /(plumb_[a-z0-9_]+)\(/).map { String($0.1) })
    let called = Set(operations.matches(of: /plumb_[a-z0-9_]+/).map { String($0.0) })
    // The first two choose kernels, the third brings pictures in; the last is what SiLU and softmax compute, alone.
    let others: Set = ["plumb_kernels_instruction_set", "plumb_kernels_limit", "plumb_channels_last", "plumb_exp"]
    #expect(kernels.count > 30)
    #expect(kernels.subtracting(others).subtracting(called).sorted() == [], "no operation calls these")
  }

  private func text(of folder: URL, _ type: String) throws -> String {
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == type }.map { try String(contentsOf: $0, encoding: .utf8) }
      .joined()
  }

  private func negation() throws -> Graph {
    var graph = GraphBuilder()
    graph.output("y", graph.append(Negate(), [graph.imageInput("x", channels: 1, height: 1, width: 2)]))
    return try graph.finish()
  }

  @Test func anOperationWithoutALineIsRefusedByName() throws {
    for device in [CPUDevice(), ReferenceDevice()] as [any Device] {
      let error = try #require(throws: PlumbError.self) { try device.compile(negation(), batch: 1) }
      #expect(error.place == "negate" && error.kind == .input, "\(error)")
      #expect(error.message == "device \(device.name) has no kernel for this operation" && error.found == "Negate")
    }
  }

  @Test func oneMoreLineIsAllThatAnOperationNeeds() throws {
    let device = CPUDevice(operations: CPUOperations(CPUOperations.all.types + [Negate.self]))
    let lane = try device.lane(of: negation(), weights: TensorsInMemory(for: negation()), batch: 1)
    var y: [Float] = [0, 0]
    try [Float]([1.5, -2]).withUnsafeBufferPointer { x in
      try y.withUnsafeMutableBufferPointer { try lane.run(count: 1, inputs: ["x": x], outputs: ["y": $0]) }
    }
    #expect(y == [-1.5, 2])
    #expect(try CPUProbe.digest(of: device.operations) != CPUProbe.shipped.get(), "the probe goes through the table")
  }
}
