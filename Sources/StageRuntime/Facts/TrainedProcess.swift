public import Basics
import Diffusion
public import StageSchema

/// The noise process a network was trained on, kept with the network so that no later stage repeats it.
///
/// A record under the names of the originals' own arguments, canonical: every field of its kind is there. What a
/// checkpoint tells, a pipeline may leave out.
public struct TrainedProcess: Sendable, Hashable {
  /// What the network is told of the noise.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A timestep of a chain of betas (ADM, DDIM, LDM, DiT).
    case discrete
    /// A noise level, through one of EDM's four preconditioners (EDM, PFGM++); the names are `EDMPrecond` and so on.
    case edm, vp, ve, iddpm
  }

  public let kind: Kind
  private let fields: [String: JSONValue]

  /// Merges what a pipeline says with what a file tells (the pipeline has the last word) and fills in defaults.
  ///
  /// Throws `StageIssue` at `process` for a field that is needed and said by neither, or is of another kind.
  public init(given: [String: JSONValue], told: [String: JSONValue]) throws {
    let said = told.filter { $0.value != .null }.merging(given.filter { $0.value != .null }) { $1 }
    guard let kind = Kind(rawValue: said["kind"]?.text ?? Kind.discrete.rawValue) else {
      throw StageIssue(
        .parameter(["process", "kind"]), "unknown kind of noise process", expected: Kind.allCases.map(\.rawValue).joined(separator: ", "),
        found: said["kind"].map { String(decoding: $0.encoded(), as: UTF8.self) })
    }
    let known = Self.table.filter { $0.kinds.contains(kind) }
    for name in given.keys.sorted() where name != "kind" && given[name] != .null && !known.contains(where: { $0.field.name == name }) {
      throw StageIssue(
        .parameter(["process", name]), "a process of kind \(kind.rawValue) has no \(name)",
        expected: known.map(\.field.name).joined(separator: ", "))
    }
    var fields: [String: JSONValue] = [:]
    for row in known {
      let name = row.field.name
      if let value = said[name] ?? row.usual[kind] {
        fields[name] = row.canonical(value)
      } else if row.isNeeded {
        throw StageIssue(
          .parameter(["process"]), "the checkpoint does not tell the \(name) of its noise process", expected: "process: {\(name): …}",
          found: "nothing", reason: .wrongConfiguration)
      }
    }
    self.kind = kind
    self.fields = fields
  }

  /// Reads the record of a network artifact.
  public init(json: JSONValue) throws {
    guard let fields = json.object, let kind = fields["kind"]?.text.flatMap(Kind.init) else {
      throw PlumbError("a network artifact has no readable noise process", found: String(decoding: json.encoded(), as: UTF8.self))
    }
    self.kind = kind
    self.fields = fields.filter { $0.key != "kind" }
  }

  public var json: JSONValue { .object(fields.merging(["kind": .text(kind.rawValue)]) { $1 }) }

  public func text(_ name: String) -> String? { fields[name]?.text }
  public func flag(_ name: String) -> Bool { fields[name]?.bool ?? false }
  public func integer(_ name: String) -> Int? { fields[name]?.integer }
  public func numbers(_ name: String) -> [Double]? { fields[name]?.doubles }

  /// A number; infinite where the record says "inf".
  public func number(_ name: String) -> Double? {
    switch fields[name]?.text {
    case "inf": .infinity
    case "-inf": -.infinity
    default: fields[name]?.double
    }
  }
}

extension TrainedProcess {
  /// The schema of the `process` parameter: every field may be left out where the file tells it.
  public static let fields: [ParameterField] =
    [
      ParameterField(
        "kind", .choice(Kind.allCases.map(\.rawValue)), optional: true,
        doc: "discrete: timesteps of a chain of betas; edm, vp, ve, iddpm: EDM's preconditioners. Told by EDM's files; else discrete.")
    ] + table.map(\.field)

  /// One field: where it belongs and what it is when nobody says it.
  private struct Row {
    let field: ParameterField
    let kinds: Set<Kind>
    let usual: [Kind: JSONValue]
    let isNeeded: Bool

    init(_ name: String, _ type: ParameterType, _ kinds: Set<Kind>, usual: [Kind: JSONValue] = [:], needed: Bool = false, _ doc: String) {
      field = ParameterField(name, type, optional: true, doc: doc)
      self.kinds = kinds
      self.usual = usual
      isNeeded = needed
    }

    /// One form for one number, whoever says it.
    func canonical(_ value: JSONValue) -> JSONValue {
      guard case .number = field.type, let number = value.double else { return value }
      return .number(number)
    }
  }

  private static let positive = ParameterType.number(1e-12...1e12)

  /// Defaults are those of the originals' constructors (guided-diffusion's scripts; EDM's `training/networks.py`).
  private static let table: [Row] = [
    Row(
      "noise_schedule", .choice(BetaSchedule.names), [.discrete], needed: true,
      "The beta schedule of training; names with a prefix are those of that project."),
    Row("diffusion_steps", .integer(1...1_000_000), [.discrete], usual: [.discrete: 1000], "T, the number of training timesteps."),
    Row("beta_start", .number(0...1), [.discrete], "First beta of a schedule that takes one (LDM: linear_start)."),
    Row("beta_end", .number(0...1), [.discrete], "Last beta of a schedule that takes one (LDM: linear_end)."),
    Row("cosine_s", .number(0...1), [.discrete], "Offset of the schedule ldm-cosine."),
    Row(
      "variance", .choice(["learned-range", "learned", "fixed-large", "fixed-small"]), [.discrete],
      "What the reverse step's variance is; a learned one is the network's last channels, and taken to be learned-range where there are twice the image's channels, else fixed-small for LDM's network and fixed-large for others."
    ),
    Row(
      "rescale_timesteps", .bool, [.discrete], usual: [.discrete: .bool(false)], "The network receives timestep * 1000 / diffusion_steps."),
    Row(
      "prediction", .choice(["epsilon", "xstart"]), [.discrete], usual: [.discrete: "epsilon"], "What the network's first channels predict."
    ),
    Row("sigma_data", positive, [.edm], usual: [.edm: .number(0.5)], "Standard deviation of the training data."),
    Row(
      "sigma_min", .number(0...1e12), [.edm, .vp, .ve, .iddpm], usual: [.edm: 0, .ve: .number(0.02)],
      "Least noise level of the preconditioner."),
    Row("sigma_max", positive, [.edm, .vp, .ve, .iddpm], usual: [.edm: "inf", .ve: 100], "Largest noise level of the preconditioner."),
    Row("beta_d", positive, [.vp], usual: [.vp: .number(19.9)], "Extent of the noise level schedule."),
    Row("beta_min", positive, [.vp], usual: [.vp: .number(0.1)], "Initial slope of the noise level schedule."),
    Row("M", .integer(1...1_000_000), [.vp, .iddpm], usual: [.vp: 1000, .iddpm: 1000], "Timesteps of the original training."),
    Row("epsilon_t", positive, [.vp], usual: [.vp: .number(1e-5)], "Least time of training."),
    Row("C_1", positive, [.iddpm], usual: [.iddpm: .number(0.001)], "Timestep adjustment at low noise."),
    Row("C_2", positive, [.iddpm], usual: [.iddpm: .number(0.008)], "Timestep adjustment at high noise."),
    Row("u", .list(of: .number(0...1e12), count: 2...1_000_001), [.iddpm], "The noise levels of training, as the file stores them."),
    Row(
      "D", .integer(1...1_000_000_000), [.edm, .vp, .ve], "Further dimensions of PFGM++; without it the process is plain diffusion."),
  ]

}
