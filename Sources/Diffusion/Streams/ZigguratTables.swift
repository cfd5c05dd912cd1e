import Foundation

/// The 256 layers of equal area under the normal density, computed from the edge of the last one. numpy ships them as
/// constants; an entry may differ from its by the last bit.
struct ZigguratTables: Sendable {
  /// Where the tail begins.
  static let edge = 3.6541528853610087963519472518

  static let normal = ZigguratTables()

  /// Magnitudes of 52 bits below this lie inside the layer for certain.
  let accepted: [UInt64]
  /// What a magnitude is multiplied by.
  let widths: [Double]
  /// exp(-x²/2) at the edge of each layer.
  let densities: [Double]

  private init() {
    let layers = 256
    let density = { (x: Double) in exp(-0.5 * x * x) }
    let area = Self.edge * density(Self.edge) + (Double.pi / 2).squareRoot() * erfc(Self.edge / 2.0.squareRoot())
    var accepted = [UInt64](repeating: 0, count: layers)
    var widths = [Double](repeating: 0, count: layers)
    var densities = [Double](repeating: 1, count: layers)
    // The lowest layer is as wide as a box of its area would be.
    let base = area / density(Self.edge)
    accepted[0] = UInt64(Self.edge / base * 0x1p52)
    widths[0] = base * 0x1p-52
    var edge = Self.edge
    for layer in stride(from: layers - 1, through: 1, by: -1) {
      widths[layer] = edge * 0x1p-52
      densities[layer] = density(edge)
      guard layer > 1 else { break }
      let next = (-2 * log(area / edge + density(edge))).squareRoot()
      accepted[layer] = UInt64(next / edge * 0x1p52)
      edge = next
    }
    (self.accepted, self.widths, self.densities) = (accepted, widths, densities)
  }
}
