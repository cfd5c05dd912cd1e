package import Basics

/// A parameter with several values, and what it decides.
package struct RecordedAxis: Sendable, Hashable {
  /// A field of a stage that takes its value from the axis.
  package struct Fill: Sendable, Hashable {
    /// The stage's name in the pipeline.
    package var stage: String
    /// `epsilon_scaling.b`: the field below `with`.
    package var field: String
    /// Where in the axis's value the field's value stands: `b` in `{k: 0, b: 1.02}`; empty for the value itself.
    package var source: String
    /// Whether the field is that value, and not a text or list made with it.
    package var isWhole: Bool
    package var meaning: FieldMeaning

    package init(stage: String, field: String, source: String, isWhole: Bool, meaning: FieldMeaning) {
      self.stage = stage
      self.field = field
      self.source = source
      self.isWhole = isWhole
      self.meaning = meaning
    }
  }

  package var name: String
  /// In the order of the stages and their fields.
  package var fills: [Fill]

  package init(name: String, fills: [Fill]) {
    self.name = name
    self.fills = fills
  }

  /// Whether its values are draws of the same experiment: it fills fields, and all of them are seeds or first indices.
  package var isReplicate: Bool { !fills.isEmpty && fills.allSatisfy { $0.meaning == .replicate } }

  private enum Key: String {
    case name, fields
    /// For people and other programs that read a record; follows from the fields.
    case replicate
  }

  private enum FillKey: String {
    case stage, field, source, whole, meaning
  }

  var json: JSONValue {
    JSONValue(fields: [
      Key.name: .text(name), .replicate: .bool(isReplicate),
      .fields: .list(
        fills.map { fill in
          JSONValue(fields: [
            FillKey.stage: .text(fill.stage), .field: .text(fill.field), .source: .text(fill.source), .whole: .bool(fill.isWhole),
            .meaning: .text(fill.meaning.rawValue),
          ])
        }),
    ])
  }

  init(json: JSONValue) throws {
    let fields = try Fields<Key>(json, of: "an axis of a record")
    name = try fields.text(.name)
    fills = try fields.list(.fields).map { item in
      let fill = try Fields<FillKey>(item, of: "a field of an axis")
      return Fill(
        stage: try fill.text(.stage), field: try fill.text(.field), source: try fill.optionalText(.source) ?? "",
        isWhole: try fill.optional(.whole, "true or false", \.bool) ?? true,
        meaning: try fill.required(.meaning, FieldMeaning.allCases.map(\.rawValue).joined(separator: ", ")) {
          $0.text.flatMap(FieldMeaning.init)
        })
    }
  }
}
