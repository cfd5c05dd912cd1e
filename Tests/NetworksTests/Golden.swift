import Basics
import Checkpoints
import Engine
import EngineCPU
import Foundation
import Networks
import Testing

/// Where the golden cases and the shipped data lie in the repository.
enum Golden {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path(percentEncoded: false)
  static let adm = repository + "Tests/Golden/adm/"
  static let ldm = repository + "Tests/Golden/ldm/"
  static let ddim = repository + "Tests/Golden/ddim-repo/"
  static let dit = repository + "Tests/Golden/dit/"
  static let digits = repository + "Pipelines/digits/"
}

/// Absolute and relative error allowed: |got - expected| <= absolute + relative |expected|.
struct Tolerance {
  let relative: Double
  let absolute: Double

  init(relative: Double, absolute: Double) {
    self.relative = relative
    self.absolute = absolute
  }

  /// From a golden case: `{"rtol": ..., "atol": ...}`.
  init(_ json: JSONValue?) throws {
    relative = try #require(json?["rtol"]?.double)
    absolute = try #require(json?["atol"]?.double)
  }

  /// The largest error, and the largest as a fraction of what is allowed.
  func compare(_ got: [Float], _ expected: [Double]) -> (error: Double, fraction: Double) {
    var largest = (error: 0.0, fraction: 0.0)
    for (got, expected) in zip(got, expected) {
      let error = abs(Double(got) - expected)
      let fraction = error / (absolute + relative * abs(expected))
      largest.error = max(largest.error, error)
      // A NaN fails.
      largest.fraction = fraction.isNaN ? .infinity : max(largest.fraction, fraction)
    }
    return got.count == expected.count ? largest : (.infinity, .infinity)
  }
}

/// Runs `graph` once on all samples of `inputs`; results by output name.
func run(_ graph: Graph, weights source: any TensorSource, _ inputs: [String: [Float]], count: Int) throws -> [String: [Float]] {
  let lane = try CPUDevice().lane(of: graph, weights: source, batch: count)
  let fed = inputs.mapValues { values in
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return buffer
  }
  let results = Dictionary(
    uniqueKeysWithValues: graph.outputs.map { output in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * output.shape.count)
      buffer.initialize(repeating: .nan)
      return (output.name, buffer)
    })
  defer {
    for buffer in fed.values { buffer.deallocate() }
    for buffer in results.values { buffer.deallocate() }
  }
  try lane.run(count: count, inputs: fed.mapValues { UnsafeBufferPointer($0) }, outputs: results)
  return results.mapValues { Array($0) }
}
