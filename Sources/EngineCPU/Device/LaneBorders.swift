import CKernels
import Engine

extension CPULane {
  /// An input: how it is brought into the arena.
  struct Feed {
    private let input: Graph.Input
    private let offset: Int

    static func all(_ network: CPUNetwork) -> [Feed] {
      let offsets = network.merged.nodes.indices.filter { network.merged.nodes[$0].isInput }.map { network.plan.values[$0].offset }
      return zip(network.merged.inputs, offsets).map { Feed(input: $0, offset: $1) }
    }

    /// Copies what was checked. Whether all rows are equal, bit by bit; pictures and sequences do not count and give true.
    func copy(_ inputs: [String: UnsafeBufferPointer<Float>], _ count: Int, into arena: UnsafeMutablePointer<Float>) -> Bool {
      guard let buffer = inputs[input.name], let source = buffer.baseAddress else { return true }
      let (shape, place) = (input.shape, arena + offset)
      switch input.layout {
      case .channelsFirst:
        plumb_channels_last(Int64(count), Int64(shape.channels), Int64(shape.pixels), source, place)
        return true
      case .tokens:
        // A picture of one column lies as it is fed: token by token.
        place.update(from: source, count: count * shape.count)
        return true
      case .scalar:
        place.update(from: source, count: count)
        return (1..<count).allSatisfy { buffer[$0].bitPattern == buffer[0].bitPattern }
      }
    }
  }

  /// An output: how it leaves the arena.
  struct Delivery {
    private let name: String
    private let shape: ValueShape
    private let operand: Operand

    static func all(_ network: CPUNetwork) -> [Delivery] {
      network.merged.outputs.map { Delivery(name: $0.name, shape: $0.shape, operand: network.operand($0.value.index)) }
    }

    func copy(_ frame: Frame, into outputs: [String: UnsafeMutableBufferPointer<Float>]) {
      guard let destination = outputs[name]?.baseAddress else { return }
      plumb_channels_first(
        Int64(frame.count), Int64(shape.channels), Int64(shape.pixels), frame.address(operand), Int64(frame.stride(operand)), destination)
    }
  }
}
