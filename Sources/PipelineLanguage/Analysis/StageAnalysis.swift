import StageSchema

/// What the names in a stage mean.
struct StageAnalysis: Sendable {
  let syntax: StageSyntax
  /// nil when `uses` names no stage of the catalogue.
  let descriptor: StageDescriptor?
  /// The fields as they are read: a slip in a name counts as the name that was meant.
  var fields: [FieldAnalysis] = []
  /// Keys under `with` that name no field, with what was probably meant.
  var unknownFields: [(key: Located<String>, suggestion: String?)] = []
  var edges: [EdgeAnalysis] = []
  /// Axes mentioned under `with`.
  var ownAxes: Set<Int> = []
  /// Own axes and those that come in along the edges; nil when a circle leaves it open.
  var axes: Set<Int>?
  /// Whether every edge and reference behind the axes leads somewhere; if not, an axis may be missing for a reason that
  /// has its own message.
  var isComplete = true
}

/// What a value under `with` means.
struct FieldAnalysis: Sendable {
  let field: ParameterField
  let syntax: Expression.MapEntry
  /// Its values, typed; nil when one of them does not fit.
  var template: FieldTemplate?
  /// What is wrong with them.
  var notes: [Diagnostic] = []
}

/// What an edge means.
struct EdgeAnalysis: Sendable {
  let syntax: EdgeSyntax
  /// The name of the port that takes it; nil when there is none.
  var port: String?
  var isKnownPort = true
  /// Whether the port is unknown, and a field of that name stands under `with`.
  var isField: Bool { portIsField && !isKnownPort }
  var portIsField = false
  /// What was probably meant, when the port is unknown.
  var portSuggestion: String?
  /// What the port takes; nil when it is unknown.
  var accepts: Set<PortType>?
  /// Position of the stage it comes from; nil when there is none of that name.
  var source: Int?
  /// The output it comes from; nil when there is none of that name.
  var output: OutputPort?
  var picks: [Pick] = []
  var pickNotes: [Diagnostic] = []
  /// The axes that arrive at the port: those of the source without picked and gathered ones.
  var axes: Set<Int> = []
  /// The axes that this port gathers.
  var gathered: Set<Int> = []
}

/// One axis held to one of its values.
public struct Pick: Sendable, Hashable {
  /// Position in `Pipeline.axes`.
  public let axis: Int
  /// Position in the values of the axis.
  public let value: Int
}
