import Basics
import Diffusion
import Engine
import Scoring
import StageSchema

/// Every stage a pipeline can use. A stage keeps its number for ever; a removed stage leaves its line as a comment, so
/// that no number changes its meaning.
extension StageTable {
  public static let plumbline = StageTable([
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
  ]) {
    NumericsProfile.current(
      mode: .reference, furtherProbes: ["diffusion": try DiffusionProbe.digest(), "scoring": try ScoringProbe.digest()])
  }
}
