import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Networks
import StageRuntime
import StageSchema

/// Random numbers that were drawn elsewhere, on an optional input of a stage that runs chains.
enum NoiseInput {
  private static let name = "noise"

  static let port = InputPort(
    name, [.noise], required: false, doc: "Random numbers drawn elsewhere, in place of those that follow from the seed.")

  static func isPresent(_ inputs: StageInputs) -> Bool { inputs.items[name] != nil }

  /// Throws unless the numbers, if there are any, are for these samples and this chain.
  static func check(_ inputs: FactInputs, _ facts: NetworkFacts, samples: Range<Int>, steps: Int) throws {
    guard let noise = inputs.items[name]?.first as? NoiseFacts else { return }
    guard noise.image == facts.network.image else {
      throw StageIssue(
        .input(name), "the noise does not fit the network", expected: facts.network.image.label, found: noise.image.label,
        reason: .wrongDimensions)
    }
    guard samples.upperBound <= noise.count else {
      throw StageIssue(
        .parameter(["samples"]), "the noise is for fewer samples", expected: "at most \(noise.count)", found: "\(samples.upperBound)")
    }
    if case .poissonFlow(let dimensions) = facts.process.perturbation {
      let (image, expected) = (facts.network.image.count, "\(facts.network.image.count + dimensions) normals a sample")
      guard let width = noise.radiusWidth else {
        throw StageIssue(
          .input(name), "the noise has no \(NoiseArray.radius.rawValue), which PFGM++ starts with", expected: expected, found: "nothing",
          reason: .wrongDimensions)
      }
      guard width - image == dimensions else {
        throw StageIssue(
          .input(name), "the \(NoiseArray.radius.rawValue) of the noise does not fit the network, whose D is \(dimensions)",
          expected: expected, found: "\(width)", reason: .wrongDimensions)
      }
    }
    guard noise.steps.map({ $0 == steps }) ?? true else {
      throw StageIssue(
        .input(name), "the noise is of another number of steps", expected: "\(steps)", found: "\(noise.steps ?? 0)",
        reason: .wrongDimensions)
    }
  }

  /// Whether the numbers are all a chain draws, the classes of its samples among them: then nothing follows from a seed.
  ///
  /// - Parameter areClassesDrawn: whether samples are given classes.
  static func replacesDraws(_ inputs: FactInputs, areClassesDrawn: Bool) -> Bool {
    guard let noise = inputs.items[name]?.first as? NoiseFacts else { return false }
    return !areClassesDrawn || noise.shapes[.labels] != nil
  }

  /// Bytes it takes while a cell runs.
  static func bytes(_ inputs: FactInputs) -> Int { (inputs.items[name]?.first as? NoiseFacts)?.byteCount ?? 0 }

  /// The numbers as a source, and the classes of samples where those were drawn too.
  static func streams(_ inputs: StageInputs, in context: StageContext) throws -> RandomStreams {
    let artifact = try inputs.artifact(name)
    let facts = try NoiseFacts(artifact)
    let tensors = try Safetensors.decode(context.store.read(artifact.part("noise")))
    var draws: [RecordedNoise.Draw: [Float]] = [.init(.start): try tensors.read(NoiseArray.start.rawValue).floats()]
    if let steps = facts.steps {
      let values = try tensors.read(NoiseArray.steps.rawValue).floats()
      let size = values.count / steps
      for number in 0..<steps {
        draws[.init(.step, step: steps - 1 - number)] = Array(values[number * size..<(number + 1) * size])
      }
    }
    if facts.shapes[.radius] != nil { draws[.init(.startRadius)] = try tensors.read(NoiseArray.radius.rawValue).floats() }
    let labels =
      facts.shapes[.labels] == nil ? nil : try tensors.read(NoiseArray.labels.rawValue).integers().map { Int32(clamping: $0) }
    return RandomStreams(noise: RecordedNoise(draws), labels: labels.map { .given($0) })
  }
}
