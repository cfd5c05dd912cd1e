package import ArtifactStore
import Basics
import Checkpoints
import OrderedCollections
package import Results
import StageSchema

extension ReportContent {
  /// What the record of a run says; tables and samples come from `collectResults`.
  package init(_ record: RunRecord) {
    let pipeline = record.pipeline
    self.init(
      title: pipeline.name, about: pipeline.about, run: record.id.text, date: record.started,
      command: record.command.joined(separator: " "), ending: ReportEnding(record), pipeline: pipeline.text,
      parameters: pipeline.parameters.sorted { $0.key < $1.key }.map {
        ReportParameter(name: $0.key, value: $0.value.plain, origin: pipeline.origin(of: $0.key))
      }, design: SweepDesign(record), cells: record.cells.map(ReportCell.init), profile: record.profile, versions: Self.versions(record),
      machine: record.machine.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plain)" }.joined(separator: ", "))
  }

  /// Versions of every stage, network and sampler in use, and the digests of profile and pipeline file.
  private static func versions(_ record: RunRecord) -> [ReportFact] {
    var versions: [String: Int] = [:]
    for identity in record.cells.map(\.identity) {
      versions["stage \(identity.stage)"] = identity.version
      versions.merge(identity.uses) { first, _ in first }
    }
    let digests = [("numerics profile", record.profileDigest), ("pipeline file, SHA-256", record.pipeline.digest)]
    return versions.sorted { $0.key < $1.key }.map { ReportFact($0.key, String($0.value)) }
      + digests.compactMap { name, digest in digest.map { ReportFact(name, $0.hex) } }
  }

  /// Reads tables, and finds the samples that are shown. What cannot be read becomes a note.
  package mutating func collectResults(of record: RunRecord, from store: ArtifactStore) {
    guard let profile = record.profileDigest else {
      notes.append("The run's record names no numerics profile, so its results cannot be found.")
      return
    }
    for cells in Self.likeCells(record) {
      let types = outputTypes(of: cells, profile, store)
      if types.contains(PortType.table.rawValue) {
        for cell in cells { take(PortType.table, of: cell, profile, store) }
      }
      guard types.contains(PortType.samples.rawValue), let stage = cells.first?.stage else { continue }
      let shown = Selection.spread(cells, Selection.picturedCells)
      if shown.count < cells.count {
        notes.append("Samples are shown of \(shown.count) of the \(NumberText.count(cells.count)) cells of \(stage), evenly spread.")
      }
      for cell in shown { take(PortType.samples, of: cell, profile, store) }
    }
  }

  /// Types of the outputs of cells that are alike: what one has, all have, so the first result that is there tells.
  private mutating func outputTypes(of cells: [RecordedCell], _ profile: Digest, _ store: ArtifactStore) -> Set<String> {
    for cell in cells {
      do {
        if let result = try result(of: cell, profile, store) { return Set(result.outputs.values.map(\.type)) }
      } catch {
        notes.append("\(cell.name) cannot be shown: \(error)")
      }
    }
    return []
  }

  /// The cells with a result, those of one stage with the same outputs together, in the order of the record.
  private static func likeCells(_ record: RunRecord) -> [[RecordedCell]] {
    let cells = record.cells.filter { $0.key != nil && $0.outputs != nil }
    return Array(OrderedDictionary(grouping: cells) { [$0.stage] + ($0.outputs ?? [:]).keys.sorted() }.values)
  }

  private mutating func result(of cell: RecordedCell, _ profile: Digest, _ store: ArtifactStore) throws -> ResultManifest? {
    guard let key = cell.key else { return nil }
    let result = try store.lookup(ResultKey(semantic: key, profile: profile))
    if result == nil { notes.append("The result of \(cell.name) is no longer in the store.") }
    return result
  }

  private mutating func take(_ type: PortType, of cell: RecordedCell, _ profile: Digest, _ store: ArtifactStore) {
    do {
      guard let result = try result(of: cell, profile, store) else { return }
      for (_, artifact) in result.outputs.sorted(by: { $0.key < $1.key }) where artifact.type == type.rawValue {
        try take(artifact, of: cell.name, from: store)
      }
    } catch {
      notes.append("\(cell.name) cannot be shown: \(error)")
    }
  }

  private mutating func take(_ artifact: Artifact, of cell: String, from store: ArtifactStore) throws {
    guard artifact.type == PortType.samples.rawValue else {
      tables.append(ReportTable(name: cell, value: try GatheredTable(json: store.document(of: artifact))))
      return
    }
    let set = try SampleSet(json: artifact.facts)
    samples.append(
      ShownSamples(
        name: cell, shape: [set.channels, set.height, set.width], count: set.count, content: artifact.digest,
        read: { limit in
          let wanted = try limit * HostTensor.elementCount([set.channels, set.height, set.width])
          var pixels: [UInt8] = []
          for part in artifact.parts where pixels.count < wanted {
            let tensor = try Safetensors.decode(store.read(part.object)).read(SampleSet.tensorName)
            guard Array(tensor.shape.dropFirst()) == [set.channels, set.height, set.width] else {
              throw PlumbError("samples are not of the shape they are said to be", at: part.name, found: "\(tensor.shape)")
            }
            pixels += tensor.bytes.prefix(wanted - pixels.count)
          }
          return pixels
        }))
  }
}

extension ReportEnding {
  init(_ record: RunRecord) {
    switch record.status {
    case .done: self = .finished
    case .interrupted: self = .interrupted
    case .failed:
      self = .failed(record.cells.compactMap { cell in cell.error.map { "\(cell.name): \($0)" } }.joined(separator: "; "))
    }
  }
}

extension ReportCell {
  init(_ cell: RecordedCell) {
    let state: State =
      switch cell.state {
      case .cached: .cached
      case .computed: .computed
      case .failed: .failed
      case .skipped: .pending
      }
    self.init(
      name: cell.name, stage: cell.identity.stage, state: state, key: cell.key?.hex ?? "", recipeKey: cell.recipeKey?.hex ?? "",
      outputs: (cell.outputs ?? [:]).sorted { $0.key < $1.key }.map { ReportFact($0.key, $0.value.hex) },
      seconds: state == .computed ? cell.seconds : nil,
      parameters: cell.parameters.sorted { $0.key < $1.key }.map { ReportFact($0.key, $0.value.plain) })
  }
}

extension RecordedPipeline {
  /// Where the value of a parameter was given: by a flag, else in the pipeline or a file of parameters.
  fileprivate func origin(of parameter: String) -> String {
    let isSet = request?.overrides.contains { $0.prefix { $0 != "=" && $0 != "." } == parameter } ?? false
    return isSet ? "--set" : ([path] + (request?.parameterFiles ?? [])).joined(separator: " or ")
  }
}
