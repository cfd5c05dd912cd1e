import ArtifactStore
import Basics
import Diffusion
import Engine
import Networks
import StageRuntime

/// One side of a first stage on this thread's lane.
struct LatentCoder {
  let stage: any FirstStage
  private let lane: any Lane
  private let batch: Int

  init(_ artifact: Artifact, _ side: NetworkPart, in context: StageContext) throws {
    let resident = try context.lane(for: artifact, side)
    guard let stage = resident.network as? any FirstStage else { throw PlumbError("the artifact has no first stage") }
    self.stage = stage
    lane = resident.lane
    batch = resident.batch
  }

  /// Scaled latents [images, c, h, w] of pictures.
  ///
  /// Where the encoder gives moments: mean + exp(log variance / 2) z with the log variance kept in [-30, 20]
  /// (`DiagonalGaussianDistribution` of LDM), or the mean when there is no noise.
  func encode(
    _ pictures: any StartImages, _ images: Range<Int>, noise: (any NoiseSource)?, in context: StageContext
  ) throws -> [Float] {
    let (size, latent) = (stage.image.count, stage.latent.count)
    let width = stage.encoding == .moments ? 2 * latent : latent
    let factor = Float(stage.scaleFactor)
    var latents: [Float] = []
    latents.reserveCapacity(images.count * latent)
    var (x, encoded, draw) = (
      [Float](repeating: 0, count: batch * size), [Float](repeating: 0, count: batch * width), [Float](repeating: 0, count: latent)
    )
    for start in stride(from: images.lowerBound, to: images.upperBound, by: batch) {
      try context.checkCancelled()
      let count = min(batch, images.upperBound - start)
      try x.withUnsafeMutableBufferPointer { x in
        for position in 0..<count {
          try pictures.copy(sample: start + position, into: .init(rebasing: x[position * size..<(position + 1) * size]))
        }
      }
      try run(x, count: count, into: &encoded)
      for position in 0..<count {
        let values = encoded[position * width..<(position + 1) * width]
        guard stage.encoding == .moments, let noise else {
          latents += values.prefix(latent).map { factor * $0 }
          continue
        }
        try draw.withUnsafeMutableBufferPointer {
          try noise.normals(into: $0, sample: start + position, purpose: .posterior, step: 0)
        }
        let moments = try LatentMoments(
          Array(values), channels: stage.latent.channels, area: stage.latent.height * stage.latent.width)
        latents += try moments.sample(draw).map { factor * $0 }
      }
      context.advance(evaluations: count)
    }
    return latents
  }

  /// Pictures [count, C, H, W], not clamped, of scaled latents, handed out batch by batch.
  func decode(_ latents: UnsafeBufferPointer<Float>, in context: StageContext, each: (UnsafeBufferPointer<Float>) throws -> Void) throws {
    let (size, latent) = (stage.image.count, stage.latent.count)
    var pictures = [Float](repeating: 0, count: batch * size)
    for start in stride(from: 0, to: latents.count / latent, by: batch) {
      try context.checkCancelled()
      let count = min(batch, latents.count / latent - start)
      try pictures.withUnsafeMutableBufferPointer { pictures in
        let x = UnsafeBufferPointer(rebasing: latents[start * latent..<(start + count) * latent])
        try lane.run(count: count, inputs: ["x": x], outputs: ["out": pictures])
        try each(UnsafeBufferPointer(rebasing: pictures[..<(count * size)]))
      }
    }
  }

  private func run(_ x: [Float], count: Int, into encoded: inout [Float]) throws {
    try x.withUnsafeBufferPointer { x in
      try encoded.withUnsafeMutableBufferPointer { encoded in
        try lane.run(count: count, inputs: ["x": x], outputs: ["encoded": encoded])
      }
    }
  }
}
