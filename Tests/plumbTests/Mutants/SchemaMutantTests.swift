import PipelineLanguage
import SchemaChecking
import StageSchema
import Stages
import Testing

/// The schema editors use and the program agree on the shipped pipelines, and on what becomes of them.
@Suite struct SchemaMutantTests {
  private let validator = SchemaValidator(root: PipelineSchema.json(catalogue: StageTable.plumbline.descriptors))

  private func disagreement(_ text: String, _ file: ShippedPipeline) -> String? {
    let source = SourceText(name: "mutant", directory: file.directory, text: text)
    return SchemaAgreement(source, diagnostics: file.load(text).diagnostics, validator: validator)?.disagreement
  }

  @Test func theSchemaDescribesEverythingAndClosesItsObjects() {
    #expect(validator.gaps == [])
    #expect(validator.unknownKeywords == [])
  }

  @Test(arguments: ShippedPipeline.all) func aShippedPipelineIsTaken(_ file: ShippedPipeline) throws {
    #expect(try disagreement(file.text(), file) == nil)
  }

  /// Every key misspelt, and every value under a key put in the place of another kind of value.
  @Test(arguments: ShippedPipeline.all) func mutantsAreRefusedByBothOrByNone(_ file: ShippedPipeline) throws {
    let source = try file.source()
    var wrong: [String] = []
    var count = 0
    for entry in file.entries(of: try file.root()) {
      let key = entry.key.range
      var mutants = [(key, entry.key.value + "x")]
      let isFlow = entry.value.range.start.line == key.start.line
      if isFlow { for other in ["{a: 1}", "[1, [2]]", "true", "-3.5", "someword"] { mutants.append((entry.value.range, other)) } }
      for (range, new) in mutants {
        let bytes = source.bytes
        let text = String(decoding: bytes[..<range.start.byteOffset] + new.utf8 + bytes[range.end.byteOffset...], as: UTF8.self)
        count += 1
        if let disagreement = disagreement(text, file) { wrong.append("\(entry.key.value) -> \(new): \(disagreement)") }
      }
    }
    #expect(count > 50)
    #expect(wrong == [], "\(wrong.count) of \(count)")
  }
}
