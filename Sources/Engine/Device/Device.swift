public import Basics
public import Checkpoints

/// What graphs run on: our own kernels on the CPU, or something else that implements every step from a graph to numbers.
///
///     let network = try device.compile(graph, batch: nil)   // what it takes is known before anything is read
///     let loaded = try network.load(checkpoint)             // once per process, shared by all lanes
///     let lane = try loaded.makeLane()                      // one per thread
///     try lane.run(count: 4, inputs: ["x": x], outputs: ["out": y])
///
/// Whoever runs networks is handed a device and asks it; nobody names one but the program, which chooses. A device is a value
/// with its settings in it (the numerics mode, the index of a card), so that one process can hold several.
public protocol Device: Sendable {
  /// The word for messages, such as "cpu".
  var name: String { get }

  /// What it runs on here, for people: it may change the speed, not the bits.
  var about: String { get }

  /// What can change the bits of its results: part of the profile under which results are kept. `furtherProbes` are digests of
  /// fixed runs of what computes beside the device. Throws when the device cannot be used.
  func profile(furtherProbes: [String: Digest]) throws -> NumericsProfile

  /// Makes a graph ready for runs of at most `batch` samples; of as many as suit the device when nil. Reads no weights and
  /// takes no memory. Throws when `batch` is out of range, the graph is unsound, or an operation has no kernel here.
  func compile(_ graph: Graph, batch: Int?) throws -> any CompiledNetwork
}

/// A graph made ready to run on a device. It holds no weights and no memory, so it answers what a run would cost before
/// anything is read.
public protocol CompiledNetwork: Sendable {
  /// The graph as it was given.
  var graph: Graph { get }
  /// Most samples of one run.
  var batch: Int { get }
  /// Bytes of the weights as the device keeps them, shared by all lanes.
  var weightBytes: Int { get }
  /// Bytes that each lane takes: activations and scratch space.
  var arenaBytes: Int { get }

  /// Brings the weights to the device, one tensor at a time. Throws `PlumbError` naming the tensor that is missing, has another
  /// shape than the graph asks for, or holds no floats.
  func load(_ source: any TensorSource) throws -> any LoadedNetwork
}

extension CompiledNetwork {
  /// What a run is fed.
  public var inputs: [Graph.Input] { graph.inputs }
  /// What a run hands out.
  public var outputs: [Graph.Output] { graph.outputs }
}

/// A compiled network with its weights on the device. Lanes keep it alive.
public protocol LoadedNetwork: Sendable {
  var network: any CompiledNetwork { get }

  /// What one thread runs the network with. Takes `network.arenaBytes`; throws when they are not to be had.
  func makeLane() throws -> any Lane
}

/// One worker's copy of a network ready to run.
///
/// A lane belongs to one thread at a time; throughput comes from several lanes. A sample's bits do not depend on the lane, on
/// `count`, on the sample's place in the run or on what was run before.
public protocol Lane: AnyObject {
  /// Runs the network on `count` samples, at most the batch it was compiled for.
  ///
  /// Inputs are pictures `[count, C, H, W]`, sequences `[count, length, width]` and scalars `[count]`; outputs are written as
  /// `[count, C, H, W]`, `[count, width]` or `[count]`. Buffers may be longer than that. An output that is not asked for is not
  /// written. Throws when a buffer is missing or too short, or a label is not a class; outputs are then left as they were.
  func run(
    count: Int, inputs: [String: UnsafeBufferPointer<Float>], outputs: [String: UnsafeMutableBufferPointer<Float>]
  ) throws
}
