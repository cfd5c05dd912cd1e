import Basics
import Checkpoints
import Engine
import Networks
import Testing

/// The ADM U-Net against the original PyTorch code, output by output, within each golden case's own tolerance.
@Suite struct ADMGoldenTests {
  static let cases = [
    "unet-cifar", "unet-legacy", "unet-classcond", "unet-im128", "unet-tiny-input", "unet-trained-learned", "unet-trained-fixed",
    "unet-trained-classcond",
  ]

  private func open(_ name: String) throws -> (facts: JSONValue, network: any Network, weights: any TensorSource) {
    let folder = Golden.adm + name + "/"
    let facts = try JSONValue(contentsOf: folder + "case.json")
    let configuration = try #require(facts["config"]?["model_args"])
    let network = try NetworkCatalogue.network(architecture: "adm-unet", configuration: configuration)
    return (facts, network, try CheckpointFile.open(folder + #require(facts["weights"]?.text)))
  }

  @Test(arguments: cases) func outputsAndTapsAreTheOriginals(name: String) throws {
    let (facts, network, weights) = try open(name)
    let tensors = try SafetensorsFile(path: Golden.adm + name + "/tensors.safetensors")
    var inputs: [String: [Float]] = [:]
    for input in facts["inputs"]?.object?.keys.sorted() ?? [] {
      inputs[input == "y" ? "labels" : input] = try tensors.read(input).floats()
    }
    let outputs = try #require(facts["outputs"]?.object)
    let graph = try network.graph(taps: Set(outputs.keys).subtracting(["out"]))
    let count = try #require(tensors.entry("x")?.shape.first)
    let results = try run(graph, weights: weights, inputs, count: count)
    #expect(!outputs.isEmpty && outputs["out"] != nil)
    for (output, description) in outputs.sorted(by: { $0.key < $1.key }) {
      let tolerance = try Tolerance(description["tolerance"])
      let (error, fraction) = tolerance.compare(try #require(results[output]), try tensors.read(output).doubles())
      print("\(name) \(output): largest error \(error), \(fraction) of the tolerance")
      #expect(fraction <= 1, "\(name) \(output)")
    }
  }

  @Test(arguments: cases) func theParametersAreExactlyTheCheckpoints(name: String) throws {
    let (_, network, weights) = try open(name)
    #expect(try network.graph().mismatches(against: weights.entries) == [])
  }
}
