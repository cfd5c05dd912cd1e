/// Line styles that keep apart in print and for colour-blind eyes: Okabe and Ito's palette ("Color Universal Design",
/// 2008), a different mark for each curve; long sweeps run through a dark-to-light ramp of even lightness steps.
package enum Palette {
  package struct Style: Sendable, Hashable {
    /// `#rrggbb`.
    package let color: String
    /// gnuplot's point type, the same in its SVG and PDF terminals.
    let point: Int
    /// gnuplot's dash type.
    let dash: Int
  }

  static let reference = Style(color: "#000000", point: 8, dash: 2)
  static let baseline = Style(color: "#d55e00", point: 7, dash: 1)

  private static let cells = [
    Style(color: "#0072b2", point: 5, dash: 1),
    Style(color: "#009e73", point: 9, dash: 1),
    Style(color: "#cc79a7", point: 13, dash: 1),
    Style(color: "#56b4e9", point: 11, dash: 1),
    Style(color: "#e69f00", point: 15, dash: 1),
  ]

  /// Stops of the ramp, dark to light, all dark enough to be seen on white.
  private static let ramp: [(red: Double, green: Double, blue: Double)] = [
    (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 189, 80), (190, 180, 30),
  ]

  /// The style of cell `index` of `count`.
  package static func cell(_ index: Int, of count: Int) -> Style {
    if count <= cells.count, cells.indices.contains(index) { return cells[index] }
    let points = [5, 9, 13, 11, 15]
    let position = Double(min(max(index, 0), count - 1)) / Double(max(count - 1, 1)) * Double(ramp.count - 1)
    let low = min(Int(position), ramp.count - 2)
    let part = position - Double(low)
    let (from, to) = (ramp[low], ramp[low + 1])
    let color = [(from.red, to.red), (from.green, to.green), (from.blue, to.blue)].map { hex($0.0 + ($0.1 - $0.0) * part) }
    return Style(color: "#" + color.joined(), point: points[max(index, 0) % points.count], dash: 1)
  }

  private static func hex(_ level: Double) -> String {
    let digits = String(Int(level.rounded()), radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }
}
