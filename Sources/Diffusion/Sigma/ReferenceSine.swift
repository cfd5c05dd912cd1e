import Foundation

/// The float32 sine behind iDDPM's noise levels.
///
/// abar(j) = sin²(pi j / (2 M (C_2 + 1))) of `ablation_sampler` is computed in float32, and the levels it leads to are later
/// compared to nine digits: a unit in the last place of one sine moves every level below it. PyTorch's sine on x86 is
/// accurate to 0.6 units in the last place, so for some arguments it is the neighbour of the correctly rounded value. For
/// the M and C_2 that iDDPM was published with those arguments are listed here, as PyTorch 2.6 was found to have them, in all
/// of its instruction sets; for every other M or C_2 the sine is correctly rounded.
struct ReferenceSine {
  private let steps: Int
  private let c2: Double
  private let neighbours: [Int: Float]

  init(steps: Int, c2: Double) {
    self.steps = steps
    self.c2 = c2
    neighbours = steps == 1000 && c2 == 0.008 ? Self.published : [:]
  }

  /// sin(pi j / (2 M (C_2 + 1))), the argument rounded to float32 after every operation.
  subscript(j: Int) -> Float {
    let argument = Float(0.5 * Double.pi) * Float(j) / Float(steps) / Float(c2 + 1)
    let rounded = Float(sin(Double(argument)))
    return neighbours[j].map { rounded + $0 * rounded.ulp } ?? rounded
  }

  private static let published: [Int: Float] = {
    let above = [
      62, 86, 128, 131, 135, 172, 189, 219, 228, 233, 237, 258, 262, 274, 277, 300, 301, 302, 307, 314, 315, 318, 322, 348, 401, 413, 425,
      754, 756, 790, 833, 834, 837, 849, 850, 864, 871, 874,
    ]
    let below = [501, 547, 571, 583, 600, 624, 631, 632, 633, 640, 647, 672, 700, 920, 932, 948, 958, 964]
    return Dictionary(uniqueKeysWithValues: above.map { ($0, 1) } + below.map { ($0, -1) })
  }()
}
