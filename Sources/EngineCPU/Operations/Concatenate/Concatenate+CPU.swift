import CKernels
import Engine

extension Concatenate: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { ConcatenateInstruction(site) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 5, height: 2, width: 3)
    return [graph.concatenate(x, graph.imageInput("y", channels: 9, height: 2, width: 3))]
  }
}

private struct ConcatenateInstruction: Instruction {
  private let pixels: Int
  private let firstChannels: Int64
  private let secondChannels: Int64
  private let first: Operand
  private let second: Operand
  private let output: Operand

  init(_ site: Site) {
    pixels = site.shape.pixels
    firstChannels = Int64(site.inputShapes[0].channels)
    secondChannels = Int64(site.inputShapes[1].channels)
    first = site.inputs[0]
    second = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    let (a, b, y) = (frame.address(first), frame.address(second), frame.address(output))
    let rows = frame.rows(output)
    // One vector for all samples beside one for each.
    if rows > 1, frame.stride(first) == 0 || frame.stride(second) == 0 {
      for row in 0..<rows {
        plumb_concatenate(
          1, firstChannels, a + row * frame.stride(first), secondChannels, b + row * frame.stride(second), y + row * output.count)
      }
    } else {
      plumb_concatenate(Int64(rows * pixels), firstChannels, a, secondChannels, b, y)
    }
  }
}
