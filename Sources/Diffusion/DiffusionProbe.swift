public import Basics
import Foundation

/// A fixed run of what the C library decides here: logarithms, cosines and exponentials of tables, noise and steps.
public enum DiffusionProbe {
  /// SHA-256 of the bits of a schedule's tables, of some normals and of some variances.
  public static func digest() throws -> Digest {
    let process = try DiffusionProcess(schedule: .cosine, steps: 1000, respacing: .sections([20]))
    let tables = process.betas + process.posteriorLogVarianceClipped
    var normals = [Float](repeating: 0, count: 256)
    try normals.withUnsafeMutableBufferPointer { try PhiloxNoise(seed: 1).normals(into: $0, sample: 7, purpose: .step, step: 3) }
    let deviations = process.posteriorLogVarianceClipped.map { exp(0.5 * Float($0)) }
    return Digest(of: tables.withUnsafeBytes { Array($0) } + (normals + deviations).withUnsafeBytes { Array($0) })
  }
}
