import Basics
import Engine

/// A compiled network bound to its weights: instructions in one block of memory, run from first to last. Each is found by its
/// type and its place, so that running touches no reference count whatever the operations are.
struct Program: ~Copyable {
  private struct Step {
    let type: any Instruction.Type
    let place: UnsafeRawPointer
  }

  private let steps: ContiguousArray<Step>
  private let block: UnsafeMutableRawPointer

  /// The largest alignment an instruction asks for.
  private static let alignment = 16

  init(network: CPUNetwork, weights: CPUWeights) throws {
    var instructions: [any Instruction] = []
    for (position, node) in network.merged.nodes.enumerated() {
      guard let kernel = node.kernel else { continue }
      instructions.append(kernel.instruction(try Site(position, kernel, network, weights)))
    }
    var offsets: [Int] = []
    var size = 0
    for instruction in instructions {
      offsets.append(size)
      size += (type(of: instruction).size + Self.alignment - 1) / Self.alignment * Self.alignment
    }
    block = .allocate(byteCount: max(size, 1), alignment: Self.alignment)
    var steps: ContiguousArray<Step> = []
    for (instruction, offset) in zip(instructions, offsets) {
      instruction.lay(at: block + offset)
      steps.append(Step(type: type(of: instruction), place: UnsafeRawPointer(block + offset)))
    }
    self.steps = steps
  }

  // Instructions are bitwise copyable: there is nothing to end but the memory.
  deinit { block.deallocate() }

  borrowing func run(_ frame: Frame) {
    steps.withUnsafeBufferPointer { steps in
      for step in steps { step.type.run(at: step.place, frame) }
    }
  }
}

/// A node with everything its instruction is made from.
package struct Site {
  package let inputs: [Operand]
  let inputShapes: [ValueShape]
  package let output: Operand
  let shape: ValueShape
  /// Offset of the scratch space.
  let scratch: Int
  /// Packed constants, in the order of `CPUOperation.constants`.
  let constants: [UnsafePointer<Float>]

  init(_ position: Int, _ kernel: any CPUOperation, _ network: CPUNetwork, _ weights: CPUWeights) throws {
    let node = network.merged.nodes[position]
    inputs = node.inputs.map { network.operand($0.index) }
    inputShapes = node.inputs.map(network.merged.shape)
    output = network.operand(position)
    shape = node.shape
    scratch = network.plan.scratch[position].offset
    constants = try kernel.constants.map(weights.address)
  }
}
