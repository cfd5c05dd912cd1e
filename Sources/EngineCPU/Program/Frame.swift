/// What an instruction runs on: a lane's arena and the samples of this run.
package struct Frame: BitwiseCopyable {
  let arena: UnsafeMutablePointer<Float>
  let count: Int
  /// All samples carry the same scalar inputs, so what depends on these alone is computed once, in row 0.
  let isUniform: Bool

  @inline(__always)
  package func address(_ operand: Operand) -> UnsafeMutablePointer<Float> { arena + operand.offset }

  /// Floats from one sample to the next: 0 where one row stands for all.
  @inline(__always)
  func stride(_ operand: Operand) -> Int { isUniform && operand.isConditioning ? 0 : operand.count }

  /// Rows to compute of a result.
  @inline(__always)
  package func rows(_ operand: Operand) -> Int { isUniform && operand.isConditioning ? 1 : count }
}

/// A value in the arena, as instructions hold it.
package struct Operand: BitwiseCopyable {
  /// Floats from the arena's start.
  let offset: Int
  /// Floats of one sample.
  package let count: Int
  /// Depends on scalar inputs only.
  let isConditioning: Bool
}
