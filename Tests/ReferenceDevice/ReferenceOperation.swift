import Engine

/// An operation with a formula here.
protocol ReferenceOperation: Operation {
  /// The result of one sample.
  func evaluate(_ site: ReferenceSite) -> [Double]
}

/// What a formula is given: pictures lie as [height][width][channels].
struct ReferenceSite {
  let operands: [[Double]]
  let shapes: [ValueShape]
  let result: ValueShape
  let parameters: [String: [Double]]

  /// The first operand.
  var x: [Double] { operands[0] }
  /// Its shape.
  var source: ValueShape { shapes[0] }
  /// The last operand, the gradient of an adjoint.
  var gradient: [Double] { operands[operands.count - 1] }

  func parameter(_ spec: ParameterSpec) -> [Double] { parameters[spec.name] ?? [] }
}

/// A graph with its parameters, evaluated sample by sample.
package struct ReferenceEvaluation {
  package let graph: Graph
  package let parameters: [String: [Double]]

  package init(graph: Graph, parameters: [String: [Double]]) {
    self.graph = graph
    self.parameters = parameters
  }

  /// The outputs of one sample as they are handed out: pictures [C, H, W]. `inputs` are as fed.
  package func outputs(_ inputs: [String: [Float]]) -> [String: [Double]] {
    var values: [[Double]] = []
    for node in graph.nodes {
      if let input = node.operation as? GraphInput {
        let fed = (inputs[input.field] ?? []).map(Double.init)
        values.append(input.layout == .channelsFirst ? Self.channelsLast(fed, input.shape) : fed)
      } else if let operation = node.operation as? any ReferenceOperation {
        let site = ReferenceSite(
          operands: node.inputs.map { values[$0.index] }, shapes: node.inputs.map(graph.shape), result: node.shape, parameters: parameters)
        values.append(operation.evaluate(site))
      }
    }
    return Dictionary(uniqueKeysWithValues: graph.outputs.map { ($0.name, Self.channelsFirst(values[$0.value.index], $0.shape)) })
  }

  static func channelsLast(_ x: [Double], _ shape: ValueShape) -> [Double] {
    (0..<shape.count).map { x[$0 % shape.channels * shape.pixels + $0 / shape.channels] }
  }

  static func channelsFirst(_ x: [Double], _ shape: ValueShape) -> [Double] {
    (0..<shape.count).map { x[$0 % shape.pixels * shape.channels + $0 / shape.pixels] }
  }
}
