import Basics
import PipelineLanguage
import SchemaChecking
import StageSchema
import Testing

@Suite struct SchemaTests {
  private let validator = SchemaValidator(root: PipelineSchema.json(catalogue: TestCatalogue.all))

  private func json(_ text: String) throws -> JSONValue {
    try #require(TreeReader.read(SourceText(name: "t", directory: "/", text: text)).root).coreJSON
  }

  @Test func `the schema uses only keywords of draft-07 and every reference in it leads somewhere`() throws {
    #expect(validator.unknownKeywords == [])
    #expect(validator.gaps == [], "descriptions everywhere, and closed objects")
    #expect(validator.root["$schema"] == "http://json-schema.org/draft-07/schema#")
  }

  @Test(arguments: [TestPipelines.digits, TestPipelines.small])
  func `the schema accepts what the program accepts`(_ text: String) throws {
    #expect(validator.accepts(try json(text)))
  }

  @Test(
    arguments: WrongFile.all.filter { file in
      // What can be told without looking names up.
      let codes = ["P014", "P016", "P017", "P018", "P019", "P020", "P023", "P050", "P053", "P054", "P070", "P071", "P074", "P075", "P077"]
      return file.expected.allSatisfy { codes.contains(String($0.prefix(4))) } && !file.inParameters
    })
  func `the schema refuses what has the wrong shape`(_ file: WrongFile) throws {
    #expect(!validator.accepts(try json(file.marked.text)))
  }

  @Test func `every field has a description and its default`() throws {
    let sample = try #require(validator.root["definitions"]?["stage:sample"]?["properties"]?["with"])
    #expect(sample["additionalProperties"] == false)
    for field in TestCatalogue.sample.parameters {
      let schema = try #require(sample["properties"]?[field.name])
      #expect(schema["description"]?.text?.hasPrefix(field.doc) == true)
      #expect(schema["default"] == field.defaultValue?.json)
    }
  }
}

extension WrongFile {
  /// Mistakes inside of parameters, which have no type before they are used.
  fileprivate var inParameters: Bool { edits.contains { $0.0.hasPrefix("{k: 0.004") || $0.0.hasPrefix("{sweep") } }
}
