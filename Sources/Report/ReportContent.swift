public import Basics
package import Results

/// Everything a report says, as plain values: the page, the figures and the tables are made from this and from nothing
/// else. It reads no store and no run record; whoever holds those fills it in.
public struct ReportContent: Sendable {
  /// The pipeline's name.
  public var title: String
  /// What the pipeline says of itself, in its own words.
  public var about: String
  /// The run's identifier.
  public var run: String
  /// When it ran, as people write it.
  public var date: String
  /// The command line that started it.
  public var command: String
  public var ending: ReportEnding
  /// The pipeline file, word for word.
  public var pipeline: String
  public var parameters: [ReportParameter]
  /// What the axes of the pipeline mean.
  package var design: SweepDesign
  /// Every cell of the run, in the order of the plan.
  public var cells: [ReportCell]
  /// The numerics profile: mode, backend, instruction set, library versions.
  public var profile: JSONValue
  /// Names and versions: the program, stages, networks, libraries.
  public var versions: [ReportFact]
  /// The machine in words: processor, cores, memory.
  public var machine: String
  /// Artifacts of `table` stages.
  public var tables: [ReportTable]
  /// Images of sampling cells.
  public var samples: [ShownSamples]
  /// What a reader has to know: warnings, things left out.
  public var notes: [String]

  package init(
    title: String, about: String = "", run: String = "", date: String = "", command: String = "", ending: ReportEnding = .finished,
    pipeline: String = "", parameters: [ReportParameter] = [], design: SweepDesign = SweepDesign(axes: []), cells: [ReportCell] = [],
    profile: JSONValue = .object([:]),
    versions: [ReportFact] = [], machine: String = "", tables: [ReportTable] = [], samples: [ShownSamples] = [], notes: [String] = []
  ) {
    self.title = title
    self.about = about
    self.run = run
    self.date = date
    self.command = command
    self.ending = ending
    self.pipeline = pipeline
    self.parameters = parameters
    self.design = design
    self.cells = cells
    self.profile = profile
    self.versions = versions
    self.machine = machine
    self.tables = tables
    self.samples = samples
    self.notes = notes
  }
}

/// How a run ended.
public enum ReportEnding: Sendable, Hashable {
  case finished
  /// A stage failed; the text says which and why.
  case failed(String)
  case interrupted
}

/// A parameter of the pipeline with where its value came from: "--set", or the files that may give it.
public struct ReportParameter: Sendable, Hashable {
  public var name: String
  public var value: String
  public var origin: String

  public init(name: String, value: String, origin: String) {
    self.name = name
    self.value = value
    self.origin = origin
  }
}

/// A name and what it stands for.
public struct ReportFact: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One cell of the plan and what became of it.
public struct ReportCell: Sendable {
  public enum State: String, Sendable {
    case cached, computed, failed
    /// Not reached: the run ended before it.
    case pending
  }

  /// `sample[scaling.b=1.02]`.
  public var name: String
  /// The kind of stage.
  public var stage: String
  public var state: State
  /// Hexadecimal digits of the key that its result is kept under, and of the key over recipes; empty when not known.
  public var key: String
  public var recipeKey: String
  /// Output port and digest.
  public var outputs: [ReportFact]
  /// Seconds of work, added up over the lanes that did it; nil when nothing was computed.
  public var seconds: Double?
  /// Every parameter with defaults filled in.
  public var parameters: [ReportFact]

  public init(
    name: String, stage: String, state: State, key: String, recipeKey: String = "", outputs: [ReportFact] = [], seconds: Double? = nil,
    parameters: [ReportFact] = []
  ) {
    self.name = name
    self.stage = stage
    self.state = state
    self.key = key
    self.recipeKey = recipeKey
    self.outputs = outputs
    self.seconds = seconds
    self.parameters = parameters
  }
}

/// The artifact of a `table` stage.
public struct ReportTable: Sendable {
  /// The cell that made it.
  public var name: String
  package var value: GatheredTable

  package init(name: String, value: GatheredTable) {
    self.name = name
    self.value = value
  }
}

/// Some images of one cell. Their bytes are read when they are drawn, so that a report never holds those of many cells.
public struct ShownSamples: Sendable {
  /// The cell that made them.
  public var name: String
  /// Channels, height, width of one image.
  public var shape: [Int]
  /// How many images there are.
  public var count: Int
  /// What the images are, by content, so that a grid drawn before is not drawn again; nil when that is not known.
  public var content: Digest?
  /// Reads the first images, at most as many as asked for, as `[N, C, H, W]`, one byte a value.
  public var read: @Sendable (_ limit: Int) throws -> [UInt8]

  public init(
    name: String, shape: [Int], count: Int, content: Digest?, read: @escaping @Sendable (_ limit: Int) throws -> [UInt8]
  ) {
    self.name = name
    self.shape = shape
    self.count = count
    self.content = content
    self.read = read
  }
}
