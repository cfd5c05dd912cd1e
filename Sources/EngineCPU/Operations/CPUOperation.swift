package import Engine

/// An operation with a kernel on this device: everything that its folder here has to say about it.
///
/// Adding one: `Operations/NAME` in `Engine`, `Operations/NAME` here, and a line of `CPUOperations.all`.
package protocol CPUOperation: Operation {
  /// The constants the kernel reads, in the order it is given them.
  var constants: [any PackedBlock] { get }

  /// Floats the kernel needs beside its operands while it runs, whatever the batch.
  func scratchCount(_ operands: [ValueShape]) -> Int

  /// Operands the result may be written over, where their shapes are equal: the kernel reads each of their numbers before it
  /// writes in its place, and reads them by no other way.
  func overwritable(result: ValueShape) -> [Int]

  /// This operation and a `consumer` of its result, as its operand of that position, in one pass over memory; nil where the
  /// kernel cannot. The operands of what is returned are this one's, then the consumer's others.
  func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)?

  /// What runs it: extents, offsets and addresses, prepared once per lane.
  func instruction(_ site: Site) -> any Instruction

  /// Uses of the operation that together run every kernel it has, for the numerics probe; the values to look at.
  static func probe(_ graph: inout GraphBuilder) -> [ValueID]
}

extension CPUOperation {
  package var constants: [any PackedBlock] { [] }
  package func scratchCount(_ operands: [ValueShape]) -> Int { 0 }
  package func overwritable(result: ValueShape) -> [Int] { [] }
  package func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)? { nil }
}

extension Node {
  /// What runs the node here; nil for what is fed, and for operations of other devices.
  var kernel: (any CPUOperation)? { operation as? any CPUOperation }

  /// Operands whose place the result may take over.
  var overwritable: [ValueID] {
    let candidates = kernel?.overwritable(result: shape) ?? []
    let kept = inputs.indices.filter { !candidates.contains($0) }.map { inputs[$0] }
    return candidates.map { inputs[$0] }.filter { !kept.contains($0) }
  }

  /// Fed from outside.
  package var isInput: Bool { operation is GraphInput }
}
