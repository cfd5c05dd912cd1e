package import Basics

/// The pipeline of a run, as it was then.
package struct RecordedPipeline: Sendable, Hashable {
  /// The file as it was named.
  package var path: String
  package var name: String
  package var about: String
  /// The file, word for word.
  package var text: String
  /// SHA-256 of the text.
  package var digest: Digest?
  /// Resolved values by parameter name; a list for one with several.
  package var parameters: [String: JSONValue]
  /// nil when the version that made the record kept none.
  package var request: RunRequest?

  package init(path: String, name: String, about: String, text: String, parameters: [String: JSONValue], request: RunRequest) {
    self.path = path
    self.name = name
    self.about = about
    self.text = text
    digest = Digest(of: text)
    self.parameters = parameters
    self.request = request
  }

  private enum Key: String {
    case path, name, about, text, digest, parameters, request
  }

  var json: JSONValue {
    var fields: [Key: JSONValue] = [
      .path: .text(path), .name: .text(name), .about: .text(about), .text: .text(text), .parameters: .object(parameters),
    ]
    fields[.digest] = digest.map { .text($0.hex) }
    fields[.request] = request?.json
    return JSONValue(fields: fields)
  }

  init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "the pipeline of a record")
    path = try fields.optionalText(.path) ?? ""
    name = try fields.optionalText(.name) ?? "?"
    about = try fields.optionalText(.about) ?? ""
    text = try fields.optionalText(.text) ?? ""
    digest = try fields.optionalDigest(.digest)
    parameters = try fields.optionalObject(.parameters) ?? [:]
    request = try fields[.request].map { try RunRequest(json: $0) }
  }
}

/// What was asked, so that it can be asked for again. Paths are absolute; the store is where the record lies.
package struct RunRequest: Sendable, Hashable {
  package var file: String
  /// `NAME=VALUE[,VALUE…]`, as given to `--set`.
  package var overrides: [String]
  /// The files given to `--params`.
  package var parameterFiles: [String]
  /// Cells asked for; empty for the pipeline's default.
  package var cells: [String]

  package init(file: String, overrides: [String], parameterFiles: [String], cells: [String]) {
    self.file = file
    self.overrides = overrides
    self.parameterFiles = parameterFiles
    self.cells = cells
  }

  private enum Key: String {
    case file, cells
    case overrides = "set"
    case parameterFiles = "params"
  }

  package var json: JSONValue {
    JSONValue(fields: [
      Key.file: .text(file), .overrides: .list(overrides.map(JSONValue.text)), .parameterFiles: .list(parameterFiles.map(JSONValue.text)),
      .cells: .list(cells.map(JSONValue.text)),
    ])
  }

  package init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "the request of a record")
    file = try fields.text(.file)
    overrides = try fields.texts(.overrides)
    parameterFiles = try fields.texts(.parameterFiles)
    cells = try fields.texts(.cells)
  }
}
