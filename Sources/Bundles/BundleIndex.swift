import Basics

/// What a bundle holds: written first, checked against every byte that is read.
struct BundleIndex: Sendable, Hashable {
  static let format = 1
  static let name = "bundle.json"

  /// A result of the run: its key, and the digest of its manifest as a file.
  struct Result: Sendable, Hashable {
    let semantic: Digest
    let profile: Digest
    let sha256: Digest
  }

  let run: RunID
  /// The pipeline among `files`.
  let pipeline: String
  /// Parameter files among `files`, in the order in which they are laid over the pipeline.
  let parameterFiles: [String]
  /// Files a referee needs, by path below the folder the bundle is unpacked to.
  let files: [String: Digest]
  /// Outside files that are not in the bundle: where the run found them, and what they were.
  let absent: [String: Digest]
  let objects: [Digest]
  let results: [Result]

  static func member(file path: String) -> String { "files/" + path }
  static func member(object digest: Digest) -> String { "objects/" + digest.hex }
  static func member(result: Result) -> String { "results/\(result.semantic.hex)/\(result.profile.hex)" }
  static let record = "run.json"

  var json: JSONValue {
    [
      "format": JSONValue(Self.format), "run": .text(run.text), "pipeline": .text(pipeline),
      "params": .list(parameterFiles.map(JSONValue.text)), "files": .object(files.mapValues { .text($0.hex) }),
      "absent": .object(absent.mapValues { .text($0.hex) }), "objects": .list(objects.map { .text($0.hex) }),
      "results": .list(results.map { .list([.text($0.semantic.hex), .text($0.profile.hex), .text($0.sha256.hex)]) }),
    ]
  }

  init(
    run: RunID, pipeline: String, parameterFiles: [String], files: [String: Digest], absent: [String: Digest], objects: [Digest],
    results: [Result]
  ) {
    (self.run, self.pipeline, self.parameterFiles) = (run, pipeline, parameterFiles)
    (self.files, self.absent, self.objects, self.results) = (files, absent, objects, results)
  }

  init(json: JSONValue) throws {
    guard json["format"] == JSONValue(Self.format) else {
      throw PlumbError("a bundle of another format", kind: .input, expected: "format \(Self.format)")
    }
    func digest(_ value: JSONValue?) throws -> Digest {
      guard let digest = value?.text.flatMap({ Digest(hex: $0) }) else {
        throw PlumbError("the index of the bundle is damaged", kind: .input)
      }
      return digest
    }
    func digests(_ key: String) throws -> [String: Digest] {
      guard case .object(let fields)? = json[key] else { throw PlumbError("the index of the bundle is damaged", kind: .input, at: key) }
      return try fields.mapValues { try digest($0) }
    }
    guard let run = json["run"]?.text, let pipeline = json["pipeline"]?.text, let params = json["params"]?.list,
      let objects = json["objects"]?.list, let results = json["results"]?.list
    else { throw PlumbError("the index of the bundle is damaged", kind: .input) }
    self.run = try RunID(checking: run)
    self.pipeline = pipeline
    parameterFiles = params.compactMap(\.text)
    files = try digests("files")
    absent = try digests("absent")
    self.objects = try objects.map { try digest($0) }
    self.results = try results.map { result in
      guard let parts = result.list, parts.count == 3 else { throw PlumbError("the index of the bundle is damaged", kind: .input) }
      return Result(semantic: try digest(parts[0]), profile: try digest(parts[1]), sha256: try digest(parts[2]))
    }
  }
}
