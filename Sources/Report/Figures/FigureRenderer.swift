public import Basics
import Foundation
import Synchronization

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

/// Remembers figures and pictures by what they are drawn from. Losing an entry costs a tenth of a second and nothing else.
public protocol FigureCache: Sendable {
  /// The figure kept under `key`; nil when there is none (or none that can be read).
  func figure(for key: Digest) -> RenderedFigure?
  /// Keeps a figure. A cache that cannot keep it says nothing.
  func keep(_ figure: RenderedFigure, for key: Digest)
  /// The PNG file kept under `key`; nil when there is none.
  func picture(for key: Digest) -> [UInt8]?
  func keep(_ picture: [UInt8], for key: Digest)
}

/// Draws figures with gnuplot.
public struct FigureRenderer: Sendable {
  private let searchPath: String
  private let limit: Double
  /// What it said of a gnuplot that did not end: that one is not asked again, or a report would wait for each of its figures.
  private let hung = Hung()

  private final class Hung: Sendable {
    let error = Mutex<PlumbError?>(nil)
  }

  /// - Parameters:
  ///   - searchPath: folders to look for gnuplot in, separated by colons; the environment's PATH when nil.
  ///   - limit: seconds that gnuplot may take for a figure; it needs a tenth of one.
  public init(searchPath: String? = nil, limit: Double = 20) {
    self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    self.limit = limit
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
      if let error = hung.error.withLock({ $0 }) { throw error }
      let pictures = try Gnuplot(searchPath: searchPath).draw(script: figure.gnuplotScript, csv: csv, limit: limit)
      let rendered = RenderedFigure(svg: pictures.svg, pdf: pictures.pdf, csv: Array(csv.utf8))
      cache?.keep(rendered, for: key)
      return rendered
    } catch let error as PlumbError {
      // Said of the program, once, and not of each figure.
      if error.kind == .hangs {
        hung.error.withLock { $0 = error }
        throw error
      }
      throw error.at(figure.name)
    }
  }
}
