import Basics
import Checkpoints
import Engine

/// The plain, slow meaning of every operation, in float64, one sample at a time. It is kept for ever: other devices are compared
/// with it, and it shows that a device needs nothing but the public seam.
public struct ReferenceDevice: Device {
  public init() {}

  public var name: String { "reference" }
  public var about: String { "plain loops in float64" }

  public func profile(furtherProbes: [String: Digest]) throws -> NumericsProfile {
    NumericsProfile(
      mode: .reference, backend: "reference-1", dtype: .float64, arithmetic: "float64", probe: Digest(of: Array("plain loops".utf8)),
      furtherProbes: furtherProbes)
  }

  public func compile(_ graph: Graph, batch: Int?) throws -> any CompiledNetwork {
    for node in graph.nodes where !(node.operation is GraphInput || node.operation is any ReferenceOperation) {
      throw PlumbError.noKernel(for: node.operation, on: self)
    }
    return try ReferenceNetwork(graph: graph, batch: batch ?? 2)
  }
}

private struct ReferenceNetwork: CompiledNetwork {
  let graph: Graph
  let batch: Int
  let check: RunCheck

  init(graph: Graph, batch: Int) throws {
    check = try RunCheck(graph, batch: batch)
    self.graph = graph
    self.batch = batch
  }

  var weightBytes: Int { graph.parameters.reduce(0) { $0 + 8 * $1.shape.reduce(1, *) } }
  /// All values of one sample.
  var arenaBytes: Int { graph.nodes.reduce(0) { $0 + 8 * $1.shape.count } }

  func load(_ source: any TensorSource) throws -> any LoadedNetwork {
    try graph.checkPresence(in: source)
    var parameters: [String: [Double]] = [:]
    for parameter in graph.parameters { parameters[parameter.name] = try parameter.read(from: source).doubles() }
    return LoadedReferenceNetwork(compiled: self, parameters: parameters)
  }
}

private struct LoadedReferenceNetwork: LoadedNetwork {
  let compiled: ReferenceNetwork
  let parameters: [String: [Double]]

  var network: any CompiledNetwork { compiled }

  func makeLane() throws -> any Lane { ReferenceLane(self) }
}

private final class ReferenceLane: Lane {
  private let loaded: LoadedReferenceNetwork

  init(_ loaded: LoadedReferenceNetwork) { self.loaded = loaded }

  func run(
    count: Int, inputs: [String: UnsafeBufferPointer<Float>], outputs: [String: UnsafeMutableBufferPointer<Float>]
  ) throws {
    try loaded.compiled.check.check(count: count, inputs: inputs, outputs: outputs)
    let evaluation = ReferenceEvaluation(graph: loaded.compiled.graph, parameters: loaded.parameters)
    for sample in 0..<count {
      var feeds: [String: [Float]] = [:]
      for input in loaded.compiled.inputs {
        feeds[input.name] = inputs[input.name].map { Array($0[sample * input.shape.count..<(sample + 1) * input.shape.count]) }
      }
      for (name, values) in evaluation.outputs(feeds) {
        guard let buffer = outputs[name] else { continue }
        for (place, value) in values.enumerated() { buffer[sample * values.count + place] = Float(value) }
      }
    }
  }
}
