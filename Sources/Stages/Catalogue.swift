import Basics
import Diffusion
public import Engine
import Scoring
import StageRuntime
public import StageSchema

/// Every stage a pipeline can use. A stage keeps its number for ever; a removed stage leaves its line as a comment, so
/// that no number changes its meaning.
extension StageTable {
  /// The stages, computing on a device.
  public static func plumbline(on device: any Device) -> StageTable {
    StageTable(stages, on: DeviceNetworks(device)) {
      ["diffusion": try DiffusionProbe.digest(), "scoring": try ScoringProbe.digest()]
    }
  }

  private static let stages: [any Stage.Type] = [
    LoadWeights.self,  // 1
    LoadDataset.self,  // 2
    LoadFeatures.self,  // 3
    TrainStats.self,  // 4
    Sample.self,  // 5
    MeasureDelta.self,  // 6
    Score.self,  // 7
    Table.self,  // 8
    LoadFirstStage.self,  // 9
    EncodeDataset.self,  // 10
    LoadSamples.self,  // 11
    LoadClassifier.self,  // 12
    Command.self,  // 13
    FeatureStatistics.self,  // 14
    LoadNoise.self,  // 15
  ]
}
