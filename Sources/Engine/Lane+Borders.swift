import Basics
import CKernels

extension Operation {
  /// The labels it has a meaning for; nil when it takes none.
  fileprivate var labels: Range<Int>? {
    switch self {
    case .embeddingTable(let table): 0..<table.weight.shape[0]
    case .oneHot(let oneHot): -1..<oneHot.classes
    default: nil
    }
  }
}

extension Lane {
  /// An input: how it is checked and brought into the arena.
  struct Feed {
    let name: String
    let shape: ValueShape
    let offset: Int
    /// The labels every reader of this input has a meaning for; nil when it is not a label.
    let labels: Range<Int>?
    /// Fed token by token.
    var isSequence = false

    static func all(_ network: CompiledNetwork) -> [Feed] {
      network.graph.nodes.enumerated().compactMap { position, node in
        let offset = network.plan.values[position].offset
        switch node.operation {
        case .imageInput(let name, let shape): return Feed(name: name, shape: shape, offset: offset, labels: nil)
        // A picture of one column lies as it is fed: token by token.
        case .sequenceInput(let name, let shape): return Feed(name: name, shape: shape, offset: offset, labels: nil, isSequence: true)
        case .scalarInput(let name):
          return Feed(name: name, shape: .scalar, offset: offset, labels: Self.labels(position, network.graph))
        default: return nil
        }
      }
    }

    private static func labels(_ position: Int, _ graph: Graph) -> Range<Int>? {
      let readers = graph.nodes.compactMap { node in
        if case .logProbability = node.operation, node.inputs.last?.index == position { return 0..<graph.shape(node.inputs[0]).count }
        return node.inputs == [ValueID(index: position)] ? node.operation.labels : nil
      }
      return readers.first.map { readers.dropFirst().reduce($0) { $0.clamped(to: $1) } }
    }

    /// Whether all rows are equal, bit by bit; pictures do not count and give true.
    func copy(_ inputs: [String: UnsafeBufferPointer<Float>], _ count: Int, into arena: UnsafeMutablePointer<Float>) throws -> Bool {
      guard let buffer = inputs[name], let source = buffer.baseAddress, buffer.count >= count * shape.count else {
        let found = inputs[name].map { "\($0.count)" } ?? "none"
        throw PlumbError("input is missing or too short", kind: .input, at: name, expected: "\(count * shape.count) floats", found: found)
      }
      if isSequence {
        (arena + offset).update(from: source, count: count * shape.count)
        return true
      }
      if case .image = shape {
        plumb_channels_last(Int64(count), Int64(shape.channels), Int64(shape.pixels), source, arena + offset)
        return true
      }
      if let labels { try checkLabels(buffer, count, labels) }
      (arena + offset).update(from: source, count: count)
      return (1..<count).allSatisfy { buffer[$0].bitPattern == buffer[0].bitPattern }
    }

    private func checkLabels(_ fed: UnsafeBufferPointer<Float>, _ count: Int, _ labels: Range<Int>) throws {
      for sample in 0..<count where Int(exactly: fed[sample]).map({ !labels.contains($0) }) ?? true {
        throw PlumbError(
          "label is not a class", kind: .input, at: "\(name)[\(sample)]",
          expected: "a whole number from \(labels.lowerBound) to \(labels.upperBound - 1)", found: "\(fed[sample])")
      }
    }
  }

  /// An output: how it leaves the arena.
  struct Delivery {
    let name: String
    let shape: ValueShape
    let operand: Operand

    static func all(_ network: CompiledNetwork) -> [Delivery] {
      network.graph.outputs.map { output in
        let index = output.value.index
        let operand = Operand(
          offset: network.plan.values[index].offset, count: output.shape.count, isConditioning: network.isConditioning[index])
        return Delivery(name: output.name, shape: output.shape, operand: operand)
      }
    }

    func check(_ outputs: [String: UnsafeMutableBufferPointer<Float>], _ count: Int) throws {
      guard let buffer = outputs[name], buffer.count < count * shape.count else { return }
      throw PlumbError("output is too short", kind: .input, at: name, expected: "\(count * shape.count) floats", found: "\(buffer.count)")
    }

    func copy(_ frame: Frame, into outputs: [String: UnsafeMutableBufferPointer<Float>]) {
      guard let destination = outputs[name]?.baseAddress else { return }
      plumb_channels_first(
        Int64(frame.count), Int64(shape.channels), Int64(shape.pixels), frame.address(operand), Int64(frame.stride(operand)), destination)
    }
  }
}
