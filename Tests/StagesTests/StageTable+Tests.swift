import EngineCPU
import StageSchema
import Stages

extension StageTable {
  /// The shipped stages on the CPU.
  static let plumbline = StageTable.plumbline(on: CPUDevice())
}
