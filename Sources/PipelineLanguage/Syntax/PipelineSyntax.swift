/// A pipeline as written: the sections of the file in their order, every value with its place, nothing looked up yet.
struct PipelineSyntax: Sendable {
  let source: SourceText
  var version: YAMLNode?
  var name: Located<String>?
  var about: String?
  /// What the file itself imports.
  var uses: [ImportSyntax] = []
  /// The files whose parameters and stages have been taken in, inner ones too.
  var imports: [ImportedFile] = []
  /// Imports that could not be read, which has been reported: their names are not to be missed.
  var lostImports: Set<String> = []
  /// The parameter files laid over it.
  var overlays: [SourceText] = []
  var parameters: [ParameterSyntax] = []
  var stages: [StageSyntax] = []
  var exclude: [ExcludeSyntax] = []
  /// nil when the file has no `default`.
  var defaults: [Located<CellReference>]?
  /// The `default` of imported files, for a file that has neither stages nor a `default` of its own.
  var importedDefaults: [Located<CellReference>] = []
  /// Whether `default` is an empty list, not one whose items could not be read.
  var defaultIsEmpty = false
  /// Parameters that fields referred to before the command line set those fields.
  var replacedReferences: [String] = []
  /// Fields that flags set in place of references to parameters.
  var replacements: [ReplacedReference] = []
  var hints = RunHints()
  /// Where `plumb`, `params`, `stages`… stand.
  var keys: [String: SourceRange] = [:]
}

/// A parameter: one value, or several (an axis).
struct ParameterSyntax: Sendable {
  let name: String
  let range: SourceRange
  var isAxis: Bool
  var values: [Expression]
  /// Whether the command line made it: it needs no other use than the field it was set for.
  var isSynthetic = false
}

struct StageSyntax: Sendable {
  var name: Located<String>
  /// Whether it is a mapping, so that missing keys can be told.
  var isReadable = false
  var uses: Located<String>?
  var inputs: [EdgeSyntax] = []
  var fields: [Expression.MapEntry] = []
  var gather: [Located<String>] = []
  var hints = RunHints()
  /// Keys that are none of a stage's, and like none of them.
  var unknownKeys: [Located<String>] = []
  /// Those of `inputs` and `with` that are no mapping, which has been reported.
  var unreadable: Set<String> = []
  /// Where `uses`, `inputs`, `with`, `gather` and `run` stand.
  var keys: [String: SourceRange] = [:]
}

struct EdgeSyntax: Sendable {
  let port: Located<String>
  /// nil when the text is not an edge, which has been reported.
  let target: Located<CellReference>?
}

/// One entry of `exclude`: coordinates, each with one or several values.
struct ExcludeSyntax: Sendable {
  let range: SourceRange
  let conditions: [(axis: Located<String>, values: [Located<String>])]
}

/// What may never change a result: how a stage is run.
public struct RunHints: Sendable, Hashable {
  /// Lanes (threads that each run the whole network); nil for what the machine has.
  public var lanes: Int?
  /// Memory to stay under, in bytes; nil for no limit.
  public var memory: Int?

  public init(lanes: Int? = nil, memory: Int? = nil) {
    self.lanes = lanes
    self.memory = memory
  }

  /// These hints, and where they say nothing the others.
  public func over(_ other: RunHints) -> RunHints { RunHints(lanes: lanes ?? other.lanes, memory: memory ?? other.memory) }
}
