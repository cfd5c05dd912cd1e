import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime
import StageSchema

/// What the stages that read a network share: which network a file holds, whether it fits, its adoption into the store.
///
/// The file tells as much as its names, shapes and plain values do; `architecture` and `config` say the rest, and have
/// the last word.
struct NetworkReading: Sendable {
  /// A network with what its file tells of the noise process.
  struct Resolved {
    let network: any Network
    let process: [String: JSONValue]
  }

  private let candidates: [any Network.Type]
  private let architecture: String?
  private let given: [String: JSONValue]?
  private let choice: WeightChoice
  /// The parameter that holds the configuration.
  private let configurationField: String

  /// The parameters beside the file's; `role` names the networks that will do.
  static func fields(_ role: NetworkRole) -> [ParameterField] {
    [
      ParameterField(
        "architecture", .choice(NetworkCatalogue.all(role).map { $0.architecture }), optional: true,
        doc: "Which network the file holds; recognised from the file when absent."),
      ParameterField(
        "config", .open, optional: true,
        doc: "Arguments of the network's constructor, under their original names, that the file does not tell or in place of what it tells."
      ),
      ParameterField(
        "weights", .choice(WeightChoice.allCases.map(\.rawValue)), default: .text(WeightChoice.authors.rawValue),
        doc: "Which set of a file that holds several: the one its authors sample with, the moving average (ema), or the trained one (raw)."),
    ]
  }

  init(_ parameters: StageParameters, role: NetworkRole) throws {
    candidates = NetworkCatalogue.all(role)
    architecture = parameters.optionalText("architecture")
    configurationField = "config"
    let config = parameters.value(configurationField)
    given = config == .null ? nil : config.json.object
    choice = WeightChoice(rawValue: try parameters.text("weights")) ?? .authors
  }

  /// The autoencoder that may lie in the file of a network of latents; its arguments stand in `first_stage`.
  init(firstStageIn parameters: StageParameters) throws {
    candidates = NetworkCatalogue.all(.firstStage)
    architecture = nil
    configurationField = "first_stage"
    let config = parameters.value(configurationField)
    given = config == .null ? nil : config.json.object
    choice = WeightChoice(rawValue: try parameters.text("weights")) ?? .authors
  }

  /// The network of this role in the file; nil when the file is not there or holds none.
  func resolveIfPresent(_ file: OutsideFile, latent: ImageShape) throws -> (any Network)? {
    guard file.exists else { return nil }
    let source = try blaming(file, .damagedFile) { try file.tensors() }
    guard try candidates.contains(where: { try $0.recognise(source) != nil }) else { return nil }
    return try resolve(file, latent: latent).network
  }

  /// The network, told by the parameters and the file's header; nothing of its body is read.
  ///
  /// - Parameter latent: of a first stage, what the network beside it sees.
  func resolve(_ file: OutsideFile, latent: ImageShape? = nil) throws -> Resolved {
    guard file.exists else {
      guard file.pinned != nil else { throw missing(file.missing()) }
      guard let type = candidates.first(where: { $0.architecture == architecture }), let given else {
        throw missing(file.missing("it is needed to tell which network it holds", expected: "the file, or architecture and config"))
      }
      return Resolved(network: try blamingConfiguration { try type.init(configuration: .object(given)) }, process: [:])
    }
    let source = try blaming(file, .damagedFile) { try file.tensors() }
    let resolved = try recognised(in: source, file, latent: latent)
    try blaming(file, .wrongWeights) { try check(resolved.network, source, file) }
    return resolved
  }

  /// Copies the parameters the network needs, widened to float32, into one safetensors object; tensor by tensor. `file` is as
  /// a run reads it, so that nothing but what the key says comes into the store.
  func adopt(_ network: any Network, from file: OutsideFile, in context: StageContext) throws -> ObjectRef {
    let source = try file.tensors()
    try check(network, source, file)
    let tensors = try network.tensors(in: source, choice: choice)
    let entries = try network.parameters().map { TensorEntry(name: $0.name, dtype: .float32, shape: $0.shape) }
    let object = try context.store.objectWriter()
    var writer = try SafetensorsWriter(entries: entries, metadata: ["format": "pt"]) { try object.write($0) }
    for entry in entries {
      try context.checkCancelled()
      try writer.append(HostTensor(floats: tensors.read(entry.name).floats(), shape: entry.shape))
    }
    try writer.finish()
    return try object.finish()
  }

  /// What `architecture` and `config` come to, written out or recognised.
  func meaning(of network: any Network) -> [String: ParameterValue] {
    let description = NetworkDescription(network)
    return ["architecture": .text(description.architecture), configurationField: ParameterValue(description.configuration)]
  }

  func versions(_ network: any Network) -> [String: Int] {
    ["network \(type(of: network).architecture)": type(of: network).version]
  }

  func cost(_ network: any Network) throws -> StageCost {
    let sizes = try network.parameters().map { 4 * $0.shape.reduce(1, *) }
    // One tensor at a time is in memory while it is copied over, twice (as read, as float32).
    return StageCost(outputBytes: sizes.reduce(0, +), sharedBytes: 2 * (sizes.max() ?? 0))
  }

  private func recognised(in source: any TensorSource, _ file: OutsideFile, latent: ImageShape?) throws -> Resolved {
    let types = candidates.filter { architecture == nil || $0.architecture == architecture }
    let found = try blaming(file, .damagedFile) {
      try types.compactMap { type in try type.recognise(source).map { (type: type, recognition: $0) } }
    }
    guard found.count < 2 else {
      throw StageIssue(
        .parameter(["architecture"]), "the file may hold one of several networks", expected: "architecture",
        found: found.map { $0.type.architecture }.joined(separator: " or "))
    }
    guard let found = found.first else { return try unrecognised(types, source, file) }
    do {
      let type = found.type as? any FirstStage.Type
      let following = latent.flatMap { latent in type?.arguments(found.recognition.configuration, latent: latent) } ?? [:]
      let said = following.merging(given ?? [:]) { $1 }
      try checkFields(said, found.type, found.recognition)
      let configuration = try found.recognition.completed(by: said)
      return Resolved(
        network: try blamingConfiguration { try found.type.init(configuration: configuration) }, process: found.recognition.process)
    } catch let error as PlumbError {
      throw StageIssue(.parameter([configurationField]), error, reason: .wrongConfiguration)
    }
  }

  /// An argument that is wrong by itself, misspelt say, is told as such, before what is missing because of it.
  private func checkFields(_ said: [String: JSONValue], _ type: any Network.Type, _ recognition: Recognition) throws {
    let faults = Self.faults(of: recognition.configuration.merging(said) { $1 }, type)
    if let error = Self.joined(faults.filter { $0.fault != .absent }) { _ = try blamingConfiguration { throw error } }
  }

  /// That the file is not there, with what can be said of the configuration without it: the faults of single arguments, by
  /// the architecture that finds the fewest.
  private func missing(_ file: StageIssue) -> StageIssue {
    let types = candidates.filter { architecture == nil || $0.architecture == architecture }
    let faults = types.map { type in Self.faults(of: given ?? [:], type).filter { $0.fault != .absent } }
    var issue = file
    if let error = Self.joined(faults.min { $0.count < $1.count } ?? []) { issue.further = [blame(error)] }
    return issue
  }

  private static func faults(of configuration: [String: JSONValue], _ type: any Network.Type) -> [PlumbError] {
    do {
      _ = try type.init(configuration: .object(configuration))
      return []
    } catch {
      guard let error = error as? PlumbError else { return [] }
      return ([error] + error.further).filter { $0.fault != nil }
    }
  }

  private static func joined(_ errors: [PlumbError]) -> PlumbError? {
    guard var first = errors.first else { return nil }
    first.further = Array(errors.dropFirst())
    return first
  }

  /// Nothing in the file says what it is: the parameters must say everything.
  private func unrecognised(_ types: [any Network.Type], _ source: any TensorSource, _ file: OutsideFile) throws -> Resolved {
    guard architecture != nil, let type = types.first else {
      // A file that is another stage's is told as what it is.
      let others = NetworkCatalogue.all.filter { ((try? $0.recognise(source)) ?? nil) != nil }.map { $0.architecture }
      throw StageIssue(
        .parameter([file.field]), "the file's names are those of no network \(others.isEmpty ? "known here" : "that belongs here")",
        expected: "a checkpoint of \(candidates.map { $0.architecture }.joined(separator: ", ")), or architecture and config",
        found: others.isEmpty ? nil : others.joined(separator: " or "), reason: .wrongWeights)
    }
    return Resolved(network: try blamingConfiguration { try type.init(configuration: .object(given ?? [:])) }, process: [:])
  }

  private func check(_ network: any Network, _ source: any TensorSource, _ file: OutsideFile) throws {
    try ParameterMismatch.check(network.parameters(), against: network.tensors(in: source, choice: choice).entries, at: file.path)
  }

  /// Runs `body`; what a network says of its configuration is blamed on the argument at fault.
  private func blamingConfiguration<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PlumbError {
      throw blame(error)
    }
  }

  private func blame(_ error: PlumbError) -> StageIssue {
    var own = error
    (own.kind, own.further) = (.input, [])
    if case .unknownName(let known)? = own.fault, let given {
      // What is given already was not meant.
      own.fault = .unknownName(known: known.filter { given[$0] == nil })
    }
    // The network names the argument as the error's place.
    let path = error.place.map { [configurationField] + $0.split(separator: ".").map(String.init) } ?? [configurationField]
    var issue = StageIssue(.parameter(path), own, reason: .wrongConfiguration)
    issue.further = error.further.map(blame)
    return issue
  }

  /// Runs `body`; what it throws is blamed on the file.
  private func blaming<Result>(_ file: OutsideFile, _ reason: StageIssue.Reason, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as PlumbError {
      error.kind = .input
      if error.place?.hasPrefix(file.path) != true { error = error.at(file.path) }
      throw StageIssue(.parameter([file.field]), error, reason: reason)
    }
  }
}
