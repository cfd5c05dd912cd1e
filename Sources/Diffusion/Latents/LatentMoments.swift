import Basics
import Glibc

/// The normal distribution over latents that a variational first stage gives for a picture: LDM's
/// `DiagonalGaussianDistribution`, in float32.
public struct LatentMoments: Sendable {
  public let mean: [Float]
  /// Clamped to -30…20, as the original does before it is used.
  public let logVariance: [Float]

  /// `moments` is `[N, 2C, h, w]`, mean and log-variance of `channels` channels of `area` numbers each. Throws when the count
  /// does not fit.
  public init(_ moments: [Float], channels: Int, area: Int) throws {
    let (half, overflow) = channels.multipliedReportingOverflow(by: area)
    guard !overflow, half > 0, moments.count % half == 0, moments.count / half % 2 == 0 else {
      throw PlumbError("moments do not fit the latents", expected: "a multiple of 2 x \(channels) x \(area)", found: "\(moments.count)")
    }
    var (mean, logVariance): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: moments.count, by: 2 * half) {
      mean += moments[start..<start + half]
      logVariance += moments[start + half..<start + 2 * half].map { min(max($0, -30), 20) }
    }
    self.mean = mean
    self.logVariance = logVariance
  }

  /// exp(logvar / 2).
  public var deviation: [Float] { logVariance.map { exp(0.5 * $0) } }

  /// mean + deviation · noise, number by number. Throws when the noise is of another count.
  public func sample(_ noise: [Float]) throws -> [Float] {
    guard noise.count == mean.count else {
      throw PlumbError("noise does not fit the latents", expected: "\(mean.count) numbers", found: "\(noise.count)")
    }
    return zip(mean, zip(deviation, noise)).map { $0 + $1.0 * $1.1 }
  }
}
