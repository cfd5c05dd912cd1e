import Foundation

/// Numbers as people read them.
package enum NumberText {
  /// The shortest text that is exact, without a trailing `.0`: `1`, `1.02`, `0.004`.
  package static func plain(_ number: Double) -> String {
    guard number.isFinite else { return "–" }
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    // A value that came through arithmetic (1.0110000000000001) is shown as it was meant.
    let short = String(format: "%.12g", number)
    return short
  }

  /// `digits` significant digits, trailing zeros kept: `4.049`, `0.3920`, `1.2e-07`.
  package static func significant(_ number: Double, _ digits: Int = 4) -> String {
    guard number.isFinite else { return "–" }
    if number == 0 { return "0" }
    let magnitude = Int(log10(abs(number)).rounded(.down))
    if magnitude < -4 || magnitude >= 9 { return sign(String(format: "%.\(max(digits - 1, 0))e", number)) }
    return fixed(number, max(digits - 1 - magnitude, 0))
  }

  /// A fixed number of decimals, with a true minus sign.
  package static func fixed(_ number: Double, _ decimals: Int) -> String {
    guard number.isFinite else { return "–" }
    let text = String(format: "%.\(decimals)f", number)
    // No negative zero.
    return text.contains { ("1"..."9").contains($0) } ? sign(text) : text.replacingOccurrences(of: "-", with: "")
  }

  /// A change, always with its sign.
  package static func change(_ number: Double, _ digits: Int = 3) -> String {
    guard number.isFinite else { return "–" }
    return number > 0 ? "+" + significant(number, digits) : significant(number, digits)
  }

  /// `1,000,000`.
  package static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (number < 0 ? "−" : "") + text
  }

  /// `0.4 s`, `12.3 s`, `3 min 5 s`, `2 h 10 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 0.1 { return "\(fixed(seconds * 1000, 0)) ms" }
    if seconds < 60 { return "\(fixed(seconds, 1)) s" }
    let whole = Int(seconds.rounded())
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private static func sign(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
