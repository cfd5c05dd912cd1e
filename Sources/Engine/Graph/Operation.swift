package import Basics

/// What a node computes: a kind of operation with its own settings, such as a convolution with its weights' names.
///
/// Each stands in its folder under `Operations`, with everything about it that holds on any device, and with the function of
/// `GraphBuilder` that adds it. What runs it on a device stands in a folder of the same name in that device's target. A
/// device that has no kernel for an operation refuses it when it compiles a graph (`PlumbError.noKernel`).
package protocol Operation: Sendable, Hashable {
  /// The word for messages, with the checkpoint's name of its weight where it has one.
  var name: String { get }

  /// The shape of the result for operands of these shapes, per sample. Throws when they do not fit the operation.
  func resultShape(_ operands: [ValueShape]) throws -> ValueShape

  /// The checkpoint's tensors it reads.
  var parameters: [ParameterSpec] { get }

  /// Floating point operations for one sample: two per multiply-add of convolutions (direct, borders counted in full), linear
  /// layers and attention. Everything else is memory traffic and counts as none.
  func flops(_ operands: [ValueShape], result: ValueShape) -> Int

  /// The class indices an operand may hold; nil for an operand that is no label. A label is a scalar that is fed, so that
  /// it is checked before a kernel looks it up.
  func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>?

  /// The gradients of a node's operands for the `gradient` of its result, nil for those that are not `wanted`. Throws where
  /// there is none.
  func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?]
}

extension Operation {
  package var parameters: [ParameterSpec] { [] }

  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int { 0 }

  package func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>? { nil }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    throw missingGradient()
  }
}

extension Operation {
  func missingGradient(_ why: String? = nil) -> PlumbError {
    PlumbError("there is no gradient of this operation\(why.map { " \($0)" } ?? "")", kind: .input, at: name)
  }

  /// The adjoints where only the first operand has one: what conditions a network (embeddings, scales) does not depend on the
  /// picture.
  func first(_ adjoint: ValueID, wanted: [Bool]) throws -> [ValueID?] {
    guard !wanted.dropFirst().contains(true) else { throw missingGradient("with respect to its further operands") }
    return [adjoint] + [ValueID?](repeating: nil, count: wanted.count - 1)
  }

  /// Whether it is the same operation with the same settings.
  func equals(_ other: any Operation) -> Bool { other as? Self == self }
}

extension PlumbError {
  /// What every device says of a graph it cannot run.
  package static func noKernel(for operation: any Operation, on device: some Device) -> PlumbError {
    PlumbError(
      "device \(device.name) has no kernel for this operation", kind: .input, at: operation.name, found: "\(type(of: operation))")
  }
}
