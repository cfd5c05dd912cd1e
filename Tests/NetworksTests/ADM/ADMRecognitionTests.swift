import Basics
import Checkpoints
import Foundation
import Networks
import Testing

/// What names and shapes tell of guided-diffusion's checkpoints, held against the arguments they were made with.
@Suite struct ADMRecognitionTests {
  @Test(arguments: [
    "unet-cifar", "unet-legacy", "unet-classcond", "unet-im128", "unet-trained-learned", "unet-trained-fixed", "unet-trained-classcond",
  ])
  func aCheckpointTellsAllButSizeAndHeads(name: String) throws {
    let folder = Golden.adm + name
    let arguments = try #require(JSONValue(contentsOf: folder + "/case.json")["config"]?["model_args"]?.object)
    let source = try CheckpointFile.open(folder + "/weights.pt")
    let recognition = try #require(try ADMUNet.recognise(source))
    var given: [String: JSONValue] = [:]
    for argument in recognition.undetermined { given[argument.name] = arguments[argument.name] ?? .null }
    #expect(Set(recognition.undetermined.map(\.name)) == ["image_size", "num_head_channels", "use_new_attention_order"])
    if given["num_head_channels"] == -1 { given["num_heads"] = arguments["num_heads"] }
    let recognised = try ADMUNet(configuration: recognition.completed(by: given))
    let original = try ADMUNet(configuration: .object(arguments))
    #expect(try recognised.graph() == original.graph(), "another network is recognised")
    #expect(try ParameterMismatch.all(recognised.parameters(), against: source.entries).isEmpty)
  }

  @Test func latentDiffusionsTransformersAreNotADMs() throws {
    let source = try CheckpointFile.open(Golden.ldm + "unet-crossattn/weights.ckpt")
    #expect(try ADMUNet.recognise(source) == nil)
  }
}
