public import StageSchema

/// What a stage declares, as a page for people: its ports and the fields of its `with`, from the same struct that decodes, keys
/// and checks them.
public enum StageManual {
  /// A page about one stage.
  public static func page(_ stage: StageDescriptor) -> String {
    var lines = ["\(stage.name), version \(stage.version)", "", "  \(stage.doc)", "", "inputs"]
    lines += stage.inputs.flatMap { port in
      entry(port.name, types(port.accepts), port.isRequired ? "required" : nil, port.doc)
    }
    if let types = stage.openInputs {
      lines += entry(
        stage.inputs.isEmpty ? "any name" : "any other name", self.types(types), stage.needsOpenInputs ? "at least one" : nil,
        "A name of your own.")
    }
    if stage.inputs.isEmpty, stage.openInputs == nil { lines.append("  none") }
    lines += ["", "outputs"]
    lines += stage.outputs.enumerated().flatMap { index, port in
      let note = port.isOptional ? "where the parameters ask for it" : index == 0 ? "meant by the stage's name alone" : nil
      return entry(port.name, port.type.rawValue, note, port.doc)
    }
    lines += ["", "with"]
    lines += stage.parameters.isEmpty ? ["  nothing"] : stage.parameters.flatMap { field($0, indent: 2) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func types(_ accepts: Set<PortType>) -> String { accepts.map(\.rawValue).sorted().joined(separator: " or ") }

  private static func entry(_ name: String, _ what: String, _ note: String?, _ doc: String, indent: Int = 2) -> [String] {
    let margin = String(repeating: " ", count: indent)
    return ["\(margin)\(name): \(what)" + (note.map { "; \($0)" } ?? "")] + (doc.isEmpty ? [] : ["\(margin)    \(doc)"])
  }

  private static func field(_ field: ParameterField, indent: Int) -> [String] {
    let unit = field.unit.isEmpty ? "" : " (\(field.unit))"
    let note: String? =
      switch (field.defaultValue, field.isOptional) {
      case (let value?, _): value == .null ? nil : "default \(value.label)"
      case (nil, false): "required"
      case (nil, true): nil
      }
    guard case .record(let fields) = field.type else {
      return entry(field.name, field.type.inWords + unit, note, field.doc, indent: indent)
    }
    let own = entry(field.name, "a mapping", field.absentValue == nil ? "required" : nil, field.doc, indent: indent)
    return own + fields.flatMap { self.field($0, indent: indent + 4) }
  }
}
