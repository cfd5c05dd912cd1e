import Basics
import Foundation

/// What was asked, as run records keep it, so that a run can be asked for again.
extension Workspace.Request {
  /// Paths are absolute; the store is where the record lies.
  public var json: JSONValue {
    func absolute(_ path: String) -> JSONValue { .text(URL(fileURLWithPath: path).standardizedFileURL.path) }
    return [
      "file": absolute(file), "set": .list(overrides.map(JSONValue.text)), "params": .list(parameterFiles.map(absolute)),
      "cells": .list(cells.map(JSONValue.text)),
    ]
  }

  /// The request a record holds, on a store. `file` stands in for a pipeline that lies elsewhere now. Throws when the record
  /// is of a version that kept no request.
  public init(record: JSONValue, file: String? = nil, store: String, lanes: Int?) throws {
    let request = record["pipeline"]?["request"]
    guard let recorded = file ?? request?["file"]?.text else {
      throw PlumbError("the record of the run does not say what was asked", kind: .input, expected: "the pipeline file as an argument")
    }
    func texts(_ key: String) -> [String] { request?[key]?.list?.compactMap(\.text) ?? [] }
    self.init(file: recorded, overrides: texts("set"), parameterFiles: texts("params"), cells: texts("cells"), store: store, lanes: lanes)
  }
}
