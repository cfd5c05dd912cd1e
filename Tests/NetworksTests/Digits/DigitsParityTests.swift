import Basics
import Checkpoints
import Engine
import Foundation
import Networks
import Testing

/// The shipped networks reproduce the numbers PyTorch gave for them (`Pipelines/digits/parity.py`; its README allows the
/// networks rtol 1e-4 and atol 1e-4).
@Suite struct DigitsParityTests {
  private let tolerance = Tolerance(relative: 1e-4, absolute: 1e-4)
  private let parity = Result { try SafetensorsFile(path: Golden.digits + "reference/parity-20.safetensors") }

  @Test func theDiffusionNetworkGivesItsRecordedOutput() throws {
    let recipe = try JSONValue(contentsOf: Golden.digits + "recipe.json")
    let network = try ADMUNet(configuration: #require(recipe["adm"]?["model"]))
    let weights = try CheckpointFile.open(Golden.digits + "digits-adm.pt")
    let graph = try network.graph()
    try graph.check(against: weights.entries, at: "digits-adm.pt")
    let parity = try parity.get()
    // Respaced index 10 of 20 is timestep 526.
    let inputs = try ["x": parity.read("q_sample_10").floats(), "timesteps": [Float](repeating: 526, count: 8)]
    let out = try #require(run(graph, weights: weights, inputs, count: 8)["out"])
    let (error, fraction) = tolerance.compare(out, try parity.read("model_output_10").doubles())
    print("digits-adm out: largest error \(error), \(fraction) of the tolerance")
    #expect(fraction <= 1)
  }

  @Test func theClassifierGivesItsRecordedFeaturesAndProbabilities() throws {
    let graph = try NetworkCatalogue.network(architecture: "digits-features", configuration: [:]).graph()
    let weights = try CheckpointFile.open(Golden.digits + "digits-features.pt")
    try graph.check(against: weights.entries, at: "digits-features.pt")
    let images = try CheckpointFile.open(Golden.digits + "digits.npz").read("images").bytes.prefix(64 * 64).map { Float($0) / 127.5 - 1 }
    let results = try run(graph, weights: weights, ["x": images], count: 64)
    let parity = try parity.get()
    let features = tolerance.compare(try #require(results["features"]), try parity.read("features_first_64").doubles())
    print("digits-features features: largest error \(features.error), \(features.fraction) of the tolerance")
    #expect(features.fraction <= 1)

    let logits = try #require(results["logits"])
    var probabilities: [Float] = []
    for image in 0..<64 {
      let exponentials = logits[image * 10..<image * 10 + 10].map { exp(Double($0)) }
      let sum = exponentials.reduce(0, +)
      probabilities += exponentials.map { Float($0 / sum) }
    }
    let classes = tolerance.compare(probabilities, try parity.read("probabilities_first_64").doubles())
    print("digits-features probabilities: largest error \(classes.error), \(classes.fraction) of the tolerance")
    #expect(classes.fraction <= 1)
  }
}
