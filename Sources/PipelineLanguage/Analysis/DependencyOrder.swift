/// An order in which everything comes after what it depends on, and the circles that make one impossible.
struct DependencyOrder {
  /// Depth first in the order of the text, so that a text in a possible order keeps it.
  private(set) var order: [Int] = []
  /// Each circle as the path that leads back to its first element.
  private(set) var cycles: [[Int]] = []
  /// What stands in a circle or depends on something that does.
  private(set) var blocked: Set<Int> = []

  init(_ dependencies: [[Int]]) {
    var isOnPath = Array(repeating: false, count: dependencies.count)
    var isDone = isOnPath
    for root in dependencies.indices where !isDone[root] {
      // An explicit stack: a chain of a hundred thousand must not end the process.
      var path: [(node: Int, next: Int)] = [(root, 0)]
      isOnPath[root] = true
      while let (node, next) = path.last {
        guard next < dependencies[node].count else {
          path.removeLast()
          isOnPath[node] = false
          isDone[node] = true
          order.append(node)
          if dependencies[node].contains(where: blocked.contains) { blocked.insert(node) }
          continue
        }
        path[path.count - 1].next += 1
        let dependency = dependencies[node][next]
        if isOnPath[dependency] {
          let start = path.firstIndex { $0.node == dependency } ?? 0
          let cycle = path[start...].map(\.node)
          cycles.append(cycle)
          blocked.formUnion(cycle)
        } else if !isDone[dependency] {
          isOnPath[dependency] = true
          path.append((dependency, 0))
        }
      }
    }
  }
}
