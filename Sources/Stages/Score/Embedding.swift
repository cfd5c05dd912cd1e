import ArtifactStore
import Basics
import Diffusion
import Engine
import Networks
import Scoring
import StageRuntime

/// What turns pictures into features: a feature network on this thread's lane, or the pixels themselves.
public struct Embedding {
  private enum Source {
    case network(any Lane)
    case pixels(PixelFeatures)
  }

  private let source: Source
  let batch: Int
  let imageCount: Int
  /// Features per image.
  public let width: Int
  /// Classes, when the network has logits; else 0.
  public let classes: Int

  init(_ artifact: Artifact, in context: StageContext) throws {
    let resident = try context.lane(for: artifact)
    try self.init(network: resident.network, lane: resident.lane, batch: resident.batch)
  }

  /// Features without a network.
  init(pixelsOf image: ImageShape) {
    let pixels = PixelFeatures(image)
    source = .pixels(pixels)
    (batch, imageCount, width, classes) = (1, image.count, pixels.count, 0)
  }

  /// Throws when the network gives no "features".
  public init(network: any Network, lane: any Lane, batch: Int) throws {
    source = .network(lane)
    self.batch = batch
    imageCount = network.image.count
    let outputs = try network.graph(taps: []).outputs
    guard case .vector(let width)? = outputs.first(where: { $0.name == "features" })?.shape else {
      throw PlumbError("the network gives no features", kind: .input, found: outputs.map(\.name).joined(separator: ", "))
    }
    self.width = width
    if case .vector(let classes)? = outputs.first(where: { $0.name == "logits" })?.shape { self.classes = classes } else { classes = 0 }
  }

  /// Evaluates images [n, C, H, W] given as bytes and adds their features, in order.
  func embed(_ bytes: [UInt8], into statistics: inout FeatureStatistics, in context: StageContext) throws {
    try embed(bytes) { features, logits in
      try context.checkCancelled()
      let count = features.count / width
      for row in 0..<count {
        try statistics.add(
          features: UnsafeBufferPointer(rebasing: features[row * width..<(row + 1) * width]),
          logits: UnsafeBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes]))
      }
      context.advance(evaluations: count)
    }
  }

  /// Evaluates images [n, C, H, W] given as bytes; hands out features [count, width] and logits [count, classes] batch
  /// by batch, valid during the call.
  public func embed(
    _ bytes: [UInt8], each: (_ features: UnsafeBufferPointer<Float>, _ logits: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    guard imageCount > 0, bytes.count % imageCount == 0 else {
      throw PlumbError("the bytes are no whole number of images", expected: "a multiple of \(imageCount)", found: "\(bytes.count)")
    }
    switch source {
    case .network(let lane): try embed(bytes, on: lane, each: each)
    case .pixels(let pixels):
      for start in stride(from: 0, to: bytes.count, by: imageCount) {
        try pixels.features(of: bytes[start..<start + imageCount]).withUnsafeBufferPointer { features in
          try each(features, UnsafeBufferPointer(rebasing: features[..<0]))
        }
      }
    }
  }

  private func embed(
    _ bytes: [UInt8], on lane: any Lane, each: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let total = bytes.count / imageCount
    var (features, logits) = ([Float](repeating: 0, count: batch * width), [Float](repeating: 0, count: batch * max(classes, 1)))
    for start in stride(from: 0, to: total, by: batch) {
      let count = min(batch, total - start)
      let pixels = bytes[start * imageCount..<(start + count) * imageCount].map(Pixels.model)
      try pixels.withUnsafeBufferPointer { pixels in
        try features.withUnsafeMutableBufferPointer { features in
          try logits.withUnsafeMutableBufferPointer { logits in
            var outputs = ["features": features]
            if classes > 0 { outputs["logits"] = logits }
            try lane.run(count: count, inputs: ["x": pixels], outputs: outputs)
            try each(
              UnsafeBufferPointer(rebasing: features[..<(count * width)]), UnsafeBufferPointer(rebasing: logits[..<(count * classes)]))
          }
        }
      }
    }
  }
}
