import DequeModule
import StageSchema

/// Pieces that may start: completions first, for they free what waits for their cell; then blocks, in the order in which
/// their cells became ready. One line for each group of cells, so that a group at its limit holds up no other.
///
/// - Complexity: taking the next one costs the number of groups.
struct ReadyPieces: Sendable {
  private struct Entry {
    let cell: Int
    /// Its place among all, to compare groups.
    let number: Int
    /// What was added of a cell before it was removed is passed over.
    let generation: Int
    /// Nil for a completion.
    var blocks: BlockSet?
  }

  private struct Line {
    var completions: Deque<Entry> = []
    var blocks: Deque<Entry> = []

    /// The one to take next, after those of cells that were removed have been dropped.
    mutating func head(_ generations: [Int: Int]) -> Entry? {
      while let first = completions.first, first.generation != generations[first.cell] ?? 0 { completions.removeFirst() }
      while let first = blocks.first, first.generation != generations[first.cell] ?? 0 { blocks.removeFirst() }
      return completions.first ?? blocks.first
    }
  }

  private var lines: [Line] = []
  private var running: [Int] = []
  private var added = 0
  private var generations: [Int: Int] = [:]
  /// How many pieces a cell has here.
  private var waiting: [Int: Int] = [:]
  /// Pieces in all.
  private(set) var count = 0

  mutating func addCompletion(of cell: Int, group: Int) { add(cell, group, nil, count: 1) }

  mutating func add(_ blocks: BlockSet, of cell: Int, group: Int) {
    if !blocks.isEmpty { add(cell, group, blocks, count: blocks.count) }
  }

  private mutating func add(_ cell: Int, _ group: Int, _ blocks: BlockSet?, count pieces: Int) {
    open(group)
    let entry = Entry(cell: cell, number: added, generation: generations[cell] ?? 0, blocks: blocks)
    if blocks == nil { lines[group].completions.append(entry) } else { lines[group].blocks.append(entry) }
    added += 1
    count += pieces
    waiting[cell, default: 0] += pieces
  }

  /// Takes out all that a cell has here.
  mutating func remove(_ cell: Int) {
    guard let left = waiting.removeValue(forKey: cell) else { return }
    count -= left
    generations[cell, default: 0] += 1
  }

  /// Takes the next piece of a group that is not at its limit; it counts as running.
  mutating func start(_ limits: [Int: Int]) -> (cell: Int, range: Range<Int>?)? {
    var best: (group: Int, entry: Entry)?
    for group in lines.indices where limits[group].map({ running[group] < $0 }) ?? true {
      guard let head = lines[group].head(generations) else { continue }
      if best.map({ Self.precedes(head, $0.entry) }) ?? true { best = (group, head) }
    }
    guard let (group, entry) = best else { return nil }
    running[group] += 1
    count -= 1
    waiting[entry.cell] = waiting[entry.cell].flatMap { $0 > 1 ? $0 - 1 : nil }
    guard var blocks = entry.blocks else {
      lines[group].completions.removeFirst()
      return (entry.cell, nil)
    }
    let range = blocks.popFirst()
    if blocks.isEmpty { lines[group].blocks.removeFirst() } else { lines[group].blocks[0].blocks = blocks }
    return (entry.cell, range)
  }

  /// A piece of a group has ended.
  mutating func end(group: Int) { if running.indices.contains(group), running[group] > 0 { running[group] -= 1 } }

  private static func precedes(_ one: Entry, _ other: Entry) -> Bool {
    if (one.blocks == nil) != (other.blocks == nil) { return one.blocks == nil }
    return one.number < other.number
  }

  private mutating func open(_ group: Int) {
    while lines.count <= group {
      lines.append(Line())
      running.append(0)
    }
  }
}
