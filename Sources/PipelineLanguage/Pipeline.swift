public import StageSchema

/// A pipeline that has been checked: every name found, every value typed, every default filled in.
///
/// It still speaks of axes, not of cells: `Planning` expands it.
public struct Pipeline: Sendable {
  public let name: String
  public let about: String?
  /// The file (or text) it was read from.
  public let source: SourceText
  /// Every file that came in through `use`, outer before inner.
  public let imports: [PipelineImport]
  /// The parameter files laid over it.
  public let overlays: [SourceText]
  /// In declared order.
  public let parameters: [PipelineParameter]
  /// The parameters with several values, in declared order; stages name them by position.
  public let axes: [Axis]
  /// In an order in which every stage comes after what it needs; the order of the file when that is one.
  public let stages: [PipelineStage]
  public let exclusions: [Exclusion]
  /// What runs when nothing else is asked for; without `default`, every stage whose outputs no other stage takes.
  public let defaults: [PipelineTarget]
  public let hints: RunHints
  /// Fields that the command line set in place of parameters that other stages still use.
  public let replacements: [ReplacedReference]

  public func stage(_ name: String) -> PipelineStage? { stages.first { $0.name == name } }
}

/// A field that was filled from a parameter and that the command line set to something else.
public struct ReplacedReference: Sendable, Hashable {
  /// `sample.with.steps`.
  public let field: String
  public let parameter: String
  /// The flag.
  public let range: SourceRange
}

/// A file that came in through `use`.
public struct PipelineImport: Sendable {
  /// What stands before the names of its stages: `cifar`, `models.cifar`.
  public let alias: String
  public let source: SourceText
  /// Where it is imported.
  public let range: SourceRange
}

/// A parameter as it was resolved.
public struct PipelineParameter: Sendable {
  public let name: String
  public let isAxis: Bool
  /// By their own looks.
  public let values: [ParameterValue]
  public let range: SourceRange
}

/// A stage, or some of its cells.
public struct PipelineTarget: Sendable {
  public let stage: String
  /// For each picked axis the values that match; empty for every cell.
  public let values: [Int: Set<Int>]
  /// Where it is named; nil when it was not.
  public let range: SourceRange?
}

/// One stage of a pipeline.
public struct PipelineStage: Sendable {
  public let name: String
  /// Where its name stands.
  public let range: SourceRange
  public let descriptor: StageDescriptor
  /// Whether it is not written out, but follows from an edge: `ImpliedStage`.
  public let isImplied: Bool
  /// Every field of the stage, in its declared order.
  public let fields: [FieldTemplate]
  /// In the order of the stage's ports; those of a stage with open ports follow in the order of the file.
  public let inputs: [PipelineInput]
  /// Axes mentioned under `with`, ascending (positions in `Pipeline.axes`).
  public let ownAxes: [Int]
  /// Axes along which the stage has cells, ascending.
  public let axes: [Int]
  /// Axes it folds, in the order of `Pipeline.axes`.
  public let gather: [Int]
  public let hints: RunHints
  /// Where things stand: `uses`, `inputs`, `inputs.network`, `with`, `with.steps`, `with.config.image_size`…
  public let origins: [String: SourceRange]

  /// Where the key of a value stands: `with.config.image_size`; nil when it is not written out in a mapping.
  public func keyOrigin(_ path: String) -> SourceRange? { origins[path + Self.keyMark] }

  /// What follows the path of a value in `origins` where its key is meant.
  static let keyMark = " key"

  /// Where something stands: `with.config.image_size`, else the nearest thing around it, at last the stage's name.
  public func origin(_ path: String) -> SourceRange {
    var path = path[...]
    while true {
      if let range = origins[String(path)] { return range }
      guard let dot = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return range }
      path = path[..<dot]
    }
  }
}

/// An edge into a stage.
public struct PipelineInput: Sendable {
  public let port: String
  /// Position of the stage it comes from, in `Pipeline.stages`.
  public let source: Int
  public let output: OutputPort
  public let picks: [Pick]
  /// Axes that arrive at the port, ascending.
  public let axes: [Int]
  /// Axes that are folded here, ascending.
  public let gathered: [Int]
  /// Where the edge is written.
  public let range: SourceRange
}
