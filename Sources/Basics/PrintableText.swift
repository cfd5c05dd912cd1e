extension String {
  /// The same text for a terminal or a log, when it comes from a file nobody vouches for: what would steer a terminal is
  /// spelled out (`\u{1b}`), and no more than `limit` scalars are kept.
  public func printable(limit: Int = .max) -> String {
    let isLong = unicodeScalars.index(unicodeScalars.startIndex, offsetBy: limit, limitedBy: unicodeScalars.endIndex)
      .map { $0 < unicodeScalars.endIndex }
    let kept = unicodeScalars.prefix(limit)
    let end = isLong == true ? "…" : ""
    guard kept.contains(where: Self.isControl) else { return isLong == true ? String(kept) + end : self }
    return kept.map { Self.isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined() + end
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
