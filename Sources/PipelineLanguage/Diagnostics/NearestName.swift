/// Finds the name somebody meant.
public enum NearestName {
  /// The candidate nearest to `name`, or nil when none is near enough to be a slip of the fingers.
  /// - Complexity: O(candidates * length^2).
  public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(name.lowercased().unicodeScalars)
    guard !written.isEmpty else { return nil }
    var best: (name: String, distance: Int, shared: Int)?
    for candidate in candidates where candidate != name {
      let known = Array(candidate.lowercased().unicodeScalars)
      let allowed = max(1, max(written.count, known.count) / 3)
      guard abs(written.count - known.count) <= allowed else { continue }
      let distance = distance(written, known)
      // A name of which nothing is left is another name.
      guard distance <= allowed, distance < max(written.count, known.count) else { continue }
      // Of two that are equally near, the one that begins alike: fingers rarely miss the beginning. An s comes and goes.
      let isPlural = written + ["s"] == known || known + ["s"] == written
      let shared = zip(written, known).prefix { $0 == $1 }.count + (isPlural ? 1 : 0)
      if best.map({ (distance, -shared) < ($0.distance, -$0.shared) }) ?? true { best = (candidate, distance, shared) }
    }
    return best?.name ?? extended(name, among: candidates)
  }

  /// The name of one or two letters that is left when all others are given: too short to be near to anything.
  static func left(for name: String, among candidates: [String]) -> String? {
    guard name.count <= 2, candidates.count == 1, let only = candidates.first, only.count <= 2 else { return nil }
    return only
  }

  /// The only candidate that begins or ends with the name, or with which the name begins or ends.
  private static func extended(_ name: String, among candidates: some Sequence<String>) -> String? {
    let related = candidates.filter { candidate in
      guard candidate != name, min(name.count, candidate.count) >= 3 else { return false }
      return candidate.hasPrefix(name) || candidate.hasSuffix(name) || name.hasPrefix(candidate) || name.hasSuffix(candidate)
    }
    return related.count == 1 ? related.first : nil
  }

  /// Edits that turn one text into the other: insert, delete, replace, or swap two neighbours (optimal string alignment).
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let replace = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var cost = min(replace, previous[column] + 1, current[column - 1] + 1)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          cost = min(cost, before[column - 2] + 1)
        }
        current.append(cost)
      }
      (before, previous) = (previous, current)
    }
    return previous[right.count]
  }

  /// "known: a, b, c" for a message, when the list is short enough to help.
  static func listing(_ names: some Collection<String>) -> String? {
    names.isEmpty || names.count > 12 ? nil : "known here: " + names.joined(separator: ", ")
  }
}
