import Basics

/// The features of consecutive images: for each tap a row-major matrix [images, width].
package struct FeatureRows: Sendable {
  package let layout: FeatureLayout
  /// Images.
  package private(set) var count = 0
  private var values: [FeatureTap: [Float]]

  package init(_ layout: FeatureLayout) {
    self.layout = layout
    values = layout.widths.mapValues { _ in [] }
  }

  /// Throws unless every tap has `count` rows.
  package init(_ values: [FeatureTap: [Float]], count: Int) throws {
    guard count > 0, values.values.allSatisfy({ $0.count % count == 0 }) else {
      throw PlumbError("features do not fit their images", expected: "\(count) rows", found: "\(values.values.map(\.count)) values")
    }
    layout = FeatureLayout(values.mapValues { $0.count / count })
    self.values = values
    self.count = count
  }

  /// Adds images by their rows of every tap. Throws when a tap has another number of values.
  package mutating func append(images: Int, rows: (FeatureTap) -> UnsafeBufferPointer<Float>?) throws {
    for (tap, width) in layout.widths {
      guard let more = rows(tap), more.count == images * width else {
        throw PlumbError("features do not fit their images", at: tap.rawValue, expected: "\(images * width) values")
      }
      values[tap, default: []].append(contentsOf: more)
    }
    count += images
  }

  /// Rows of some of the images. Throws when there is no such tap or image.
  package func rows(_ tap: FeatureTap, _ images: Range<Int>) throws -> ArraySlice<Float> {
    let width = try layout.width(of: tap)
    guard let all = values[tap], images.lowerBound >= 0, images.upperBound <= count else {
      throw PlumbError("there are no such images", expected: "0 to \(count)", found: "\(images)")
    }
    return all[images.lowerBound * width..<images.upperBound * width]
  }
}
