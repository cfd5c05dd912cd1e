import ArtifactStore
import Basics
import Diffusion
public import Engine
public import Networks
package import Scoring
import StageRuntime

/// What turns pictures into features: a feature network on this thread's lane, or the pixels themselves.
public struct Embedding {
  private enum Source {
    case network(any Lane)
    case pixels(PixelFeatures)
  }

  private let source: Source
  private let batch: Int
  private let imageCount: Int
  package let layout: FeatureLayout

  /// - Parameter artifact: a feature network; nil for the pixels of `image`.
  init(_ artifact: Artifact?, pixelsOf image: ImageShape, in context: StageContext) throws {
    if let artifact {
      let resident = try context.lane(for: artifact)
      try self.init(network: resident.network, lane: resident.lane, batch: resident.batch)
    } else {
      self.init(pixelsOf: image)
    }
  }

  private init(pixelsOf image: ImageShape) {
    source = .pixels(PixelFeatures(image))
    (batch, imageCount) = (1, image.count)
    layout = FeatureSource.pixels(image).layout
  }

  /// Throws when the network gives no "features".
  public init(network: any Network, lane: any Lane, batch: Int) throws {
    source = .network(lane)
    self.batch = batch
    imageCount = network.image.count
    layout = try FeatureLayout(vectors: FeatureFacts.vectors(of: network))
    _ = try layout.width(of: .features)
  }

  /// The features of images [n, C, H, W] given as bytes, in order. `evaluated` is told the number of images after every batch.
  package func rows(of bytes: [UInt8], evaluated: (Int) throws -> Void = { _ in }) throws -> FeatureRows {
    guard imageCount > 0, bytes.count % imageCount == 0 else {
      throw PlumbError("the bytes are no whole number of images", expected: "a multiple of \(imageCount)", found: "\(bytes.count)")
    }
    var rows = FeatureRows(layout)
    switch source {
    case .network(let lane): try embed(bytes, on: lane, into: &rows, evaluated)
    case .pixels(let pixels):
      for start in stride(from: 0, to: bytes.count, by: imageCount) {
        try pixels.features(of: bytes[start..<start + imageCount]).withUnsafeBufferPointer { features in
          try rows.append(images: 1) { $0 == .features ? features : nil }
        }
        try evaluated(1)
      }
    }
    return rows
  }

  private func embed(_ bytes: [UInt8], on lane: any Lane, into rows: inout FeatureRows, _ evaluated: (Int) throws -> Void) throws {
    let total = bytes.count / imageCount
    let outputs = layout.widths.mapValues { UnsafeMutableBufferPointer<Float>.allocate(capacity: batch * $0) }
    defer { for buffer in outputs.values { buffer.deallocate() } }
    for buffer in outputs.values { buffer.initialize(repeating: 0) }
    let named = Dictionary(uniqueKeysWithValues: outputs.map { ($0.key.rawValue, $0.value) })
    for start in stride(from: 0, to: total, by: batch) {
      let count = min(batch, total - start)
      let pixels = bytes[start * imageCount..<(start + count) * imageCount].map(Pixels.model)
      try pixels.withUnsafeBufferPointer { try lane.run(count: count, inputs: ["x": $0], outputs: named) }
      try rows.append(images: count) { tap in
        guard let buffer = outputs[tap], let width = layout.widths[tap] else { return nil }
        return UnsafeBufferPointer(rebasing: buffer[..<(count * width)])
      }
      try evaluated(count)
    }
  }
}
