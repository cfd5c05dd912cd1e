import ArtifactStore
import Basics
import Planning

extension RunRecord {
  /// A run of a store, the newest when no name is given. Throws a `PlumbError` of kind `input` when there is none.
  public static func find(_ id: String?, in store: ArtifactStore) throws -> RunRecord {
    if let id {
      if let record = try store.runRecord(id) { return RunRecord(json: record) }
    } else if let newest = store.runs(newest: 1).first {
      return RunRecord(json: newest)
    }
    let newest = store.runs(newest: 1).first?["id"]?.text
    throw PlumbError(
      id.map { "there is no run \($0)" } ?? "there is no run yet", kind: .input, at: store.root, found: newest.map { "newest run \($0)" })
  }

  /// Throws, naming the cell, unless the plan is of the same computation.
  public func check(against plan: Plan) throws {
    let recipes = Dictionary(cells.map { ($0["name"]?.text ?? "", $0["recipe"]?.text) }, uniquingKeysWith: { first, _ in first })
    let now = Dictionary(plan.cells.map { ($0.cell.name, $0.recipeKey.hex) }, uniquingKeysWith: { first, _ in first })
    for name in Set(recipes.keys).union(now.keys).sorted() where recipes[name] ?? nil != now[name] {
      throw PlumbError(
        "the pipeline is not that of run \(id) any more", kind: .input, at: name,
        expected: recipes[name].flatMap { $0 }.map { "recipe \($0.prefix(12))" } ?? "no such cell",
        found: now[name].map { "recipe \($0.prefix(12))" } ?? "no such cell")
    }
  }
}
