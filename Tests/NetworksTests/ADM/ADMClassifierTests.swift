import Basics
import Checkpoints
import Engine
import Networks
import Testing

/// The noisy classifier of guided-diffusion: what a checkpoint tells of it, and its four ways to pool.
@Suite struct ADMClassifierTests {
  static let pools = ["attention", "adaptive", "spatial", "spatial_v2"]

  private static func arguments(_ pool: String, _ changes: [String: JSONValue] = [:]) -> [String: JSONValue] {
    let small: [String: JSONValue] = [
      "image_size": 8, "in_channels": 3, "model_channels": 32, "out_channels": 10, "num_res_blocks": 1, "attention_resolutions": [2],
      "channel_mult": [1, 2], "num_head_channels": 16, "use_scale_shift_norm": true, "resblock_updown": true, "pool": .text(pool),
    ]
    return small.merging(changes) { $1 }
  }

  private func recognised(_ network: ADMClassifier, given: [String: JSONValue]) throws -> (Recognition, ADMClassifier) {
    let recognition = try #require(try ADMClassifier.recognise(TensorHeader(network.parameters())))
    let completed = try recognition.completed(by: given.filter { given in recognition.undetermined.contains { $0.name == given.key } })
    return (recognition, try ADMClassifier(configuration: completed))
  }

  @Test func `a checkpoint tells all but its heads`() throws {
    let folder = Golden.adm + "classifier-forward"
    let arguments = try #require(JSONValue(contentsOf: folder + "/case.json")["config"]?["model_args"]?.object)
    let source = try CheckpointFile.open(folder + "/weights.pt")
    let recognition = try #require(try ADMClassifier.recognise(source))
    #expect(Set(recognition.undetermined.map(\.name)) == ["num_head_channels", "use_new_attention_order"])
    let recognised = try ADMClassifier(
      configuration: recognition.completed(by: ["num_head_channels": 16, "use_new_attention_order": false]))
    let original = try ADMClassifier(configuration: .object(arguments))
    #expect(try recognised.graph() == original.graph(), "another network is recognised")
    #expect(try ParameterMismatch.all(recognised.parameters(), against: source.entries).isEmpty)
    #expect(try ADMUNet.recognise(source) == nil)
  }

  @Test(
    arguments: pools,
    [
      [:], ["resblock_updown": false], ["resblock_updown": false, "conv_resample": false], ["use_scale_shift_norm": false],
      ["channel_mult": [1, 1, 2, 3], "attention_resolutions": [4, 8], "num_res_blocks": 2, "image_size": 16], ["channel_mult": [2]],
    ] as [[String: JSONValue]])
  func `every shape is recognised`(pool: String, changes: [String: JSONValue]) throws {
    let arguments = Self.arguments(pool, changes).merging(["use_new_attention_order": false]) { $1 }
    let original = try ADMClassifier(configuration: .object(arguments))
    let (recognition, again) = try recognised(original, given: arguments)
    #expect(try again.graph() == original.graph())
    #expect(recognition.undetermined.contains { $0.name == "image_size" } == (pool != "attention"))
  }

  /// The classifiers that guided-diffusion publishes for 64, 128 and 256 pixels: width 128, depth 2 or 4.
  @Test(arguments: [(64, [1, 2, 3, 4], 4), (128, [1, 1, 2, 3, 4], 2), (256, [1, 1, 2, 2, 4, 4], 2)] as [(Int, [Int], Int)])
  func `the published shapes are unambiguous`(size: Int, multipliers: [Int], depth: Int) throws {
    let arguments = Self.arguments(
      "attention",
      [
        "image_size": JSONValue(size), "model_channels": 128, "out_channels": 1000, "num_res_blocks": JSONValue(depth),
        "attention_resolutions": JSONValue([size / 32, size / 16, size / 8]), "channel_mult": JSONValue(multipliers),
        "num_head_channels": 64, "use_new_attention_order": false,
      ])
    let original = try ADMClassifier(configuration: .object(arguments))
    let (recognition, again) = try recognised(original, given: arguments)
    #expect(recognition.undetermined.count == 2, "\(recognition.undetermined)")
    #expect(again.configuration == original.configuration)
  }

  /// Blocks that halve look like others: four equal ones are one level of three blocks or two of one.
  @Test func `where the levels are ambiguous they are asked for`() throws {
    let arguments = Self.arguments(
      "attention", ["channel_mult": [1, 1], "attention_resolutions": [], "use_new_attention_order": false])
    let original = try ADMClassifier(configuration: .object(arguments))
    let (recognition, again) = try recognised(original, given: arguments)
    #expect(
      Set(recognition.undetermined.map(\.name)).isSuperset(of: ["num_res_blocks", "channel_mult", "attention_resolutions", "image_size"]))
    #expect(recognition.undetermined.first { $0.name == "num_res_blocks" }?.candidates == [3, 1])
    #expect(again.configuration == original.configuration)
  }

  /// The shapes of the original's `out`: 128 numbers of the four blocks down (32, 32, 32, 64) and 64 of the middle.
  @Test func `the spatial pools see every block`() throws {
    func shapes(_ pool: String) throws -> [String: [Int]] {
      let parameters = try ADMClassifier(configuration: .object(Self.arguments(pool))).parameters()
      return Dictionary(uniqueKeysWithValues: parameters.filter { $0.name.hasPrefix("out.") }.map { ($0.name, $0.shape) })
    }
    #expect(
      try shapes("spatial") == ["out.0.weight": [2048, 224], "out.0.bias": [2048], "out.2.weight": [10, 2048], "out.2.bias": [10]])
    #expect(
      try shapes("spatial_v2") == [
        "out.0.weight": [2048, 224], "out.0.bias": [2048], "out.1.weight": [2048], "out.1.bias": [2048], "out.3.weight": [10, 2048],
        "out.3.bias": [10],
      ])
    #expect(
      try shapes("adaptive") == ["out.0.weight": [64], "out.0.bias": [64], "out.3.weight": [10, 64, 1, 1], "out.3.bias": [10]])
  }

  @Test(arguments: pools) func `the gradient agrees with differences`(pool: String) throws {
    let network = try ADMClassifier(configuration: .object(Self.arguments(pool)))
    let graph = try network.guidanceGraph()
    var numbers: [String: HostTensor] = [:]
    for (place, parameter) in graph.parameters.enumerated() {
      let count = parameter.shape.reduce(1, *)
      let scale = 1 / Double(max(count / parameter.shape[0], 1)).squareRoot()
      numbers[parameter.name] = try HostTensor(
        floats: (0..<count).map { Float(scale * wave($0 + 31 * place)) }, shape: parameter.shape)
    }
    var header = TensorHeader(graph.parameters)
    header.numbers = numbers
    let x = (0..<192).map { Float(wave(7 * $0)) }
    func run(_ x: [Float]) throws -> [String: [Float]] {
      try NetworksTests.run(graph, weights: header, ["x": x, "timesteps": [500], "labels": [3]], count: 1)
    }
    let gradient = try #require(try run(x)["gradient"])
    #expect(gradient.contains { abs($0) > 1e-4 }, "the gradient is empty")
    for place in stride(from: 5, to: x.count, by: 29) {
      func logProbability(_ step: Float) throws -> Double {
        var moved = x
        moved[place] += step
        return Double(try #require(try run(moved)["log_prob"])[0])
      }
      let h: Float = 0.02
      let difference =
        try (8 * (logProbability(h) - logProbability(-h)) - (logProbability(2 * h) - logProbability(-2 * h))) / (12 * Double(h))
      #expect(abs(Double(gradient[place]) - difference) < 5e-4 + 2e-2 * abs(difference), "\(pool) at \(place)")
    }
  }

  /// A number in [-1, 1) that looks random.
  private func wave(_ place: Int) -> Double {
    let product = Double(place + 1) * 0.6180339887498949
    return 2 * (product - product.rounded(.down)) - 1
  }

  @Test func `what is no pool is refused`() throws {
    let error = try #require(throws: PlumbError.self) {
      try ADMClassifier(configuration: .object(Self.arguments("global")))
    }
    #expect(error.place == "pool")
    #expect("\(error)".contains("spatial_v2"), "\(error)")
  }
}
