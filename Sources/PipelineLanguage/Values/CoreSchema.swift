public import StageSchema

/// What plain scalars mean in the YAML 1.2 core schema.
public enum CoreSchema {
  /// `null`, `~` or nothing.
  public static func isNull(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

  public static func bool(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// Decimal, `0o17` or `0x1F`; nil when it is not an integer or does not fit.
  public static func integer(_ text: String) -> Int64? {
    if text.hasPrefix("0o") { return text.dropFirst(2).allSatisfy(\.isASCII) ? unsigned(text.dropFirst(2), radix: 8) : nil }
    if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16) }
    return isDecimalInteger(text) ? Int64(text) : nil
  }

  /// A finite number, integers included; nil for `.inf`, `.nan` and what does not fit into a Double.
  public static func number(_ text: String) -> Double? {
    if let integer = integer(text) { return Double(integer) }
    guard isFloat(text), let number = Double(text.hasPrefix("+") ? String(text.dropFirst()) : text), number.isFinite else { return nil }
    return number
  }

  /// Whether the text is written as a number, also when it is too large to be one.
  public static func isNumeric(_ text: String) -> Bool {
    integer(text) != nil || isFloat(text) || [".inf", "-.inf", "+.inf", ".nan"].contains(text.lowercased())
  }

  /// The value of a scalar by its own looks: what a field without a declared type takes.
  public static func value(_ text: String, isPlain: Bool) -> ParameterValue {
    guard isPlain else { return .text(text) }
    if isNull(text) { return .null }
    if let flag = bool(text) { return .bool(flag) }
    if let integer = integer(text) { return .integer(integer) }
    if let number = number(text) { return .number(number) }
    return .text(text)
  }

  private static func unsigned(_ digits: Substring, radix: Int) -> Int64? {
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    return Int64(digits, radix: radix)
  }

  private static func isDecimalInteger(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return text.utf8.count - digits.count <= 1 && !digits.isEmpty && digits.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isFloat(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    func skipSign() { if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() } }
    func skipDigits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    skipSign()
    let whole = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      if skipDigits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      skipSign()
      if skipDigits() == 0 { return false }
    }
    return rest.isEmpty
  }
}
