import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Networks
import StageRuntime

/// Gathers what a sampler ends with as pictures of bytes, through the decoder where the network's pictures are latents.
struct PictureBytes {
  private let shape: ImageShape
  private let decoder: LatentCoder?
  private let rule: PixelRule
  private var bytes: [UInt8] = []
  /// What is known of the numbers that went into them.
  private(set) var finite = FiniteSamples()

  init(_ network: Artifact, _ facts: NetworkFacts, count: Int, rule: PixelRule, in context: StageContext) throws {
    shape = facts.picture
    self.rule = rule
    decoder = facts.firstStage == nil ? nil : try LatentCoder(network, .decoder, in: context)
    bytes.reserveCapacity(count * shape.count)
  }

  /// Adds final states [samples, C, H, W] of the network.
  mutating func append(_ states: UnsafeBufferPointer<Float>, of samples: Range<Int>, in context: StageContext) throws {
    finite.look(at: states, of: samples)
    guard let decoder else {
      add(states)
      return
    }
    var (decoded, finite, next): ([UInt8], FiniteSamples, Int) = ([], finite, samples.lowerBound)
    try decoder.decode(states, in: context) { pictures in
      let count = pictures.count / max(shape.count, 1)
      finite.look(at: pictures, of: next..<next + count)
      next += count
      decoded += pictures.map(rule.byte)
    }
    self.finite = finite
    bytes += decoded
  }

  /// uint8 [N, C, H, W].
  func tensor() throws -> HostTensor {
    try HostTensor(dtype: .uint8, shape: [bytes.count / max(shape.count, 1), shape.channels, shape.height, shape.width], bytes: bytes)
  }

  private mutating func add(_ values: UnsafeBufferPointer<Float>) {
    for value in values { bytes.append(rule.byte(value)) }
  }
}
