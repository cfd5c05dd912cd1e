import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageKit

/// What the stages that read a network share: configuration, check of the header, adoption into the store.
struct NetworkReading: Sendable {
  /// Architectures that predict noise.
  static let diffusionArchitectures = NetworkCatalogue.all.filter { !$0.isFeatureNetwork && !($0 is any FirstStage.Type) }
    .map { $0.architecture }
  /// Architectures that give features.
  static let featureArchitectures = NetworkCatalogue.all.filter { $0.isFeatureNetwork }.map { $0.architecture }

  let architecture: String
  let configuration: JSONValue

  init(_ parameters: StageParameters) throws {
    architecture = try parameters.text("architecture")
    let config = parameters.value("config")
    configuration = config == .null ? .object([:]) : config.json
  }

  func network() throws -> any Network {
    do {
      return try NetworkCatalogue.network(architecture: architecture, configuration: configuration)
    } catch let error as PlumbError {
      // The network names the argument at fault as the error's place.
      var error = error
      error.kind = .input
      let path = error.place.map { ["config"] + $0.split(separator: ".").map(String.init) } ?? ["config"]
      throw StageIssue(.parameter(path), error, reason: .wrongConfiguration)
    }
  }

  /// Compares names and shapes with the file's header; nothing of the body is read.
  func checkHeader(_ network: any Network, _ file: OutsideFile) throws {
    guard file.exists else {
      throw StageIssue(.parameter(["file"]), "there is no such file", found: file.path, reason: .missingFile)
    }
    let entries = try blaming(file, .damagedFile) { try CheckpointFile.open(file.path).entries }
    try blaming(file, .wrongWeights) { try network.graph().check(against: entries, at: file.path) }
  }

  /// Runs `body`; what it throws is blamed on the file.
  private func blaming<Result>(_ file: OutsideFile, _ reason: StageIssue.Reason, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as PlumbError {
      var error = error
      error.kind = .input
      if error.place?.hasPrefix(file.path) != true { error = error.at(file.path) }
      throw StageIssue(.parameter(["file"]), error, reason: reason)
    }
  }

  func versions(_ network: any Network) -> [String: Int] {
    ["network \(architecture)": type(of: network).version]
  }

  func cost() throws -> StageCost {
    let bytes = try network().graph().parameters.reduce(0) { $0 + 4 * $1.shape.reduce(1, *) }
    // One tensor at a time is in memory while it is copied over, twice (as read, as float32).
    let largest = try network().graph().parameters.map { 4 * $0.shape.reduce(1, *) }.max() ?? 0
    return StageCost(outputBytes: bytes, sharedBytes: 2 * largest)
  }

  /// Copies the parameters the network needs, widened to float32, into one safetensors object; tensor by tensor.
  func adopt(_ file: OutsideFile, process: TrainedProcess?, in context: StageContext) throws -> Artifact.Part {
    try file.verify(against: file.digest())
    let parameters = try network().graph().parameters
    let source = try CheckpointFile.open(file.path)
    try network().graph().check(against: source.entries, at: file.path)
    let entries = parameters.map { TensorEntry(name: $0.name, dtype: .float32, shape: $0.shape) }
    let object = try context.store.objectWriter()
    var writer = try SafetensorsWriter(entries: entries, metadata: ["format": "pt"]) { try object.write($0) }
    for entry in entries {
      try context.checkCancelled()
      try writer.append(HostTensor(floats: source.read(entry.name).floats(), shape: entry.shape))
    }
    try writer.finish()
    return Artifact.Part(name: "weights", object: try object.finish())
  }
}
