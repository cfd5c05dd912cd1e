package import Basics
import PipelineLanguage
package import Results
import StageSchema

extension Pipeline {
  /// Every axis with the fields that take their values from it, down to the leaves of the stages' schemas, as run records keep it.
  package var recordedAxes: [RecordedAxis] {
    var axes = axes.map { RecordedAxis(name: $0.name, fills: []) }
    for stage in stages {
      for template in stage.fields {
        for fill in template.fills where axes.indices.contains(fill.axis) {
          axes[fill.axis].fills += Self.leaves(of: template.field, fill).map { leaf in
            RecordedAxis.Fill(
              stage: stage.name, field: leaf.path, source: leaf.source, isWhole: fill.isWhole, meaning: leaf.field.meaning)
          }
        }
      }
    }
    return axes
  }

  /// What the fields of every stage are about, by path, where that is more than a setting.
  package var recordedMeanings: [String: [String: FieldMeaning]] {
    stages.reduce(into: [:]) { meanings, stage in
      let leaves = stage.descriptor.parameters.flatMap { Self.leaves(of: ($0, $0.name, "")) }
      let own = leaves.filter { $0.field.meaning != .setting }.map { ($0.path, $0.field.meaning) }
      if !own.isEmpty { meanings[stage.name] = Dictionary(own, uniquingKeysWith: { first, _ in first }) }
    }
  }

  private typealias Leaf = (field: ParameterField, path: String, source: String)

  /// The field that a fill names; its own fields, where it is filled as a whole and has some.
  private static func leaves(of field: ParameterField, _ fill: AxisFill) -> [Leaf] {
    var found: Leaf = (field, field.name, fill.source)
    for name in fill.path.split(separator: ".") {
      guard case .record(let fields) = found.field.type, let inner = fields.first(where: { $0.name == name }) else { return [found] }
      found = (inner, "\(found.path).\(name)", fill.source)
    }
    return fill.isWhole ? leaves(of: found) : [found]
  }

  private static func leaves(of leaf: Leaf) -> [Leaf] {
    guard case .record(let fields) = leaf.field.type, !fields.isEmpty else { return [leaf] }
    return fields.flatMap { field in
      leaves(of: (field, "\(leaf.path).\(field.name)", leaf.source.isEmpty ? field.name : "\(leaf.source).\(field.name)"))
    }
  }
}
