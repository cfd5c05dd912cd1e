import CKernels
import Engine

extension Add: CPUOperation {
  /// Sums of vectors are left out: one summand may be a single row that stands for all samples.
  func overwritable(result: ValueShape) -> [Int] { result.pixels > 1 ? [0, 1] : [] }

  func instruction(_ site: Site) -> any Instruction { RowsInstruction(site, plumb_add_rows) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 11, height: 3, width: 3)
    return [graph.add(x, graph.scale(x, by: 0.3))]
  }
}
