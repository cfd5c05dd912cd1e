import Foundation

extension Figure {
  /// The gnuplot script that draws `csv` (read from `figure.csv`) into `figure.svg` and `figure.pdf`.
  ///
  /// Labels may hold anything a user wrote: what gnuplot or a shell could read in them is written as octal escapes, and
  /// they are not enhanced, so neither gnuplot's markup nor its command substitution ever sees them.
  var gnuplotScript: String {
    let lines = [
      "set encoding utf8",
      "set minussign",
      "set datafile separator comma",
      "set border 3 linecolor rgb '#444444' linewidth 1",
      "set tics nomirror out scale 0.6 textcolor rgb '#222222'",
      "set grid ytics linetype 1 linecolor rgb '#e4e4e4' linewidth 1",
      "set xlabel \(Self.quoted(xTitle)) textcolor rgb '#222222'",
      "set ylabel \(Self.quoted(yTitle)) textcolor rgb '#222222'",
      "set key above left Left reverse horizontal maxcols \(legendColumns) samplen 2.4 textcolor rgb '#222222' noautotitle",
      "set xtics (\(ticks.map(String.init).joined(separator: ", ")))",
      "set xrange [\(xRange.low):\(xRange.high)]",
      "set yrange [\(yRange.low):\(yRange.high)]",
      valueTicks,
      zeroLine ? "set xzeroaxis linetype 1 linecolor rgb '#444444' linewidth 1" : "unset xzeroaxis",
      "set terminal svg size 640,\(height) dynamic enhanced font 'Helvetica,Arial,sans-serif,15' background '#ffffff'",
      "set output 'figure.svg'",
      plot,
      "set terminal pdfcairo size 5.6in,\(Double(height) * 5.6 / 640)in enhanced color font 'Helvetica,12' pointscale 0.8 background '#ffffff'",
      "set output 'figure.pdf'",
      "replot",
      "set output",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var drawn: [Int] { series.indices.filter { series[$0].values.contains { $0 != nil } } }

  /// The legend stands above the plot, where it never covers a curve, in as many columns as its labels leave room for.
  private var legendColumns: Int {
    let longest = drawn.map { series[$0].label.count }.max() ?? 0
    return max(1, min(4, 560 / (50 + 9 * longest)))
  }

  /// In pixels of 640 across: the plot's own height and the legend's lines.
  private var height: Int { 372 + 22 * ((drawn.count + legendColumns - 1) / legendColumns) }

  /// At most eleven ticks at steps people count in, and the first position (1, the least noisy step).
  private var ticks: [Int] {
    guard let first = x.min(), let last = x.max() else { return [] }
    let step = [1, 5, 10, 20, 25, 50, 100, 200, 250, 500].first { (last - first) / $0 < 10 } ?? max((last - first) / 8, 1)
    return [first] + stride(from: (first / step + 1) * step, through: last, by: step)
  }

  /// A little wider than the data, so that no mark sits on the frame.
  private var xRange: (low: Double, high: Double) {
    let (first, last) = (Double(x.min() ?? 0), Double(x.max() ?? 1))
    let margin = max((last - first) * 0.025, 0.3)
    return (first - margin, last + margin)
  }

  /// The same for the values; a range that nearly begins at zero begins there.
  private var yRange: (low: Double, high: Double) {
    let values: [Double] = series.flatMap { one in one.values.compactMap { $0 } } + (zeroLine ? [0] : [])
    guard let least = values.min(), let high = values.max() else { return (0, 1) }
    let low = least > 0 && least < high * 0.2 ? 0 : least
    let margin = high > low ? (high - low) * 0.04 : max(abs(high) * 0.1, 1e-6)
    return (low - margin, high + margin)
  }

  /// Ticks at 1, 2 or 5 times a power of ten, all with the same decimals.
  private var valueTicks: String {
    let raw = (yRange.high - yRange.low) / 8
    guard raw > 1e-6, raw < 1e6 else { return "set format y '%g'" }
    let power = pow(10, log10(raw).rounded(.down))
    let step = ([1, 2, 5].first { $0 * power >= raw } ?? 10) * power
    return "set ytics \(step); set format y '%.\(max(0, Int(-log10(step * 1.001).rounded(.down))))f'"
  }

  private var plot: String {
    let curves = drawn.map { position in
      let style = style(of: series[position])
      let column = 2 + extra.count + position
      return "'figure.csv' skip 1 using 1:\(column) with linespoints linecolor rgb '\(style.color)' linewidth 2 dashtype \(style.dash)"
        + " pointtype \(style.point) pointsize 0.6 title \(Self.quoted(series[position].label)) noenhanced"
    }
    return "plot " + curves.joined(separator: ", \\\n  ")
  }

  private func style(of series: FigureSeries) -> Palette.Style {
    switch series.role {
    case .reference: Palette.reference
    case .baseline: Palette.baseline
    case .cell(let index): Palette.cell(index, of: self.series.count { if case .cell = $0.role { true } else { false } })
    }
  }

  /// Text in double quotes; control characters, which no label needs, become spaces.
  static func quoted(_ text: String) -> String {
    let safe = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\042"
      case "'": "\\047"
      case "`": "\\140"
      case "\\": "\\134"
      case let control where control.value < 0x20 || control.value == 0x7F: " "
      default: String(scalar)
      }
    }
    return "\"" + safe.joined() + "\""
  }
}
