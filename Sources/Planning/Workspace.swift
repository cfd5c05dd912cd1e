public import ArtifactStore
import Basics
import Foundation
public import PipelineLanguage
public import StageSchema

/// A pipeline file as a command asks for it: read, checked, expanded to cells, with the store it works on.
public struct Workspace: Sendable {
  /// What a command line can say about a pipeline.
  public struct Request: Sendable {
    public var file: String
    /// `NAME=VALUE[,VALUE…]`, as given to `--set`.
    public var overrides: [String]
    /// The files given to `--params`.
    public var parameterFiles: [String]
    /// Cells asked for; empty: the pipeline's `default`.
    public var cells: [String]
    /// `--store`, if given.
    public var store: String?
    public var lanes: Int?

    public init(
      file: String, overrides: [String] = [], parameterFiles: [String] = [], cells: [String] = [], store: String? = nil, lanes: Int? = nil
    ) {
      self.file = file
      self.overrides = overrides
      self.parameterFiles = parameterFiles
      self.cells = cells
      self.store = store
      self.lanes = lanes
    }
  }

  public let request: Request
  public let pipeline: Pipeline
  public let table: CellTable
  /// The cells asked for, by id.
  public let wanted: Set<Int>
  public let store: ArtifactStore
  public let catalogue: StageTable
  public let lanes: Int

  /// Reads and checks everything that can be checked without the store. Throws `DiagnosticsError` with every mistake.
  /// - Parameter fetch: fetches files that are imported by address.
  public init(_ request: Request, catalogue: StageTable, fetch: FileSource.Fetch? = nil) throws {
    self.request = request
    self.catalogue = catalogue
    let loaded = Pipeline.load(
      path: request.file, catalogue: catalogue.descriptors,
      overlays: Pipeline.Overlays(parameterFiles: request.parameterFiles, flags: request.overrides), files: FileSource(fetch: fetch))
    guard let pipeline = loaded.pipeline, !loaded.diagnostics.hasErrors else {
      throw DiagnosticsError(loaded.diagnostics)
    }
    let expansion = CellExpander.expand(pipeline)
    guard !expansion.diagnostics.hasErrors else { throw DiagnosticsError(expansion.diagnostics) }
    self.pipeline = pipeline
    table = expansion.table
    wanted = try request.cells.isEmpty ? Set(table.defaults) : Self.select(request.cells, in: table)
    lanes = request.lanes ?? pipeline.hints.lanes ?? ProcessInfo.processInfo.activeProcessorCount
    store = Self.store(of: request)
  }

  /// The store a command works on.
  public static func store(of request: Request) -> ArtifactStore {
    ArtifactStore.locate(flag: request.store, environment: ProcessInfo.processInfo.environment, pipelineFile: request.file)
  }

  /// Cells named on the command line, by id. Throws `DiagnosticsError` for a name that fits nothing.
  public func select(_ names: [String]) throws -> Set<Int> {
    try Self.select(names, in: table)
  }

  private static func select(_ names: [String], in table: CellTable) throws -> Set<Int> {
    let selections = names.map { CellSelector.parse($0, in: table) }
    let diagnostics = selections.flatMap(\.diagnostics)
    guard !diagnostics.hasErrors else { throw DiagnosticsError(diagnostics) }
    return Set(selections.flatMap(\.cells))
  }

  public func history() -> RunHistory { RunHistory(store: store) }

  /// The plan. Throws `DiagnosticsError` when a stage refuses its parameters or what flows into it, and an error of kind
  /// `input` when `run: {memory}` allows less than one lane takes.
  /// - Parameters:
  ///   - keepsGoing: leaves out the cells that are refused, unless nothing would be left of what was asked for.
  ///   - isCancelled: asked often; once it is true an error of kind `interrupted` is thrown.
  public func plan(
    forced: Set<Int> = [], history: RunHistory, keepsGoing: Bool = false, isCancelled: @escaping () -> Bool = { false }
  ) throws -> Plan {
    let profile = try catalogue.profile()
    let planner = Planner(
      catalogue: catalogue, store: store, profile: profile, lanes: lanes, knownOwnKeys: history.ownKeys(profile: profile.digest))
    let (plan, issues) = try planner.plan(table.cells, wanted: wanted, forced: forced, isCancelled: isCancelled)
    guard issues.isEmpty || keepsGoing && plan.cells.contains(where: { wanted.contains($0.cell.id) }) else {
      throw DiagnosticsError(issues.map(\.diagnostic))
    }
    return try plan.within(pipeline.hints, at: request.file).withinStages(pipeline.hints)
  }
}

/// Everything wrong with a pipeline or a command line, found at once.
public struct DiagnosticsError: Error, Sendable {
  public let diagnostics: [Diagnostic]
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
