import Basics
import Diffusion
import Scoring

/// Moments of features and sums of the class score over the fixed tree of sample indices: the bits depend on the images
/// and their order only.
struct FeatureStatistics {
  private(set) var count = 0
  private let width: Int
  private let classes: Int
  private var reduction = LeafReduction<FeatureMoments>()
  private var leaf: FeatureMoments
  private var classReduction = LeafReduction<ClassScore>()
  private var classLeaf: ClassScore?

  init(_ embedding: Embedding) throws {
    width = embedding.width
    classes = embedding.classes
    leaf = try FeatureMoments(width: width)
    classLeaf = classes > 0 ? try ClassScore(classes: classes) : nil
  }

  /// Adds the next image.
  mutating func add(features: UnsafeBufferPointer<Float>, logits: UnsafeBufferPointer<Float>) throws {
    try leaf.add(features)
    try classLeaf?.add(logits: logits)
    count += 1
    if count % SampleLeaf.size == 0 { try close() }
  }

  private mutating func close() throws {
    let index = SampleLeaf.of(count - 1)
    try reduction.add(leaf: index, leaf)
    leaf = try FeatureMoments(width: width)
    if let done = classLeaf {
      try classReduction.add(leaf: index, done)
      classLeaf = try ClassScore(classes: classes)
    }
  }

  /// The Gaussian of everything added. Throws with fewer than two images.
  mutating func moments() throws -> GaussianStatistics {
    if leaf.count > 0 { try close() }
    guard let total = try reduction.total() else { throw PlumbError("there are no images to take statistics of") }
    return try total.statistics()
  }

  /// Throws when the network has no classes.
  mutating func classScore() throws -> Double {
    if leaf.count > 0 { try close() }
    guard let total = try classReduction.total() else {
      throw PlumbError("the feature network has no classes, so there is no class score", kind: .input)
    }
    return total.score
  }
}
