import Foundation
import StageSchema

/// What to write instead of a value that does not fit.
enum MismatchHelp {
  static func of(_ value: ResolvedValue, as type: ParameterType) -> String? {
    switch value {
    case .scalar(let text, let isPlain, _): isPlain ? plain(text, as: type) : quoted(text, as: type)
    case .list: type.isNumeric ? "several values make a sweep: under 'params' write {sweep: \(value.range.text.shortened)}" : nil
    case .map: nil
    }
  }

  /// `b: 1,02` in braces is b: 1 and the key 02.
  static func decimalComma(_ entry: ResolvedValue.Entry) -> String? {
    guard entry.value.isNull, entry.key.value.allSatisfy(\.isNumber) else { return nil }
    return "a comma ends a value; a decimal number has a point: 1.02"
  }

  private static func quoted(_ text: String, as type: ParameterType) -> String? {
    let isMeant = type.isNumeric && CoreSchema.isNumeric(text) || type == .bool && CoreSchema.bool(text) != nil
    return isMeant ? "remove the quotes" : nil
  }

  private static func plain(_ text: String, as type: ParameterType) -> String? {
    if let comment = text.range(of: " //") ?? text.range(of: " /*") {
      return "a comment begins with #: write \(text[..<comment.lowerBound])"
    }
    switch type {
    case .list: return dash(text) ?? "write [\(text.shortened)]"
    case .bool:
      switch text.lowercased() {
      case "yes", "y", "on", "1": return "write true"
      case "no", "n", "off", "0": return "write false"
      default: return nil
      }
    case .integer, .number: return number(text)
    default: return nil
    }
  }

  /// `-scaling`, an item of a list that lacks its space.
  static func dash(_ text: String) -> String? {
    guard text.hasPrefix("-"), let first = text.dropFirst().first, first != " ", first != "-" else { return nil }
    return "a space is missing after the dash: write - \(text.dropFirst().description.shortened)"
  }

  private static func number(_ text: String) -> String? {
    if DecimalRange(text) != nil { return "a range of values stands under 'params': {sweep: [\(text)]}" }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, parts.allSatisfy({ CoreSchema.number($0) != nil }) { return "a range is first:last:step, for example \(text):1" }
    let groups = text.split(separator: ",", omittingEmptySubsequences: false)
    if groups.count > 1, groups.dropFirst().allSatisfy({ $0.count == 3 }), CoreSchema.number(groups.joined()) != nil {
      return "write \(groups.joined())"
    }
    if groups.count == 2, CoreSchema.number(groups.joined(separator: ".")) != nil {
      return "a decimal number has a point: write \(groups.joined(separator: "."))"
    }
    let digits = text.filter { $0 != "_" && $0 != " " && $0 != "'" }
    if digits != text, CoreSchema.number(digits) != nil { return "write \(digits)" }
    let start = text.prefix { $0.isASCII && ($0.isNumber || ".-+".contains($0)) }
    let unit = text.dropFirst(start.count).drop { $0 == " " }
    guard CoreSchema.number(String(start)) != nil, !unit.isEmpty, unit.allSatisfy({ $0.isLetter || $0 == "%" }) else { return nil }
    let zeros = ["k": "000", "K": "000", "M": "000000"][String(unit)]
    if let zeros, CoreSchema.integer(String(start)) != nil { return "write \(start)\(zeros)" }
    return "write the number alone, without '\(unit.description.shortened)'"
  }
}
