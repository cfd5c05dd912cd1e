/// Where the limits of comparisons with the float64 reference come from.
enum Tolerance {
  /// Half the distance from 1 to the next float32.
  static let unit = 0x1p-24

  /// A sum of `depth` products, each at most `magnitude`, in float32: the rounding errors of fused multiply-adds are at
  /// most `unit` of the running sum each. For random signs the sum grows as sqrt(depth); its errors then add up to about
  /// `unit * depth * magnitude`, which is taken as the limit (the bound that holds always has depth squared).
  static func sum(depth: Int, magnitude: Double = 1) -> Double { unit * Double(depth + 4) * magnitude }

  /// A function evaluated in float32 in about `steps` roundings, with results up to `magnitude`.
  static func function(steps: Int = 4, magnitude: Double = 1) -> Double { unit * Double(steps) * magnitude }
}
