import EngineCPU
import StageSchema
import Stages

extension StageTable {
  /// What this program runs: its stages, on the CPU. The only place that names a device.
  static let plumbline = StageTable.plumbline(on: CPUDevice())
}
