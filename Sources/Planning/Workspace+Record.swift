package import Basics
import Foundation
package import Results

/// What was asked, as run records keep it, so that a run can be asked for again.
extension Workspace.Request {
  /// Of all that was asked.
  package var digest: Digest { Digest(of: recorded.json.encoded()) }

  /// Paths are absolute; the store is where the record lies.
  package var recorded: RunRequest {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    return RunRequest(file: absolute(file), overrides: overrides, parameterFiles: parameterFiles.map(absolute), cells: cells)
  }

  /// The request a record holds, on a store. `file` stands in for a pipeline that lies elsewhere now. Throws when the record
  /// is of a version that kept no request.
  package init(record: RunRecord, file: String? = nil, store: String, lanes: Int?) throws {
    let request = record.pipeline.request
    guard let recorded = file ?? request?.file else {
      throw PlumbError("the record of the run does not say what was asked", kind: .input, expected: "the pipeline file as an argument")
    }
    self.init(
      file: recorded, overrides: request?.overrides ?? [], parameterFiles: request?.parameterFiles ?? [], cells: request?.cells ?? [],
      store: store, lanes: lanes)
  }

  /// What was asked, to be asked for again on a store.
  package init(_ request: RunRequest, store: String, lanes: Int?) {
    self.init(
      file: request.file, overrides: request.overrides, parameterFiles: request.parameterFiles, cells: request.cells, store: store,
      lanes: lanes)
  }
}
