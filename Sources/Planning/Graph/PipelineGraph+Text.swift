extension PipelineGraph {
  /// For `dot` of Graphviz. Edges that join the same nodes are drawn once, with all their ports.
  public var dot: String {
    var lines = [
      "digraph \(Self.dotText(name)) {", "  rankdir=LR;",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=11];",
    ]
    lines.append("  edge [fontname=\"sans-serif\", fontsize=9, color=gray40];")
    for (position, node) in nodes.enumerated() {
      lines.append("  n\(position) [label=\(Self.dotText(node.lines.joined(separator: "\n")))\(Self.dotColour(node.state))];")
    }
    for edge in joined { lines.append("  n\(edge.from) -> n\(edge.to) [label=\(Self.dotText(edge.label))];") }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// For Mermaid, as Markdown pages show it.
  public var mermaid: String {
    var lines = ["flowchart LR"]
    for (position, node) in nodes.enumerated() {
      lines.append("  n\(position)[\"\(node.lines.map(Self.mermaidText).joined(separator: "<br/>"))\"]\(Self.mermaidClass(node.state))")
    }
    for edge in joined { lines.append("  n\(edge.from) -->|\"\(Self.mermaidText(edge.label))\"| n\(edge.to)") }
    if nodes.contains(where: { $0.state != nil }) {
      lines += [
        "  classDef cached fill:#d9ead3,color:#000", "  classDef todo fill:#fce5cd,color:#000", "  classDef maybe fill:#fff2cc,color:#000",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var joined: [Edge] {
    var order: [[Int]] = []
    var labels: [[Int]: [String]] = [:]
    for edge in edges {
      let ends = [edge.from, edge.to]
      if labels[ends] == nil { order.append(ends) }
      if !labels[ends, default: []].contains(edge.label) { labels[ends, default: []].append(edge.label) }
    }
    return order.map { Edge(from: $0[0], to: $0[1], label: labels[$0, default: []].joined(separator: ", ")) }
  }

  /// A quoted string of the DOT language, lines centred.
  static func dotText(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }

  private static func dotColour(_ state: CellState?) -> String {
    switch state {
    case nil: ""
    case .cached: ", fillcolor=\"#d9ead3\""
    case .toDo: ", fillcolor=\"#fce5cd\""
    case .toDoUnlessInputEqual: ", fillcolor=\"#fff2cc\""
    }
  }

  /// Text between quotes of Mermaid, which knows entities and no escapes.
  static func mermaidText(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      "\"#&<>[]{}|\\`".unicodeScalars.contains(scalar) ? "#\(scalar.value);" : String(scalar)
    }.joined()
  }

  private static func mermaidClass(_ state: CellState?) -> String {
    switch state {
    case nil: ""
    case .cached: ":::cached"
    case .toDo: ":::todo"
    case .toDoUnlessInputEqual: ":::maybe"
    }
  }
}
