import CKernels

struct NearestRowInstruction: BitwiseCopyable {
  private let gives: NearestRow.Result
  private let pixels: Int
  private let width: Int64
  private let entries: Int64
  private let source: Operand
  private let output: Operand
  private let table: UnsafePointer<Float>

  init(_ nearest: NearestRow, _ site: Site) {
    gives = nearest.gives
    pixels = site.node.shape.pixels
    width = Int64(nearest.table.shape[1])
    entries = Int64(nearest.table.shape[0])
    source = site.inputs[0]
    output = site.output
    table = site.constants[0]
  }

  func run(_ frame: Frame) {
    let result = frame.address(output)
    plumb_nearest_row(
      Int64(frame.rows(output) * pixels), width, entries, frame.address(source), table, gives == .row ? result : nil,
      gives == .index ? result : nil)
  }
}
