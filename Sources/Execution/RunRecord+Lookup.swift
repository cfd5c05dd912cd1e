package import ArtifactStore
import Basics
package import Planning
package import Results

extension RunRecord {
  /// A run of a store as `RunReference` names it, the newest when no name is given. Throws a `PlumbError` of kind `input` when
  /// there is none.
  package static func find(_ reference: String?, in store: ArtifactStore) throws -> RunRecord {
    let id = try RunReference.resolve(reference ?? RunReference.latest, in: store)
    guard let record = try store.record(of: id) else { throw PlumbError("the run has no record", kind: .input, at: id.text) }
    return record
  }

  /// Whether the run went on without cells that planning refused.
  package var leftOutCells: Bool { cells.contains { $0.state == .failed && $0.recipeKey == nil } }

  /// Throws, naming the cell, unless the plan is of the same computation.
  package func check(against plan: Plan) throws {
    let recipes = Dictionary(cells.map { ($0.name, $0.recipeKey) }, uniquingKeysWith: { first, _ in first })
    let now = Dictionary(plan.cells.map { ($0.cell.name, $0.recipeKey) }, uniquingKeysWith: { first, _ in first })
    for name in Set(recipes.keys).union(now.keys).sorted() where recipes[name] ?? nil != now[name] {
      throw PlumbError(
        "the pipeline is not that of run \(id) any more", kind: .input, at: name,
        expected: recipes[name].flatMap { $0 }.map { "recipe \($0.short)" } ?? "no such cell",
        found: now[name].map { "recipe \($0.short)" } ?? "no such cell")
    }
  }
}
