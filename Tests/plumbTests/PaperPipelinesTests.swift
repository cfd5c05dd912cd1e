import Basics
import Foundation
import Testing

/// Every pipeline of the paper, end to end, on a tiny checkpoint in the authors' own format in place of the published one.
@Suite struct PaperPipelinesTests {
  struct Family: Sendable, CustomTestStringConvertible {
    let pipeline: String
    let checkpoint: String
    let pictures: Int
    var further: [String] = []
    var testDescription: String { pipeline }
  }

  static let families = [
    Family(
      pipeline: "adm-imagenet64", checkpoint: "adm/unet-trained-classcond/weights.pt", pictures: 8,
      further: ["size=8", "head_width=8", "new_order=false"]),
    Family(
      pipeline: "adm-guided-imagenet128", checkpoint: "adm/unet-trained-classcond/weights.pt", pictures: 8,
      further: ["classifier_checkpoint=Tests/Golden/adm/classifier-forward/weights.pt", "size=8", "classifier_head_width=16"]),
    Family(pipeline: "ddim-cifar10", checkpoint: "ddim-repo/model-trained/weights.pth", pictures: 8, further: ["resolution=8"]),
    Family(pipeline: "edm-cifar10", checkpoint: "edm/sampler-heun/weights.pkl", pictures: 8),
    Family(pipeline: "pfgmpp-cifar10", checkpoint: "pfgmpp/sampler-D128/weights.pt", pictures: 8),
    Family(
      pipeline: "ldm-celeba256", checkpoint: "ldm/unet-uncond/weights.ckpt", pictures: 16,
      further: ["latent_size=8", "head_width=8", "encoded=32"]),
    Family(
      pipeline: "dit-imagenet256", checkpoint: "dit/forward/weights.pt", pictures: 16,
      further: [
        "autoencoder=Tests/Golden/dit/vae/diffusion_pytorch_model.safetensors", "heads=2", "size=16", "groups=16", "encoded=32",
      ]),
  ]

  private func arguments(_ family: Family, _ command: String, store: String, samples: Int = 8) -> [String] {
    let settings =
      [
        "checkpoint=Tests/Golden/\(family.checkpoint)", "pictures=Tests/Data/pictures/pictures-\(family.pictures).npz", "steps=6",
        "samples=\(samples)", "measured=\(samples)",
      ] + family.further
    return [command, "Pipelines/paper/\(family.pipeline).plumb.yaml", "--store", store] + settings.flatMap { ["--set", $0] }
  }

  @Test(arguments: families) func runsToItsReport(_ family: Family) throws {
    let folder = try Program.Folder()
    let store = folder.path + "/store"
    let ending = try Program(arguments(family, "run", store: store), in: Program.repository).finish()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.contains("FD"), "the table has no score:\n\(ending.output)")
    #expect(!ending.output.lowercased().contains("nan"), "a figure is no number:\n\(ending.output)")
    // Nothing is left to do, and half as many samples again only add to what is there.
    let check = try Program(arguments(family, "plan", store: store) + ["--check"], in: Program.repository).finish()
    #expect(check.status == 0, "a finished run is not cached:\n\(check.output)")
  }

  @Test func theAblationOfTable2PlansWithoutItsFilesAndRunsOnATinyCheckpoint() throws {
    let folder = try Program.Folder()
    let pipeline = "Pipelines/paper/adm-cifar10.plumb.yaml"
    let text = try String(contentsOfFile: "\(Program.repository)/\(pipeline)", encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < 45)
    let planned = try Program(["plan", pipeline, "--check", "--store", folder.path + "/store"], in: Program.repository).finish()
    #expect(
      planned.status == 3 && planned.output.contains("sample[first=100000,scaling.b=1.017,scaling.k=0,steps=50]"), "\(planned.errors)")

    let (weights, pictures) = ("Tests/Golden/adm/unet-trained-learned/weights.pt", "Tests/Data/pictures/pictures-8.npz")
    let settings = [
      "checkpoint=\(weights)", "checkpoint_sha256=\"\(try AtomicFile.digest("\(Program.repository)/\(weights)").digest.hex)\"",
      "pictures=\(pictures)", "pictures_sha256=\"\(try AtomicFile.digest("\(Program.repository)/\(pictures)").digest.hex)\"",
      "count=32", "size=8", "first=0,4", "samples=4", "measured=4",
      "weights.with.config={image_size: 8, in_channels: 3, out_channels: 6, model_channels: 32, num_res_blocks: 1, channel_mult: [1, 1], "
        + "attention_resolutions: [2], num_head_channels: 16, resblock_updown: true, use_scale_shift_norm: true, "
        + "use_new_attention_order: true}",
    ]
    let ending = try Program(
      ["run", pipeline, "--store", folder.path + "/store"] + settings.flatMap { ["--set", $0] }, in: Program.repository
    ).finish()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.contains("0.0025"), "the linear schedules are not in the table:\n\(ending.output)")
  }

  @Test func anUndeterminedArgumentIsAskedForByName() throws {
    let folder = try Program.Folder()
    let pipeline = """
      plumb: 1
      name: lacking
      stages:
        weights: {uses: load-weights, with: {file: \(Program.repository)/Tests/Golden/ldm/unet-uncond/weights.ckpt}}
      default: [weights]
      """
    let path = folder.path + "/lacking.plumb.yaml"
    try pipeline.write(toFile: path, atomically: true, encoding: .utf8)
    let ending = try Program(["check", path], in: Program.repository).finish()
    #expect(ending.status == 2)
    for name in ["image_size", "num_head_channels", "use_new_attention_order"] { #expect(ending.errors.contains(name), "\(ending.errors)") }
  }

  @Test func aWrongConfigurationListsTheFirstParametersThatDiffer() throws {
    let folder = try Program.Folder()
    let pipeline = """
      plumb: 1
      name: wrong
      stages:
        weights:
          uses: load-weights
          with: {file: \(Program.repository)/Tests/Golden/dit/forward/weights.pt, config: {num_heads: 2, hidden_size: 64}, process: {noise_schedule: linear}}
      default: [weights]
      """
    let path = folder.path + "/wrong.plumb.yaml"
    try pipeline.write(toFile: path, atomically: true, encoding: .utf8)
    let ending = try Program(["check", path], in: Program.repository).finish()
    #expect(ending.status == 2)
    #expect(ending.errors.contains("has shape"), "\(ending.errors)")
  }
}
