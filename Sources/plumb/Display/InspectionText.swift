import Basics
import Checkpoints
import Networks

/// A file's inspection for people: tensors first, sums and what it is at the end, where a terminal stops.
enum InspectionText {
  /// Plain values printed of each part of the file; JSON has all.
  private static let attributeLimit = 40
  private static let width = 100
  private static let valueLimit = 400

  static func text(_ inspection: Inspection) -> String {
    var text = "\(inspection.file): \(inspection.format), \(Quantities.bytes(inspection.fileSize))\n\n"
    text += tensors(inspection) + "\n"
    text += totals(inspection)
    let attributes = attributes(inspection.attributes)
    if !attributes.isEmpty { text += "\n" + attributes }
    return text + "\n" + networks(inspection.candidates)
  }

  /// Names come last: they may be long.
  private static func tensors(_ inspection: Inspection) -> String {
    guard !inspection.entries.isEmpty else {
      return inspection.filter.map { "no tensor's name contains \"\($0.printable())\"\n" } ?? "no tensors\n"
    }
    let rows = inspection.entries.map { entry in
      [entry.dtype.rawValue, "[" + entry.shape.map(String.init).joined(separator: ", ") + "]", entry.name.printable()]
    }
    return TextTable.render([["dtype", "shape", "tensor"]] + rows)
  }

  private static func totals(_ inspection: Inspection) -> String {
    var rows = [["", "tensors", "parameters", "size"]]
    func row(_ name: String, _ totals: Inspection.Totals) {
      rows.append([
        name, Quantities.count(totals.tensors), Quantities.count(totals.parameters), Quantities.bytes(totals.bytes),
      ])
    }
    for (name, totals) in inspection.byDType.sorted(by: { $0.key < $1.key }) { row(name, totals) }
    if (2...40).contains(inspection.byGroup.count) {
      for (name, totals) in inspection.byGroup.sorted(by: { $0.key < $1.key }) { row("in " + name.printable(), totals) }
    }
    row(inspection.filter == nil ? "total" : "total (of \(Quantities.count(inspection.tensorCount)) tensors)", inspection.totals)
    return TextTable.render(rows, rightAligned: [1, 2, 3])
  }

  /// Of every part of the file, shallow values first: what a network was made with comes before what its layers repeat.
  private static func attributes(_ value: JSONValue) -> String {
    var text = ""
    for (name, part) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      var lines: [(depth: Int, path: String, value: String)] = []
      collect(part, path: name.printable(), depth: 0, into: &lines)
      lines.sort { ($0.depth, $0.path) < ($1.depth, $1.path) }
      for line in lines.prefix(attributeLimit) {
        let whole = "\(line.path): \(line.value)"
        text += (whole.count <= width ? whole : whole.prefix(width - 1) + "…") + "\n"
      }
      let left = lines.count - attributeLimit
      if left > 0 { text += "… and \(Quantities.count(left)) more values of \(name.printable()) (--format json)\n" }
    }
    return text
  }

  private static func collect(_ value: JSONValue, path: String, depth: Int, into lines: inout [(depth: Int, path: String, value: String)]) {
    guard case .object(let fields) = value else {
      return lines.append((depth, path, (value.text ?? String(decoding: value.encoded(), as: UTF8.self)).printable(limit: valueLimit)))
    }
    for (name, value) in fields {
      collect(value, path: "\(path)/\(name.printable())", depth: depth + 1, into: &lines)
    }
  }

  private static func networks(_ candidates: [Inspection.Candidate]) -> String {
    guard !candidates.isEmpty else { return "not recognised as a network: load-weights needs architecture and config\n" }
    return candidates.map { candidate in
      guard let recognition = candidate.recognition else {
        return "\(candidate.architecture): \((candidate.failure ?? "").printable())\n"
      }
      var text = "recognised as \(candidate.architecture)\n"
      for (name, value) in recognition.configuration.sorted(by: { $0.key < $1.key }) { text += "  \(name): \(plain(value))\n" }
      for (name, value) in recognition.process.sorted(by: { $0.key < $1.key }) { text += "  process.\(name): \(plain(value))\n" }
      for argument in recognition.undetermined { text += "  not told by the file: \(argument.name)\n    \(argument.meaning)\n" }
      return text
    }.joined(separator: "\n")
  }

  private static func plain(_ value: JSONValue) -> String {
    (value.text ?? String(decoding: value.encoded(), as: UTF8.self)).printable(limit: valueLimit)
  }
}
