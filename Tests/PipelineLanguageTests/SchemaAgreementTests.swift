import PipelineLanguage
import SchemaChecking
import Testing

/// Schema and program accept and refuse the same corpus.
@Suite struct SchemaAgreementTests {
  private let validator = SchemaValidator(root: PipelineSchema.json(catalogue: TestCatalogue.all))

  @Test(arguments: Mistake.all)
  func `a mistake the schema can see is refused by both`(_ mistake: Mistake) throws {
    let (source, diagnostics) = try mistake.judged()
    guard let agreement = SchemaAgreement(source, diagnostics: diagnostics, validator: validator) else { return }
    #expect(agreement.disagreement == nil)
  }

  @Test(arguments: WrongFile.all)
  func `a wrong file is refused by both`(_ file: WrongFile) throws {
    let text = file.marked.text
    let source = SourceText(name: "t", directory: "/data", text: text)
    guard let agreement = SchemaAgreement(source, diagnostics: TestPipelines.load(text).diagnostics, validator: validator) else { return }
    #expect(agreement.disagreement == nil)
  }

  @Test(arguments: [TestPipelines.digits, TestPipelines.small])
  func `a good file is taken by both`(_ text: String) throws {
    let source = SourceText(name: "t", directory: "/data", text: text)
    let agreement = try #require(SchemaAgreement(source, diagnostics: TestPipelines.load(text).diagnostics, validator: validator))
    #expect(agreement.schemaAccepts && agreement.diagnostics.isEmpty)
  }

  @Test func `a fair part of the corpus is what a schema can see`() throws {
    let visible = try Mistake.all.filter { mistake in
      let (source, diagnostics) = try mistake.judged()
      return SchemaAgreement(source, diagnostics: diagnostics, validator: validator).map { !$0.visible.isEmpty } ?? false
    }
    #expect(visible.count >= 40, "only \(visible.count)")
  }
}
