public import PipelineLanguage
public import StageSchema

/// One run of a stage: the stage at one choice along its axes.
public struct Cell: Sendable, Identifiable {
  /// Position among all cells of the pipeline; every cell comes after those it needs.
  public let id: Int
  /// `sample[scaling.b=1.017,steps=20]`: unique, and the same whatever the order of the file.
  public let name: String
  public let stage: String
  public let descriptor: StageDescriptor
  /// In the order in which the parameters are declared.
  public let coordinates: [Coordinate]
  /// Every field of the stage, typed, defaults filled in.
  public let parameters: [String: ParameterValue]
  /// In the order of the stage's ports.
  public let inputs: [CellInput]
  public let hints: RunHints
  /// The stage it is a cell of, with the places of everything.
  public let declaration: PipelineStage

  public func input(_ port: String) -> CellInput? { inputs.first { $0.port == port } }

  /// Where the value of a field is written: at its literal, also when it came through a parameter or a flag; nil for a
  /// default.
  public func literal(of field: String) -> SourceRange? {
    declaration.fields.first { $0.field.name == field }?.literal { axis in coordinates.first { $0.axisIndex == axis }?.valueIndex }
  }
}

/// The value a cell has along an axis.
public struct Coordinate: Sendable, Hashable {
  /// Position of the axis in `Pipeline.axes`.
  public let axisIndex: Int
  /// Position of the value in the axis.
  public let valueIndex: Int
  public let axis: String
  /// By its own looks; coordinates are data, and what gathers them may key on them.
  public let value: ParameterValue
  /// The short texts that tell it from the other values of the axis: `scaling.b` and `1.02`.
  public let labels: [AxisLabel]
}

/// What arrives at a port of a cell.
public struct CellInput: Sendable {
  public let port: String
  /// Whether axes are folded here. When not, there is exactly one source.
  public let isGathered: Bool
  public let sources: [CellSource]
  /// Where the edge is written.
  public let range: SourceRange
}

/// An output of another cell.
public struct CellSource: Sendable, Hashable {
  /// `Cell.id` of where it comes from.
  public let cell: Int
  public let output: String
  /// Where it stands along the folded axes; empty when none is.
  public let coordinates: [Coordinate]
}
