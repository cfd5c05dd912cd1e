/// One `--set NAME=VALUE[,VALUE…]` of the command line, read.
struct Override: Sendable {
  /// `steps`, `scaling.b`, `sample.with.steps`: the parts between the dots.
  let path: [Located<String>]
  let isAxis: Bool
  let values: [Expression]
  /// The name, where messages point to.
  let range: SourceRange

  var name: String { path.map(\.value).joined(separator: ".") }

  /// What a line of a parameter file sets: `steps: 20`, `scaling.b: {sweep: [1.0:1.03:0.005]}`; nil when its name cannot be
  /// read, which is noted.
  init?(_ entry: YAMLEntry, notes: inout [Diagnostic]) {
    range = entry.key.range
    path = entry.key.value.split(separator: ".", omittingEmptySubsequences: false).map { Located(String($0), entry.key.range) }
    guard !path.contains(where: \.value.isEmpty) else {
      notes.append(
        Diagnostic(.badOverride, "a name is missing between the dots", at: range, help: "write NAME: VALUE, or STAGE.with.FIELD: VALUE"))
      return nil
    }
    let parameter = SyntaxReader.parameter(entry.key, entry.value, notes: &notes)
    (isAxis, values) = (parameter.isAxis, parameter.values)
  }

  /// Reads what stands after `--set`; nil when it cannot be read, which is noted.
  init?(_ text: String, directory: String, notes: inout [Diagnostic]) {
    let flag = "--set "
    let source = SourceText(name: "command line", directory: directory, kind: .commandLine, text: flag + text)
    let help = "write --set NAME=VALUE or --set NAME=VALUE,VALUE"
    let start = flag.utf8.count
    guard let equals = source.bytes[start...].firstIndex(of: UInt8(ascii: "=")), equals > start else {
      notes.append(
        Diagnostic(.badOverride, "a name, '=' and a value are expected", at: Self.range(start..<source.bytes.count, in: source), help: help)
      )
      return nil
    }
    range = Self.range(start..<equals, in: source)
    path = Self.parts(start..<equals, separator: UInt8(ascii: "."), of: source.bytes).map { part in
      Located(String(decoding: source.bytes[part], as: UTF8.self), Self.range(part, in: source))
    }
    if let empty = path.first(where: { $0.value.isEmpty }) {
      notes.append(Diagnostic(.badOverride, "a name is missing between the dots", at: empty.range, help: help))
      return nil
    }
    var nodes: [YAMLNode] = []
    for part in Self.values((equals + 1)..<source.bytes.count, of: source.bytes) {
      guard !part.isEmpty else {
        notes.append(Diagnostic(.badOverride, "a value is missing", at: Self.range(part, in: source), help: help))
        return nil
      }
      let (node, problems) = TreeReader.read(source, slice: part)
      notes += problems
      guard let node, !problems.hasErrors else { return nil }
      nodes.append(node)
    }
    guard let first = nodes.first else { return nil }
    let title = Located(path.map(\.value).joined(separator: "."), range)
    if nodes.count > 1 {
      isAxis = true
      values = nodes.flatMap { SyntaxReader.expanded($0, notes: &notes) }
    } else if first.sequence != nil || first.scalar.map({ $0.isPlain && DecimalRange($0.text) != nil }) ?? false {
      isAxis = true
      values = SyntaxReader.sweepValues(first, of: title, notes: &notes)
    } else {
      let parameter = SyntaxReader.parameter(title, first, notes: &notes)
      isAxis = parameter.isAxis
      values = parameter.values
    }
  }

  private static func range(_ bytes: Range<Int>, in source: SourceText) -> SourceRange {
    SourceRange(source: source, start: source.position(byte: bytes.lowerBound), end: source.position(byte: bytes.upperBound))
  }

  private static func parts(_ range: Range<Int>, separator: UInt8, of bytes: [UInt8]) -> [Range<Int>] {
    bytes[range].split(separator: separator, omittingEmptySubsequences: false).map { $0.startIndex..<$0.endIndex }
  }

  /// The values between commas that stand in no bracket and no quotes.
  private static func values(_ range: Range<Int>, of bytes: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    var depth = 0
    var quote: UInt8?
    for index in range {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        parts.append(start..<index)
        start = index + 1
      default: break
      }
    }
    return parts + [start..<range.upperBound]
  }
}
