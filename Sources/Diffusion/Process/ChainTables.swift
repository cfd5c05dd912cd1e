/// The tables of a respaced chain in the arithmetic its original computes them in, as float64.
struct ChainTables {
  let betas: [Double]
  let bars: [Double]
  let before: [Double]
  let sqrtRecip: [Double]
  let sqrtRecipm1: [Double]
  let variance: [Double]
  let ofStart: [Double]
  let ofState: [Double]

  /// guided-diffusion's `SpacedDiffusion`: betas of the kept steps first, and abar as the product of those.
  init(double training: [Double], timesteps: [Int], startsFromFirst: Bool) {
    let products = Self.products(training, from: 1)
    let below = startsFromFirst ? (products.first ?? 1) : 1
    var previous = below
    let betas = timesteps.map { timestep in
      defer { previous = products[timestep] }
      return 1 - products[timestep] / previous
    }
    let bars = Self.products(betas, from: below)
    self.init(betas: betas, bars: bars, before: [below] + bars.dropLast())
  }

  /// ermongroup/ddim (`compute_alpha`): abar of the whole chain, the kept ones picked from it, everything in float32. Its
  /// running product is float32 in its values, but PyTorch carries it on in float64 on a CPU.
  init(single training: [Double], timesteps: [Int], startsFromFirst: Bool) {
    let products = Self.products(training.map { 1 - Double(1 - Float($0)) }, from: 1).map { Float($0) }
    let bars = timesteps.map { products[$0] }
    let before = [startsFromFirst ? (products.first ?? 1) : 1] + bars.dropLast()
    self.init(betas: zip(bars, before).map { 1 - $0 / $1 }, bars: bars, before: before)
  }

  private init<Number: BinaryFloatingPoint>(betas: [Number], bars: [Number], before: [Number]) {
    let indices = betas.indices
    self.betas = betas.map { Double($0) }
    self.bars = bars.map { Double($0) }
    self.before = before.map { Double($0) }
    sqrtRecip = bars.map { Double((1 / $0).squareRoot()) }
    sqrtRecipm1 = bars.map { Double((1 / $0 - 1).squareRoot()) }
    variance = indices.map { Double(betas[$0] * (1 - before[$0]) / (1 - bars[$0])) }
    ofStart = indices.map { Double(betas[$0] * before[$0].squareRoot() / (1 - bars[$0])) }
    ofState = indices.map { Double((1 - before[$0]) * (1 - betas[$0]).squareRoot() / (1 - bars[$0])) }
  }

  private static func products(_ betas: [Double], from first: Double) -> [Double] {
    var product = first
    return betas.map { beta in
      product *= 1 - beta
      return product
    }
  }
}
