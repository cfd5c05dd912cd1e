import Foundation

/// Numbers as people read them.
enum Quantities {
  /// 1,234,567
  static func count(_ number: Int) -> String {
    var groups = ""
    for (position, digit) in String(number.magnitude).reversed().enumerated() {
      if position > 0 && position % 3 == 0 { groups.append(",") }
      groups.append(digit)
    }
    return (number < 0 ? "-" : "") + String(groups.reversed())
  }

  /// 12.3 MiB
  static func bytes(_ number: Int) -> String {
    scaled(Double(number), step: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB"])
  }

  /// 12.3 MiB of 1.5 GiB (1 %)
  static func fetched(_ received: Int, of total: Int?) -> String {
    guard let total, total > 0 else { return bytes(received) }
    return "\(bytes(received)) of \(bytes(total)) (\(Int(100 * Double(received) / Double(total))) %)"
  }

  /// 5.1 TFLOP
  static func flops(_ number: Double) -> String {
    scaled(number, step: 1000, units: ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"])
  }

  /// 0.2 s, 42 s, 3 min 20 s, 2 h 5 min
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private static func scaled(_ number: Double, step: Double, units: [String]) -> String {
    var value = number
    var unit = 0
    while value >= step && unit < units.count - 1 {
      value /= step
      unit += 1
    }
    return unit == 0 ? "\(Int(value)) \(units[0])" : String(format: value < 100 ? "%.1f %@" : "%.0f %@", value, units[unit])
  }
}
