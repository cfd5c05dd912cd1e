import ArtifactStore
import Basics
import Checkpoints
import Execution
import Results

extension ReportContent {
  /// What the record of a run says; tables and samples come from `collectResults`.
  init(_ record: RunRecord) {
    let json = record.json
    let pipeline = json["pipeline"]
    let machine = json["machine"]?.object ?? [:]
    self.init(
      title: pipeline?["name"]?.text ?? "?", about: pipeline?["about"]?.text ?? "", run: record.id, date: json["started"]?.text ?? "?",
      command: (json["command"]?.list ?? []).compactMap(\.text).joined(separator: " "), ending: ReportEnding(record),
      pipeline: pipeline?["text"]?.text ?? "",
      parameters: (pipeline?["parameters"]?.object ?? [:]).sorted { $0.key < $1.key }.map {
        ReportParameter(name: $0.key, value: $0.value.plain, origin: pipeline?["path"]?.text ?? "")
      }, cells: record.cells.map(ReportCell.init), profile: json["profile"] ?? .null, versions: Self.versions(record),
      machine: machine.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plain)" }.joined(separator: ", "))
  }

  /// Versions of every stage, network and sampler in use, and the digests of profile and pipeline file.
  private static func versions(_ record: RunRecord) -> [ReportFact] {
    var versions: [String: String] = [:]
    for identity in record.cells.compactMap({ $0["identity"] }) {
      if let stage = identity["stage"]?.text, let version = identity["version"] { versions["stage \(stage)"] = version.plain }
      for (name, version) in identity["uses"]?.object ?? [:] { versions[name] = version.plain }
    }
    let digests = [("numerics profile", record.json["profile_digest"]), ("pipeline file, SHA-256", record.json["pipeline"]?["digest"])]
    return versions.sorted { $0.key < $1.key }.map { ReportFact($0.key, $0.value) }
      + digests.compactMap { name, value in value.map { ReportFact(name, $0.plain) } }
  }

  /// Images kept of a cell: as many as a grid shows.
  private static let shownSamples = 100

  /// Reads tables and first samples. What cannot be read becomes a note.
  mutating func collectResults(of record: RunRecord, from store: ArtifactStore) {
    guard let profile = record.json["profile_digest"]?.text.flatMap({ Digest(hex: $0) }) else {
      notes.append("The run's record names no numerics profile, so its results cannot be found.")
      return
    }
    for cell in record.cells {
      let name = cell["name"]?.text ?? "?"
      guard let key = cell["key"]?.text.flatMap({ Digest(hex: $0) }), cell["outputs"] != nil else { continue }
      do {
        guard let result = try store.lookup(ResultKey(semantic: key, profile: profile)) else {
          notes.append("The result of \(name) is no longer in the store.")
          continue
        }
        for (_, artifact) in result.outputs.sorted(by: { $0.key < $1.key }) { try take(artifact, of: name, from: store) }
      } catch {
        notes.append("\(name) cannot be shown: \(error)")
      }
    }
  }

  private mutating func take(_ artifact: Artifact, of cell: String, from store: ArtifactStore) throws {
    switch artifact.type {
    case "table":
      tables.append(ReportTable(name: cell, value: try GatheredTable(json: store.document(of: artifact))))
    case "samples":
      var set = ShownSamples(name: cell, shape: [], pixels: [])
      for part in artifact.parts {
        let tensor = try Safetensors.decode(store.read(part.object)).read(SampleSet.tensorName)
        guard tensor.shape.count == 4 else { throw PlumbError("samples are no images", found: "\(tensor.shape)") }
        set.shape = Array(tensor.shape.dropFirst())
        let wanted = try Self.shownSamples * HostTensor.elementCount(set.shape)
        set.pixels += tensor.bytes.prefix(wanted - set.pixels.count)
        if set.pixels.count >= wanted { break }
      }
      if !set.shape.isEmpty { samples.append(set) }
    default: break
    }
  }
}

extension ReportEnding {
  init(_ record: RunRecord) {
    switch record.status {
    case "done": self = .finished
    case "interrupted": self = .interrupted
    default:
      let failures = record.cells.compactMap { cell in cell["error"]?.text.map { "\(cell["name"]?.text ?? "?"): \($0)" } }
      self = .failed(failures.joined(separator: "; "))
    }
  }
}

extension ReportCell {
  init(_ cell: JSONValue) {
    let state: State =
      switch cell["state"]?.text {
      case "cached": .cached
      case "computed": .computed
      case "failed": .failed
      default: .pending
      }
    self.init(
      name: cell["name"]?.text ?? "?", stage: cell["identity"]?["stage"]?.text ?? "?", state: state, key: cell["key"]?.text ?? "",
      outputs: Self.facts(cell["outputs"]), seconds: state == .computed ? cell["seconds"]?.double : nil,
      parameters: Self.facts(cell["parameters"]))
  }

  private static func facts(_ object: JSONValue?) -> [ReportFact] {
    (object?.object ?? [:]).sorted { $0.key < $1.key }.map { ReportFact($0.key, $0.value.plain) }
  }
}

extension JSONValue {
  /// Text without quotes; anything else as JSON.
  fileprivate var plain: String { text ?? String(decoding: encoded(), as: UTF8.self) }
}
