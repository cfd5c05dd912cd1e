import Basics
import Checkpoints
import Engine
import Networks
import Testing

/// The diffusion transformer against the original PyTorch code, and what its files tell.
@Suite struct DiTGoldenTests {
  static let cases = ["forward", "ckpt-train"]

  private func open(_ name: String) throws -> (facts: JSONValue, network: DiT, file: any TensorSource) {
    let facts = try JSONValue(contentsOf: Golden.dit + name + "/case.json")
    let network = try DiT(configuration: #require(facts["config"]?["model"]))
    return (facts, network, try CheckpointFile.open(Golden.dit + name + "/weights.pt"))
  }

  @Test(arguments: cases) func outputsAndTapsAreTheOriginals(name: String) throws {
    let (facts, network, file) = try open(name)
    let tensors = try SafetensorsFile(path: Golden.dit + name + "/tensors.safetensors")
    var inputs: [String: [Float]] = [:]
    for (input, original) in [("x", "x"), ("timesteps", "t"), ("labels", "y")] { inputs[input] = try tensors.read(original).floats() }
    let outputs = try #require(facts["outputs"]?.object).filter { tensors.entry($0.key) != nil }
    let graph = try network.graph(taps: DiT.taps.intersection(outputs.keys))
    var results = try run(graph, weights: network.tensors(in: file, choice: .authors), inputs, count: 2)
    results["output"] = results["out"]
    #expect(outputs["output"] != nil && outputs["block_0"] != nil)
    // Guided results take two evaluations, and the table of places is no output: both are compared elsewhere.
    let others: Set = ["output_cfg_1p5", "output_cfg_4", "pos_embed_table"]
    for (output, description) in outputs where !others.contains(output) {
      let expected = try tensors.read(output)
      // Tokens of the original are rows; here they are pixels, handed out channels first.
      let values = expected.shape.count == 3 ? Self.channelsFirst(expected) : expected.doubles()
      let (error, fraction) = try Tolerance(description["tolerance"]).compare(#require(results[output]), values)
      #expect(fraction <= 1, "\(name) \(output): \(error)")
    }
  }

  private static func channelsFirst(_ tokens: HostTensor) -> [Double] {
    let (length, width, values) = (tokens.shape[1], tokens.shape[2], tokens.doubles())
    return values.indices.map { index in
      let (sample, channel, token) = (index / (length * width), index / length % width, index % length)
      return values[(sample * length + token) * width + channel]
    }
  }

  /// The table is the original's in float64, and the one the checkpoint stores in float32.
  @Test(arguments: cases) func theTableOfPlacesIsTheOriginals(name: String) throws {
    let (facts, network, file) = try open(name)
    let expected = try SafetensorsFile(path: Golden.dit + name + "/tensors.safetensors").read("pos_embed_table")
    let table = try network.placeTable()
    #expect(table.shape == expected.shape)
    let tolerance = try #require(facts["outputs"]?["pos_embed_table"]?["tolerance"]?["atol"]?.double)
    #expect(zip(table.doubles(), expected.doubles()).allSatisfy { abs($0 - $1) <= tolerance })
    // The moving average of the other file is off the table by 8e-7.
    guard name == "forward" else { return }
    let stored = try network.tensors(in: file, choice: .authors).read("pos_embed").floats()
    #expect(zip(table.doubles(), stored).allSatisfy { abs($0 - Double($1)) < 1e-7 })
  }

  @Test(arguments: cases) func namesAndShapesTellTheConfiguration(name: String) throws {
    let (_, network, file) = try open(name)
    let recognition = try #require(try DiT.recognise(file))
    let heads = try #require(recognition.undetermined.first)
    #expect(recognition.undetermined.count == 1 && heads.name == "num_heads" && heads.candidates == [1, 2, 4])
    #expect(try DiT(configuration: recognition.completed(by: ["num_heads": 2])).configuration == network.configuration)
    #expect(try network.graph().mismatches(against: network.tensors(in: file, choice: .authors).entries) == [])
  }

  @Test func theAuthorsSampleWithTheMovingAverage() throws {
    let (_, network, file) = try open("ckpt-train")
    func tensor(_ choice: WeightChoice) throws -> HostTensor {
      try network.tensors(in: file, choice: choice).read("final_layer.linear.weight")
    }
    #expect(try tensor(.raw) == file.read("model/final_layer.linear.weight"))
    #expect(try tensor(.ema) == file.read("ema/final_layer.linear.weight"))
    #expect(try tensor(.authors) == tensor(.ema))
    #expect(try tensor(.raw) != tensor(.ema))
    let (_, plain, released) = try open("forward")
    #expect(throws: PlumbError.self) { try plain.tensors(in: released, choice: .ema) }
  }

  /// Ten classes, and an eleventh row that stands for none.
  @Test func theClassAfterTheLastStandsForNone() throws {
    let (_, network, file) = try open("forward")
    #expect(network.classCount == 10)
    let weights = try network.tensors(in: file, choice: .authors)
    let x = [Float](repeating: 0.1, count: network.image.count)
    func out(_ label: Float) throws -> [Float]? {
      try run(network.graph(), weights: weights, ["x": x, "timesteps": [5], "labels": [label]], count: 1)["out"]
    }
    #expect(try out(10) != out(9))
    #expect(throws: PlumbError.self) { try out(11) }
  }
}
