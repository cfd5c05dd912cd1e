package import Basics

/// The format number of a document, checked whenever one is read: an older document is read or refused in words, and one of a
/// newer version is never taken for something else.
///
/// A document without a number is of format 1: that is how everything was written before there were numbers. Objects that are
/// addressed by their content write the number from format 2 on only, so that what is in stores today keeps its digest; run
/// records always write it.
package enum ResultFormat {
  static let key = "format"

  /// Throws when the format of `json` is newer than `newest`, or no number of a format at all.
  /// - Parameter what: the document with its article, for the message: "a curve".
  package static func check(_ json: JSONValue, newest: Int, what: String) throws {
    guard let value = json[key] else { return }
    guard let number = value.integer, number >= 1 else {
      throw PlumbError("\(what) has a format number that is none", expected: "1 to \(newest)", found: value.brief)
    }
    guard number <= newest else {
      throw PlumbError("\(what) was written by a newer version of plumb", expected: "format \(newest) or older", found: "format \(number)")
    }
  }
}

extension JSONValue {
  /// The value as a message shows it: on one line, not long.
  package var brief: String { String(decoding: encoded(), as: UTF8.self).printable(limit: 120) }

  /// A number as a document holds it; what is not finite is null there, as JSON has no word for it.
  init(_ number: Double?) {
    self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }
}
