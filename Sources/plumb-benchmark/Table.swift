import Foundation

/// Lines of columns, printed as they come.
enum Table {
  static func line(_ name: String, _ columns: [String]) {
    print(name.padding(toLength: 42, withPad: " ", startingAt: 0) + columns.map { $0.leftPadded(16) }.joined())
  }

  static func figure(_ value: Double, _ unit: String) -> String { String(format: "%.1f %@", value, unit) }
  static func ratio(_ value: Double) -> String { String(format: "%.2fx", value) }
  static func microseconds(_ seconds: Double) -> String { String(format: "%.1f us", seconds * 1e6) }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(width - count, 1)) + self }
}
