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
