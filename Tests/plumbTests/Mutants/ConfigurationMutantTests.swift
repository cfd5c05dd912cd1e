import Basics
import PipelineLanguage
import Testing

/// The arguments of a network's constructor, which only the network knows: they are checked when the shipped job is planned.
@Suite struct ConfigurationMutantTests {
  private static let file = ShippedPipeline(path: "Pipelines/digits-es.plumb.yaml")

  /// The shipped job with its files named from anywhere, and the arguments in it.
  private static func job() throws -> (source: SourceText, arguments: [YAMLEntry]) {
    let text = try file.text().replacing("file: digits/", with: "file: \(Program.repository)/Pipelines/digits/")
    let source = SourceText(name: "job", directory: "/", text: text)
    let root = try #require(TreeReader.read(source).root)
    let configuration = try #require(file.entries(of: root).first { $0.key.value == "config" }?.value.mapping)
    return (source, configuration)
  }

  /// The only message about the job with some bytes of it replaced.
  private func message(_ source: SourceText, replacing range: SourceRange, by new: String, in folder: Program.Folder) throws -> JSONValue {
    let bytes = source.bytes[..<range.start.byteOffset] + Array(new.utf8) + source.bytes[range.end.byteOffset...]
    let path = try folder.write(String(decoding: bytes, as: UTF8.self), to: "mutant.plumb.yaml")
    let ending = try Program.run(["check", path, "--format", "json"], in: folder.path)
    #expect(ending.status == 2, "\(new): \(ending.output)\(ending.errors)")
    let notes = try #require(JSONValue(parsing: Array(ending.output.utf8)).list)
    #expect(notes.count == 1, "\(new): \(ending.output)")
    let note = try #require(notes.first)
    #expect(note["code"]?.text == DiagnosticCode.wrongConfiguration.description, "\(new): \(ending.output)")
    #expect(note["line"]?.integer == range.start.line, "\(new): \(ending.output)")
    #expect(note["column"]?.integer == range.start.column, "\(new): \(ending.output)")
    return note
  }

  @Test func `a misspelt argument is found at its key and the right one is suggested`() throws {
    let (source, arguments) = try Self.job()
    let folder = try Program.Folder()
    for (turn, argument) in arguments.enumerated() {
      let name = argument.key.value
      for slip in Misspelling.all(of: name, turn: turn + 2).prefix(4) {
        let note = try message(source, replacing: argument.key.range, by: slip, in: folder)
        #expect(note["suggestion"]?.text == name, "\(slip)")
      }
    }
  }

  @Test func `a text for a number is found at the number, also in a list`() throws {
    let (source, arguments) = try Self.job()
    let folder = try Program.Folder()
    for number in arguments.flatMap({ $0.value.sequence ?? [$0.value] })
    where number.scalar.map({ CoreSchema.number($0.text) != nil }) ?? false {
      _ = try message(source, replacing: number.range, by: "20x", in: folder)
    }
  }
}
