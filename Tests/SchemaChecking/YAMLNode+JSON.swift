import Basics
import PipelineLanguage
import StageSchema

extension YAMLNode {
  /// The values by the core schema, as JSON and an editor's schema check see them.
  public var coreJSON: JSONValue {
    switch content {
    case .scalar(let scalar): CoreSchema.value(scalar.text, isPlain: scalar.isPlain).json
    case .sequence(let items): .list(items.map(\.coreJSON))
    case .mapping(let entries): .object(Dictionary(entries.map { ($0.key.value, $0.value.coreJSON) }, uniquingKeysWith: { $1 }))
    }
  }
}
