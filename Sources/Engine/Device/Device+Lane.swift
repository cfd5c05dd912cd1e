public import Checkpoints

extension Device {
  /// A lane over a graph with weights of its own, for one run or a comparison; where lanes share weights, load them once.
  public func lane(of graph: Graph, weights: any TensorSource, batch: Int? = nil) throws -> any Lane {
    try compile(graph, batch: batch).load(weights).makeLane()
  }
}
