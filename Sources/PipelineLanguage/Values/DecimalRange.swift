/// `1.0:1.03:0.005`: start, end (inclusive when it is hit) and step, in exact decimals.
package struct DecimalRange {
  enum Problem: Error {
    case noStep
    case wrongWay
    case tooMany
    case tooManyDigits
  }

  /// Most values one range may have.
  static let limit = 100_000

  let start: Decimal
  let end: Decimal
  let step: Decimal

  /// nil when the text is not three decimal numbers joined by colons.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let start = Decimal(parts[0]), let end = Decimal(parts[1]), let step = Decimal(parts[2]) else { return nil }
    (self.start, self.end, self.step) = (start, end, step)
  }

  /// The values as text, without needless zeros.
  package func values() throws -> [String] {
    let exponent = min(start.exponent, end.exponent, step.exponent)
    guard let first = start.digits(at: exponent), let last = end.digits(at: exponent), let width = step.digits(at: exponent) else {
      throw Problem.tooManyDigits
    }
    guard width != 0 else { throw Problem.noStep }
    // 36 digits at most, so the difference cannot overflow.
    let distance = last - first
    guard distance == 0 || (distance > 0) == (width > 0) else { throw Problem.wrongWay }
    let steps = distance / width
    guard steps < Self.limit else { throw Problem.tooMany }
    return (0...steps).map { Decimal(digits: first + $0 * width, exponent: exponent).description }
  }

  /// digits * 10^exponent.
  struct Decimal: CustomStringConvertible {
    let digits: Int128
    let exponent: Int

    init(digits: Int128, exponent: Int) {
      self.digits = digits
      self.exponent = exponent
    }

    init?(_ text: Substring) {
      guard CoreSchema.number(String(text)) != nil, !text.hasPrefix("0x"), !text.hasPrefix("0o") else { return nil }
      let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
      guard let mantissa = parts.first, let power = parts.count > 1 ? Int(parts[1]) : 0, abs(power) <= 400 else { return nil }
      let point = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      let fraction = point.count > 1 ? point[1].count : 0
      let written = mantissa.filter { $0 != "." }
      guard written.count <= 19, let digits = Int128(written) else { return nil }
      self.init(digits: digits, exponent: power - fraction)
    }

    /// The same number as a whole multiple of 10^exponent; nil past 36 digits.
    func digits(at lower: Int) -> Int128? {
      var digits = digits
      for _ in 0..<max(0, exponent - lower) {
        guard digits.magnitude < 1_000_000_000_000_000_000_000_000_000_000_000_000 else { return nil }
        digits *= 10
      }
      return digits.magnitude < 1_000_000_000_000_000_000_000_000_000_000_000_000 ? digits : nil
    }

    var description: String {
      var digits = digits.magnitude
      var exponent = exponent
      while exponent < 0, digits % 10 == 0 { (digits, exponent) = (digits / 10, exponent + 1) }
      var text = String(digits)
      if exponent > 0, digits > 0 { text += String(repeating: "0", count: exponent) }
      if exponent < 0 {
        text = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
        text.insert(".", at: text.index(text.endIndex, offsetBy: exponent))
      }
      return self.digits < 0 ? "-" + text : text
    }
  }
}
