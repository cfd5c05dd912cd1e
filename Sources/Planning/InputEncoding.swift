public import Basics
import PipelineLanguage
import StageSchema

/// How a cell's inputs enter its keys: by port, in gathered order, with the gathered coordinates (they are data: a
/// table's rows carry them).
public enum InputEncoding {
  /// Nil as soon as `value` is nil for one of the sources.
  public static func canonical(_ cell: Cell, value: (CellSource) -> CanonicalValue?) -> CanonicalValue? {
    var ports: [String: CanonicalValue] = [:]
    for input in cell.inputs {
      var items: [CanonicalValue] = []
      for source in input.sources {
        guard let content = value(source) else { return nil }
        let coordinates = source.coordinates.map { CanonicalValue.list([.text($0.axis), $0.value.canonical]) }
        items.append(.record(["coordinates": .list(coordinates), "content": content]))
      }
      ports[input.port] = .list(items)
    }
    return .record(ports)
  }
}
