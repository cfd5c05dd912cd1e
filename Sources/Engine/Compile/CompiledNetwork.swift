import Basics

/// A graph made ready to run for one batch size: merged operations and a place in memory for every value. It holds no
/// weights and no memory, so it answers what a run would cost before anything is read.
public struct CompiledNetwork: Sendable {
  /// Most samples of one run.
  public let batch: Int
  public let mode: NumericsMode
  /// Floating point operations of one sample, counted as direct convolution.
  public let flopsPerSample: Int
  /// The graph after all passes.
  package let graph: Graph
  package let plan: MemoryPlan
  /// Whether a node depends on scalar inputs only: its rows are equal when those of the inputs are.
  let isConditioning: [Bool]
  let weightLayout: WeightLayout

  /// What a run is fed.
  public var inputs: [Graph.Input] { graph.inputs }
  /// What a run hands out.
  public var outputs: [Graph.Output] { graph.outputs }
  /// Bytes of the one arena a lane allocates.
  public var arenaBytes: Int { plan.byteCount }
  /// Bytes of the packed weights, shared by all lanes.
  public var weightBytes: Int { weightLayout.byteCount }

  /// Most samples a network may be compiled for.
  public static let batchLimit = 1 << 16

  /// Runs the passes and plans the memory. Throws when `batch` is out of range or the graph is unsound.
  public init(graph: Graph, batch: Int, mode: NumericsMode) throws {
    guard (1...Self.batchLimit).contains(batch) else {
      throw PlumbError("batch is out of range", kind: .input, expected: "1 to \(Self.batchLimit)", found: "\(batch)")
    }
    try GraphVerifier.verify(graph)
    let fused = try Fusion.apply(graph)
    self.batch = batch
    self.mode = mode
    self.graph = fused
    flopsPerSample = graph.flopsPerSample
    plan = try MemoryPlan(graph: fused, batch: batch)
    weightLayout = WeightLayout(graph: fused)
    var conditioning: [Bool] = []
    for node in fused.nodes {
      switch node.operation {
      case .imageInput, .sequenceInput: conditioning.append(false)
      default: conditioning.append(node.inputs.allSatisfy { conditioning[$0.index] })
      }
    }
    isConditioning = conditioning
  }
}
