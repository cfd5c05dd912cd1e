import StageSchema

/// What flows along an edge is what the port takes.
enum PortTypeRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { stage in
      stage.edges.compactMap { edge -> Diagnostic? in
        guard let accepts = edge.accepts, let output = edge.output, !accepts.contains(output.type), let target = edge.syntax.target,
          let source = edge.source
        else { return nil }
        let types = accepts.map(\.rawValue).sorted().joined(separator: " or ")
        let name = edge.port ?? edge.syntax.port.value
        var diagnostic = Diagnostic(
          .wrongPortType,
          "the input '\(name)' of stage '\(stage.syntax.name.value)' takes \(types); '\(target.value.range.plainText)' is \(output.type.rawValue)",
          at: target.range)
        diagnostic.suggestion = analysis.fitting(accepts, near: target.value, source: source)
        return diagnostic
      }
    }
  }
}

extension Analysis {
  /// Another output of the same stage that fits, else the only output of the file that does.
  fileprivate func fitting(_ accepts: Set<PortType>, near target: CellReference, source: Int) -> String? {
    let outputs = stages[source].descriptor?.outputs ?? []
    if let other = outputs.first(where: { accepts.contains($0.type) }) { return "\(target.stage.value).\(other.name)" }
    let all = stages.flatMap { stage in
      (stage.descriptor?.outputs ?? []).enumerated().filter { accepts.contains($0.element.type) }.map { index, output in
        index == 0 ? stage.syntax.name.value : "\(stage.syntax.name.value).\(output.name)"
      }
    }
    return all.count == 1 ? all.first : nil
  }
}

extension SourceRange {
  /// The text without the quotes around it.
  var plainText: String {
    let text = text
    guard let first = text.first, first == "\"" || first == "'", text.count >= 2, text.last == first else { return text }
    return String(text.dropFirst().dropLast())
  }
}
