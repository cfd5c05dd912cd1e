/// The coefficients of one reverse step, each rounded from float64 to float32 as it meets float32 images.
struct StepCoefficients {
  let lambda: Float
  let recipSignal: Float
  let noiseRatio: Float
  let meanOfStart: Float
  let meanOfState: Float
  let smallLogVariance: Float
  let largeLogVariance: Float
  let ddim: DDIMCoefficients?

  init(_ reverse: ReverseProcess, index: Int) {
    let process = reverse.process
    let bounds = LogVarianceBounds(reverse.variance, process, index: index)
    lambda = Float(reverse.scaling.lambda(index))
    recipSignal = Float(process.sqrtRecipAlphasCumprod[index])
    noiseRatio = Float(process.sqrtRecipm1AlphasCumprod[index])
    meanOfStart = Float(process.posteriorMeanCoef1[index])
    meanOfState = Float(process.posteriorMeanCoef2[index])
    smallLogVariance = Float(bounds.small)
    largeLogVariance = Float(bounds.large)
    if case .ddim(let eta) = reverse.sampler {
      ddim = DDIMCoefficients(
        eta: Float(eta), signal: Float(process.alphasCumprod[index]), signalBefore: Float(process.alphasCumprodPrev[index]))
    } else {
      ddim = nil
    }
  }
}

/// DDIM, equation 12: x' = sqrt(abar_prev) x_0 + sqrt(1 - abar_prev - sigma²) eps + sigma z, all in float32.
struct DDIMCoefficients {
  let start: Float
  let direction: Float
  let sigma: Float

  init(eta: Float, signal: Float, signalBefore: Float) {
    sigma = eta * ((1 - signalBefore) / (1 - signal)).squareRoot() * (1 - signal / signalBefore).squareRoot()
    start = signalBefore.squareRoot()
    direction = (1 - signalBefore - sigma * sigma).squareRoot()
  }
}

/// DDIM over the predicted noise: x_0 = (x - deviation e) / signal, x' = signalBefore x_0 + direction e + sigma z.
struct GeneralizedCoefficients {
  let signal: Float
  let deviation: Float
  let signalBefore: Float
  let direction: Float
  let sigma: Float

  init(_ reverse: ReverseProcess, index: Int) {
    let process = reverse.process
    let (bar, before) = (Float(process.alphasCumprod[index]), Float(process.alphasCumprodPrev[index]))
    let eta = reverse.sampler.eta ?? 0
    // 1 - bar / before loses digits, so the arithmetic is the original's: ermongroup/ddim in float32, LDM in float64 from
    // tables rounded to float32.
    if process.schedule.hasSingleTables {
      sigma = Float(eta) * ((1 - bar / before) * (1 - before) / (1 - bar)).squareRoot()
    } else {
      sigma = Float(Self.deviation(eta: eta, bar: Double(bar), before: Double(before)))
    }
    signal = bar.squareRoot()
    deviation = (1 - bar).squareRoot()
    signalBefore = before.squareRoot()
    direction = max(1 - before - sigma * sigma, 0).squareRoot()
  }

  /// sigma of DDIM (Song et al. 2021, equation 16).
  static func deviation(eta: Double, bar: Double, before: Double) -> Double {
    eta * ((1 - before) / (1 - bar) * (1 - bar / before)).squareRoot()
  }
}
