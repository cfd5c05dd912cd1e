import CKernels
import Engine

extension NearestRow: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(table)] }

  func instruction(_ site: Site) -> any Instruction {
    NearestRowInstruction(
      gives: gives, pixels: site.shape.pixels, width: Int64(table.shape[1]), entries: Int64(table.shape[0]), source: site.inputs[0],
      output: site.output, table: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 3, height: 3, width: 4)
    let nearest = graph.nearestRow(x, table: ParameterSpec(name: "table", shape: [9, 3]))
    return [nearest.rows, nearest.indices]
  }
}

private struct NearestRowInstruction: Instruction {
  let gives: NearestRow.Result
  let pixels: Int
  let width: Int64
  let entries: Int64
  let source: Operand
  let output: Operand
  let table: UnsafePointer<Float>

  func run(_ frame: Frame) {
    let result = frame.address(output)
    plumb_nearest_row(
      Int64(frame.rows(output) * pixels), width, entries, frame.address(source), table, gives == .row ? result : nil,
      gives == .index ? result : nil)
  }
}
