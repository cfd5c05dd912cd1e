import Basics
import Diffusion
import Networks
import StageRuntime

/// One network of EDM called through its preconditioner: D(x; sigma) = c_skip x + c_out F(c_in x; c_noise), in float32.
///
/// A chain asks for one noise level at a time, over a lane; a case gives every picture its own, and wants F, the taps and the
/// augmentation labels, which chains do not have. So this is not the chain's own call.
struct EDMCall {
  struct Result {
    /// c_in x.
    let input: [Float]
    /// F.
    let raw: HostTensor
    /// D, with as many channels as x.
    let denoised: [Float]
    /// Taps by name.
    let inside: [String: HostTensor]
  }

  let network: EDMCaseNetwork
  let preconditioner: Preconditioning

  init(_ golden: GoldenCase, config: FieldReader) throws {
    network = try EDMCaseNetwork(golden, config: config)
    preconditioner = try TrainedProcess(given: [:], told: network.process).preconditioning()
  }

  /// `x` is [N, C, H, W] with a noise level and a label for each of the N.
  func callAsFunction(
    _ x: [Float], sigma: [Float], labels: [Float], augmentation: [Float]? = nil, taps: Set<String> = []
  ) throws -> Result {
    let size = network.network.image.count
    guard x.count == sigma.count * size, labels.count == sigma.count else {
      throw PlumbError("noise levels or labels do not fit the images", kind: .input, found: "\(sigma.count) levels, \(labels.count) labels")
    }
    let coefficients = sigma.map(preconditioner.coefficients)
    let input = x.indices.map { coefficients[$0 / size].input * x[$0] }
    var inside = try network.evaluate(
      input, noise: coefficients.map(\.noise), labels: labels, augmentation: augmentation, taps: taps)
    guard let raw = inside.removeValue(forKey: "out") else { throw PlumbError("the network gives no \"out\"") }
    let (values, stride) = (raw.floats(), raw.count / sigma.count)
    let denoised = x.indices.map { index in
      let c = coefficients[index / size]
      // Of iDDPM's channels the first half is used.
      return c.skip * x[index] + c.out * values[index / size * stride + index % size]
    }
    return Result(input: input, raw: raw, denoised: denoised, inside: inside)
  }
}
