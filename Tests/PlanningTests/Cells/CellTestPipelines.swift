import PipelineLanguage
import Planning
import StageSchema

/// Pipelines of abstract stages: cells depend on axes and edges alone.
enum CellTestPipelines {
  static let catalogue: [StageDescriptor] = [
    StageDescriptor(
      name: "source", version: 1, doc: "Makes a curve.", inputs: [], outputs: [OutputPort("curve", .curve, doc: "It.")],
      parameters: [
        ParameterField("a", .anyNumber, default: .number(0), doc: "A number."), ParameterField("t", .text, optional: true, doc: "A text."),
        ParameterField(
          "s",
          .record([
            ParameterField("k", .anyNumber, default: .number(0), doc: "k."),
            ParameterField("b", .anyNumber, default: .number(1), doc: "b."),
          ]),
          optional: true, doc: "A map."),
      ]),
    StageDescriptor(
      name: "join", version: 1, doc: "Takes curves.", inputs: [], openInputs: [.curve], outputs: [OutputPort("curve", .curve, doc: "It.")],
      parameters: [ParameterField("a", .anyNumber, default: .number(0), doc: "A number.")]),
  ]

  /// Parameters x (2 values), y (3 values) and s (3 maps), then the stages and whatever follows.
  static func load(_ stages: String, _ overrides: [String] = [], rest: String = "") -> Pipeline.Loaded {
    let used = "  use-x: {uses: source, with: {a: $x}}\n  use-y: {uses: source, with: {a: $y}}\n  use-s: {uses: source, with: {s: $s}}\n"
    let text = """
      plumb: 1
      name: cells
      params:
        x: {sweep: [1, 2]}
        y: {sweep: [1.0, 1.5, 0.5]}
        s: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}
      stages:
      \(used)\(stages)
      \(rest)
      """
    return Pipeline.load(text: text, name: "p", directory: "/", catalogue: catalogue, overlays: Pipeline.Overlays(flags: overrides))
  }

  static func table(_ stages: String, _ overrides: [String] = [], rest: String = "") throws -> CellTable {
    let loaded = load(stages, overrides, rest: rest)
    guard let pipeline = loaded.pipeline else { throw Failure(description: loaded.diagnostics.rendered(as: .text)) }
    let (table, notes) = CellExpander.expand(pipeline)
    guard notes.isEmpty else { throw Failure(description: notes.rendered(as: .text)) }
    return table
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}

extension CellTable {
  /// Names of the cells of a stage.
  func names(_ stage: String) -> [String] { cells.filter { $0.stage == stage }.map(\.name) }

  /// For each cell of a stage the names of what arrives at a port.
  func sources(_ stage: String, _ port: String) -> [[String]] {
    cells.filter { $0.stage == stage }.map { $0.input(port)?.sources.map { cells[$0.cell].name } ?? [] }
  }
}
