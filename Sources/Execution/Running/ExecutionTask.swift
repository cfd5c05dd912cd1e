package import ArtifactStore
package import Basics

/// A piece of work as a value that can be written down and handed to another process: with what was asked, a store and this,
/// whoever has the same program computes the same bytes.
package struct ExecutionTask: Sendable, Hashable {
  /// Of what was asked, as `Workspace.Request` digests it.
  package let request: Digest
  /// The name of the cell.
  package let cell: String
  /// The samples of a block; nil for the completion of a cell.
  package let range: Range<Int>?
  /// The key of the cell's result, and those of the results that flow in, in the order of the cell's inputs.
  package let key: Digest
  package let sources: [Digest]
  /// Contents of files outside of the store that the key holds.
  package let files: [String: Digest]
  /// Whether it is computed although it is in the store.
  package let isForced: Bool

  package init(
    request: Digest, cell: String, range: Range<Int>?, key: Digest, sources: [Digest], files: [String: Digest], isForced: Bool = false
  ) {
    (self.request, self.cell, self.range, self.key) = (request, cell, range, key)
    (self.sources, self.files, self.isForced) = (sources, files, isForced)
  }
}

extension ExecutionTask {
  package var json: JSONValue {
    [
      "request": .text(request.hex), "cell": .text(cell),
      "range": range.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? .null,
      "key": .text(key.hex), "sources": .list(sources.map { .text($0.hex) }), "files": .object(files.mapValues { .text($0.hex) }),
      "forced": .bool(isForced),
    ]
  }

  package init(json: JSONValue) throws {
    func digest(_ value: JSONValue?) throws -> Digest {
      guard let digest = value?.text.flatMap({ Digest(hex: $0) }) else { throw Self.unreadable(json) }
      return digest
    }
    guard let cell = json["cell"]?.text, let sources = json["sources"]?.list, let files = json["files"]?.object else {
      throw Self.unreadable(json)
    }
    var range: Range<Int>?
    if let bounds = json["range"]?.list {
      guard bounds.count == 2, let lower = bounds[0].integer, let upper = bounds[1].integer, 0 <= lower, lower < upper else {
        throw Self.unreadable(json)
      }
      range = lower..<upper
    }
    self.init(
      request: try digest(json["request"]), cell: cell, range: range, key: try digest(json["key"]),
      sources: try sources.map { try digest($0) },
      files: try files.mapValues { try digest($0) }, isForced: json["forced"]?.bool ?? false)
  }

  private static func unreadable(_ json: JSONValue) -> PlumbError {
    PlumbError(
      "this is no task", kind: .input, expected: "an object with request, cell, range, key, sources and files",
      found: String(decoding: json.encoded(), as: UTF8.self).printable(limit: 200))
  }
}

extension Verdict {
  package var json: JSONValue {
    switch self {
    case .block(let isComputed, let note): ["verdict": "block", "computed": .bool(isComputed), "note": note.map { .text($0) } ?? .null]
    case .result(_, let isComputed, let note):
      ["verdict": "result", "computed": .bool(isComputed), "note": note.map { .text($0) } ?? .null]
    case .failed(let error):
      [
        "verdict": "failed", "kind": .text(error.kind.name), "message": .text(error.message),
        "place": error.place.map { .text($0) } ?? .null,
        "expected": error.expected.map { .text($0) } ?? .null, "found": error.found.map { .text($0) } ?? .null,
      ]
    case .lost: ["verdict": "lost"]
    }
  }

  /// - Parameter result: looks up the result of the task, which is in the store and not in the text.
  package init(json: JSONValue, result: () throws -> ResultManifest?) throws {
    let note = json["note"]?.text
    switch (json["verdict"]?.text, json["computed"]?.bool) {
    case ("block", let isComputed?): self = .block(isComputed: isComputed, note: note)
    case ("result", let isComputed?):
      guard let result = try result() else { throw PlumbError("a task that has ended left no result in the store") }
      self = .result(result, isComputed: isComputed, note: note)
    case ("failed", _):
      self = .failed(
        PlumbError(
          json["message"]?.text ?? "failed", kind: PlumbError.Kind(name: json["kind"]?.text ?? "failure"), at: json["place"]?.text,
          expected: json["expected"]?.text, found: json["found"]?.text))
    case ("lost", _): self = .lost
    default:
      throw PlumbError("this is no verdict on a task", found: String(decoding: json.encoded(), as: UTF8.self).printable(limit: 200))
    }
  }
}
