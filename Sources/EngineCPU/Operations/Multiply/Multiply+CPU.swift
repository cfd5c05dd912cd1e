import CKernels
import Engine

extension Multiply: CPUOperation {
  /// As for sums: one factor may be a single row that stands for all samples.
  func overwritable(result: ValueShape) -> [Int] { result.pixels > 1 ? [0, 1] : [] }

  func instruction(_ site: Site) -> any Instruction { RowsInstruction(site, plumb_multiply_rows) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 11, height: 3, width: 3)
    return [graph.multiply(x, graph.relu(x)), graph.multiply(x, x)]
  }
}
