import CKernels
import Engine

extension AddVector: CPUOperation {
  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction { VectorInstruction(site, plumb_add_vector) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 13, height: 3, width: 5)
    return [graph.addVector(x, graph.probeVector("v", 13))]
  }
}
