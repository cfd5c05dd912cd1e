import StageSchema

extension ParameterType {
  /// What a value of this type is, for messages: "a whole number of at least 1".
  var inWords: String {
    switch self {
    case .bool: "true or false"
    case .integer(let bounds):
      "a whole number"
        + Self.bounds(bounds.lowerBound == .min ? nil : "\(bounds.lowerBound)", bounds.upperBound == .max ? nil : "\(bounds.upperBound)")
    case .number(let bounds):
      "a number" + Self.bounds(Self.finite(bounds.lowerBound), Self.finite(bounds.upperBound))
    case .text: "a text"
    case .path: "a path"
    case .sha256: "64 hexadecimal digits"
    case .choice(let names): names.count == 1 ? "'\(names.joined())'" : "one of " + names.joined(separator: ", ")
    case .list(let item, _): "a list (of \(item.inWords))"
    case .record(let fields): "a mapping of " + fields.map(\.name).joined(separator: ", ")
    case .open: "a mapping"
    }
  }

  var isNumeric: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }

  private static func bounds(_ low: String?, _ high: String?) -> String {
    switch (low, high) {
    case (let low?, let high?): " from \(low) to \(high)"
    case (let low?, nil): " of at least \(low)"
    case (nil, let high?): " of at most \(high)"
    case (nil, nil): ""
    }
  }

  private static func finite(_ bound: Double) -> String? {
    abs(bound) >= Double.greatestFiniteMagnitude ? nil : ParameterValue.number(bound).label
  }
}

extension ParameterField {
  /// What the field holds when it is not given; nil when it must be.
  var absentValue: ParameterValue? { defaultValue ?? (isOptional ? .null : nil) }
}

/// Paths as texts.
enum PathText {
  /// The path itself when it is absolute, else the path below `directory`.
  static func absolute(_ path: String, in directory: String) -> String {
    if path.hasPrefix("/") { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
    if rest.isEmpty || rest == "." { return directory }
    return directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
  }

  /// The folder a path lies in.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// Names as a sentence lists them.
enum NameList {
  /// `'a'`, `'a' and 'b'`, `'a', 'b' and 'c'`.
  static func quoted(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }
}
