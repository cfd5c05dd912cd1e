import Basics
import Checkpoints
import Foundation
import Networks

/// What `plumb inspect` tells of a file.
struct Inspection {
  /// Sums over some of the tensors.
  struct Totals {
    var tensors = 0
    var parameters = 0
    var bytes = 0

    /// Sums stay at the largest number rather than pass it: a file may claim anything.
    mutating func add(_ entry: TensorEntry) throws {
      tensors += 1
      parameters = Self.sum(parameters, try HostTensor.elementCount(entry.shape))
      bytes = Self.sum(bytes, try entry.byteCount)
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
      let (sum, overflow) = left.addingReportingOverflow(right)
      return overflow ? .max : sum
    }

    var json: JSONValue { ["tensors": JSONValue(tensors), "parameters": JSONValue(parameters), "bytes": JSONValue(bytes)] }
  }

  /// An architecture that says the file may hold it.
  struct Candidate {
    let architecture: String
    /// Nil when the architecture's own look at the file failed; then `failure` says how.
    let recognition: Recognition?
    let failure: String?
  }

  let file: String
  let fileSize: Int
  let format: String
  let filter: String?
  /// Tensors of the file, whatever the filter.
  let tensorCount: Int
  /// Those the filter lets through, in the order of the file.
  let entries: [TensorEntry]
  private(set) var totals = Totals()
  private(set) var byDType: [String: Totals] = [:]
  private(set) var byGroup: [String: Totals] = [:]
  let attributes: JSONValue
  let candidates: [Candidate]

  init(of file: String, filter: String?) throws {
    let source = try CheckpointFile.open(file)
    self.file = file
    self.filter = filter
    fileSize = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    format = CheckpointFile.format(of: source)?.rawValue ?? "unknown"
    tensorCount = source.entries.count
    entries = source.entries.filter { filter.map($0.name.contains) ?? true }
    attributes = source.attributes
    candidates = NetworkCatalogue.all.compactMap { type in
      do {
        return try type.recognise(source).map { Candidate(architecture: type.architecture, recognition: $0, failure: nil) }
      } catch {
        return Candidate(architecture: type.architecture, recognition: nil, failure: "\(error)")
      }
    }
    for entry in entries {
      try totals.add(entry)
      try byDType[entry.dtype.rawValue, default: Totals()].add(entry)
      try byGroup[Self.group(of: entry.name), default: Totals()].add(entry)
    }
  }

  /// The top-level dict a tensor is in, or the first module of its path.
  private static func group(of name: String) -> String {
    let separator: Character = name.contains("/") ? "/" : "."
    return name.split(separator: separator, maxSplits: 1).first.map(String.init) ?? name
  }

  var json: JSONValue {
    [
      "file": .text(file), "bytes": JSONValue(fileSize), "format": .text(format), "filter": filter.map(JSONValue.text) ?? .null,
      "tensors": .list(
        entries.map { entry in
          [
            "name": .text(entry.name), "dtype": .text(entry.dtype.rawValue), "shape": JSONValue(entry.shape),
            "bytes": JSONValue((try? entry.byteCount) ?? 0),
          ]
        }),
      "totals": totals.json, "by_dtype": .object(byDType.mapValues(\.json)), "by_group": .object(byGroup.mapValues(\.json)),
      "attributes": attributes, "networks": .list(candidates.map(\.json)),
    ]
  }
}

extension Inspection.Candidate {
  var json: JSONValue {
    guard let recognition else { return ["architecture": .text(architecture), "failure": failure.map(JSONValue.text) ?? .null] }
    return [
      "architecture": .text(architecture), "configuration": .object(recognition.configuration), "process": .object(recognition.process),
      "undetermined": .list(
        recognition.undetermined.map { argument in
          ["name": .text(argument.name), "doc": .text(argument.doc), "candidates": .list(argument.candidates)]
        }),
    ]
  }
}
