import Basics
import Foundation
import Testing

/// Files a person might hand over: each gets one clear message with a position, exit status 2, and nothing is written.
@Suite struct WrongFilesTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let name: String
    /// Turns the good file into the wrong one.
    let change: @Sendable (String) -> String
    /// What the message must say; all of it.
    let says: [String]
    /// The text the caret must stand under: its first occurrence in the wrong file gives line and column. Nil: only a
    /// position is asked for.
    let at: String?

    init(_ name: String, replace old: String, with new: String, says: [String], at: String?) {
      self.name = name
      self.says = says
      self.at = at
      change = { text in
        text.contains(old) ? text.replacingOccurrences(of: old, with: new) : ""
      }
    }

    var testDescription: String { name }
  }

  static let mistakes: [Mistake] = [
    Mistake("typo in a top-level key", replace: "default:", with: "defualt:", says: ["defualt", "default"], at: "defualt"),
    Mistake(
      "typo in a parameter field", replace: "sampler: ddpm, steps: 4, samples: $samples, seed: 0, epsilon_scaling: $scaling}}\n  delta",
      with: "sampelr: ddpm, steps: 4, samples: $samples, seed: 0, epsilon_scaling: $scaling}}\n  delta", says: ["sampelr", "sampler"],
      at: "sampelr"),
    Mistake("unknown stage kind", replace: "uses: score", with: "uses: scoer", says: ["scoer", "score"], at: "scoer"),
    Mistake(
      "edge to a stage that is not there", replace: "samples: sample.images", with: "samples: smaple.images", says: ["smaple", "sample"],
      at: "smaple"),
    Mistake(
      "edge to a port that is not there", replace: "sample.images", with: "sample.image", says: ["image", "images"], at: "image, reference"),
    Mistake(
      "wrong edge type", replace: "reference: images", with: "reference: weights", says: ["dataset", "network"],
      at: "weights, features: features"),
    Mistake("missing required input", replace: "inputs: {network: weights}, with", with: "inputs: {}, with", says: ["network"], at: nil),
    Mistake(
      "cycle", replace: "inputs: {network: weights}, with: {sampler", with: "inputs: {network: table}, with: {sampler", says: ["table"],
      at: nil),
    Mistake("duplicate key", replace: "name: small", with: "name: small\nname: again", says: ["name", "twice"], at: "name: again"),
    Mistake("tab indent", replace: "  samples: 96", with: "\tsamples: 96", says: ["tab"], at: nil),
    Mistake("unclosed bracket", replace: "gather: [scaling]", with: "gather: [scaling", says: ["["], at: nil),
    Mistake("text where a number belongs", replace: "samples: 96", with: "samples: many", says: ["whole number", "many"], at: nil),
    Mistake("number out of range", replace: "samples: 96", with: "samples: -5", says: ["-5"], at: nil),
    Mistake("unknown lambda field", replace: "{k: 0, b: 1.02}", with: "{k: 0, c: 1.02}", says: ["c"], at: nil),
    Mistake("lambda that is zero", replace: "{k: 0, b: 1.02}", with: "{k: 0, b: 0}", says: ["b"], at: nil),
    Mistake("empty sweep", replace: "{sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}]}", with: "{sweep: []}", says: ["sweep"], at: nil),
    Mistake("unused parameter", replace: "params:\n", with: "params:\n  stpes: 20\n", says: ["stpes"], at: "stpes"),
    Mistake(
      "unknown parameter", replace: "epsilon_scaling: $scaling}}\n  score", with: "epsilon_scaling: $scalng}}\n  score",
      says: ["scalng", "scaling"], at: "$scalng"),
    Mistake("gather of an axis nobody has", replace: "gather: [scaling]", with: "gather: [steps]", says: ["steps"], at: "steps]"),
    Mistake("missing checkpoint", replace: "digits-adm.pt", with: "digits-amd.pt", says: ["digits-amd.pt"], at: nil),
    Mistake("wrong checkpoint", replace: "digits-adm.pt", with: "digits-features.pt", says: ["digits-features.pt", "missing"], at: nil),
    Mistake("not a checkpoint", replace: "digits-adm.pt", with: "recipe.json", says: ["recipe.json"], at: nil),
    Mistake("configuration of another width", replace: "model_channels: 32", with: "model_channels: 64", says: ["64", "32"], at: nil),
    Mistake(
      "unknown configuration argument", replace: "num_head_channels: 32", with: "num_heads_channels: 32", says: ["num_heads_channels"],
      at: nil),
    Mistake("network and dataset of different sizes", replace: "image_size: 8", with: "image_size: 16", says: ["16", "8"], at: nil),
    Mistake(
      "more steps than the process has", replace: "steps: 4, samples: $samples, seed: 0, epsilon",
      with: "steps: 4000, samples: $samples, seed: 0, epsilon", says: ["4000", "1000"], at: nil),
    Mistake("wrong version of the language", replace: "plumb: 1", with: "plumb: 7", says: ["7"], at: "7"),
    Mistake("merge key", replace: "  images: {uses", with: "  <<: {a: 1}\n  images: {uses", says: ["<<"], at: nil),
  ]

  @Test(arguments: mistakes) func isRefusedWithAPositionAndNothingIsWritten(_ mistake: Mistake) throws {
    let folder = try Program.Folder()
    let text = mistake.change(SmallPipeline.text())
    try #require(!text.isEmpty, "the good file has no \"\(mistake.name)\" to make")
    let file = try folder.write(text, to: "wrong.plumb.yaml")
    for command in ["check", "run"] {
      let ending = try Program.run([command, file, "--store", "\(folder.path)/store"], in: folder.path)
      #expect(ending.status == 2, "\(command): \(ending.errors)")
      #expect(ending.errors.contains("wrong.plumb.yaml:"), "no position in: \(ending.errors)")
      for words in mistake.says { #expect(ending.errors.contains(words), "\"\(words)\" is missing in: \(ending.errors)") }
      if let at = mistake.at {
        let position = try #require(Self.position(of: at, in: text))
        #expect(ending.errors.contains("wrong.plumb.yaml:\(position):"), "expected a caret at \(position): \(ending.errors)")
      }
    }
    #expect(folder.files() == ["wrong.plumb.yaml"], "something was written")
  }

  @Test func allMistakesOfAFileAreReportedAtOnce() throws {
    let folder = try Program.Folder()
    let text = SmallPipeline.text()
      .replacingOccurrences(of: "uses: score", with: "uses: scoer").replacingOccurrences(of: "default:", with: "defualt:")
    let file = try folder.write(text, to: "wrong.plumb.yaml")
    let ending = try Program.run(["check", file], in: folder.path)
    #expect(ending.errors.contains("scoer") && ending.errors.contains("defualt"), "\(ending.errors)")
  }

  @Test func aTruncatedCheckpointIsRefusedAndNothingIsWritten() throws {
    let folder = try Program.Folder()
    let bytes = try AtomicFile.read(Program.repository + "/Pipelines/digits/digits-adm.pt")
    try AtomicFile.write(bytes.prefix(bytes.count / 2), to: folder.path + "/half.pt")
    let text = SmallPipeline.text().replacingOccurrences(of: "\(Program.repository)/Pipelines/digits/digits-adm.pt", with: "half.pt")
    let file = try folder.write(text, to: "wrong.plumb.yaml")
    let ending = try Program.run(["run", file, "--store", "\(folder.path)/store"], in: folder.path)
    #expect(ending.status == 2, "\(ending.errors)")
    #expect(ending.errors.contains("half.pt") && ending.errors.contains("wrong.plumb.yaml:"), "\(ending.errors)")
    #expect(folder.files() == ["half.pt", "wrong.plumb.yaml"])
  }

  @Test func aBodyDamagedInThePinnedFileIsFoundWhileLoading() throws {
    let folder = try Program.Folder()
    var bytes = try AtomicFile.read(Program.repository + "/Pipelines/digits/digits-adm.pt")
    let digest = Digest(of: bytes)
    bytes[bytes.count / 2 + 4] ^= 0x55
    try AtomicFile.write(bytes, to: folder.path + "/damaged.pt")
    let text = SmallPipeline.text().replacingOccurrences(
      of: "file: \(Program.repository)/Pipelines/digits/digits-adm.pt", with: "file: damaged.pt\n      sha256: \(digest.hex)")
    let file = try folder.write(text, to: "wrong.plumb.yaml")
    let ending = try Program.run(["run", file, "--store", "\(folder.path)/store"], in: folder.path)
    #expect(ending.status == 1, "only loading can find it: \(ending.errors)")
    #expect(ending.errors.contains("damaged.pt") && ending.errors.contains(digest.hex), "\(ending.errors)")
  }

  @Test(arguments: [["run"], ["run", "nothing-here.yaml"], ["frobnicate"], ["plan", "x", "--lanes", "0"], ["run", "--no-such-flag"]])
  func wrongArgumentsEndWith2(_ arguments: [String]) throws {
    let folder = try Program.Folder()
    let ending = try Program.run(arguments, in: folder.path)
    #expect(ending.status == 2, "\(arguments): \(ending.errors)")
    #expect(!ending.errors.isEmpty)
    #expect(folder.files().isEmpty)
  }

  /// "line:column", both from 1.
  private static func position(of token: String, in text: String) -> String? {
    guard let range = text.range(of: token) else { return nil }
    let before = text[..<range.lowerBound]
    let line = before.count { $0 == "\n" } + 1
    let column = before.reversed().prefix { $0 != "\n" }.count + 1
    return "\(line):\(column)"
  }
}
