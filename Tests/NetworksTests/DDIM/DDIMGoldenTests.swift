import Basics
import Checkpoints
import Engine
import Networks
import Testing

/// DDIM's U-Net against the original PyTorch code, and what its files tell.
@Suite struct DDIMGoldenTests {
  static let cases = ["model-cifar", "model-oldfile", "model-tiny-input", "model-trained"]

  private func open(_ name: String) throws -> (facts: JSONValue, network: DDIMUNet, file: any TensorSource) {
    let folder = Golden.ddim + name + "/"
    let facts = try JSONValue(contentsOf: folder + "case.json")
    var arguments = try #require(facts["config"]?["model"]?.object)
    arguments["resolution"] = facts["config"]?["data"]?["image_size"]
    return (facts, try DDIMUNet(configuration: .object(arguments)), try CheckpointFile.open(folder + #require(facts["weights"]?.text)))
  }

  @Test(arguments: cases) func outputsAndTapsAreTheOriginals(name: String) throws {
    let (facts, network, file) = try open(name)
    let tensors = try SafetensorsFile(path: Golden.ddim + name + "/tensors.safetensors")
    let inputs = ["x": try tensors.read("x").floats(), "timesteps": try tensors.read("t").floats()]
    let outputs = try #require(facts["outputs"]?.object)
    let graph = try network.graph(taps: DDIMUNet.taps)
    #expect(Set(graph.outputs.map(\.name)) == Set(outputs.keys))
    let results = try run(graph, weights: network.tensors(in: file, choice: .authors), inputs, count: 2)
    for (output, description) in outputs {
      let (error, fraction) = try Tolerance(description["tolerance"]).compare(
        #require(results[output]), tensors.read(output).doubles())
      #expect(fraction <= 1, "\(name) \(output): \(error)")
    }
  }

  @Test(arguments: cases) func namesAndShapesTellTheConfiguration(name: String) throws {
    let (_, network, file) = try open(name)
    let recognition = try #require(try DDIMUNet.recognise(file))
    #expect(recognition.undetermined.map(\.name) == ["resolution"])
    let told = try recognition.completed(by: ["resolution": JSONValue(network.image.height), "dropout": 0.1])
    #expect(try DDIMUNet(configuration: told).configuration == network.configuration)
    #expect(try network.graph().mismatches(against: network.tensors(in: file, choice: .authors).entries) == [])
  }

  @Test func theAuthorsSampleWithTheMovingAverage() throws {
    let (_, network, file) = try open("model-trained")
    func tensor(_ choice: WeightChoice) throws -> HostTensor { try network.tensors(in: file, choice: choice).read("conv_in.weight") }
    #expect(try tensor(.raw) == file.read("0/module.conv_in.weight"))
    #expect(try tensor(.ema) == file.read("4/conv_in.weight"))
    #expect(try tensor(.authors) == tensor(.ema))
    #expect(try tensor(.raw) != tensor(.ema))
  }

  @Test(arguments: ["model-cifar", "model-oldfile"]) func aStateDictAloneHasNoMovingAverage(name: String) throws {
    let (_, network, file) = try open(name)
    #expect(throws: PlumbError.self) { try network.tensors(in: file, choice: .ema) }
    #expect(try network.tensors(in: file, choice: .authors).entries == network.tensors(in: file, choice: .raw).entries)
  }

  @Test func anotherNetworksFileIsNotRecognised() throws {
    #expect(try DDIMUNet.recognise(CheckpointFile.open(Golden.dit + "forward/weights.pt")) == nil)
    #expect(try DiT.recognise(CheckpointFile.open(Golden.ddim + "model-trained/weights.pth")) == nil)
  }
}
