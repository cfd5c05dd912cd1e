import Basics
import Foundation

/// A figure drawn: both pictures and the numbers behind them.
public struct RenderedFigure: Sendable {
  public var svg: [UInt8]
  /// Carries the date it was made: never part of a digest.
  public var pdf: [UInt8]
  public var csv: [UInt8]

  public init(svg: [UInt8], pdf: [UInt8], csv: [UInt8]) {
    self.svg = svg
    self.pdf = pdf
    self.csv = csv
  }
}

/// Remembers figures by what they are drawn from. Losing an entry costs a tenth of a second and nothing else.
public protocol FigureCache: Sendable {
  /// The figure kept under `key`; nil when there is none (or none that can be read).
  func figure(for key: Digest) -> RenderedFigure?
  /// Keeps a figure. A cache that cannot keep it says nothing.
  func keep(_ figure: RenderedFigure, for key: Digest)
}

/// Draws figures with gnuplot.
public struct FigureRenderer: Sendable {
  private let searchPath: String

  /// `searchPath`: folders to look for gnuplot in, separated by colons; the environment's PATH when nil.
  public init(searchPath: String? = nil) {
    self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
  }

  /// The key of a figure: the digest of the script and the data, so of everything that is drawn.
  public static func key(of figure: Figure) -> Digest {
    CanonicalValue.list([.text(figure.gnuplotScript), .text(figure.csv)]).digest
  }

  /// The figure from `cache`, else drawn and kept there. Throws when gnuplot is absent or fails.
  public func render(_ figure: Figure, cache: (any FigureCache)? = nil) throws -> RenderedFigure {
    guard figure.hasValues else { throw PlumbError("there is no value to draw", at: figure.name) }
    let key = Self.key(of: figure)
    if let kept = cache?.figure(for: key) { return kept }
    let csv = figure.csv
    do {
      let pictures = try Gnuplot(searchPath: searchPath).draw(script: figure.gnuplotScript, csv: csv)
      let rendered = RenderedFigure(svg: pictures.svg, pdf: pictures.pdf, csv: Array(csv.utf8))
      cache?.keep(rendered, for: key)
      return rendered
    } catch let error as PlumbError {
      throw error.at(figure.name)
    }
  }
}
