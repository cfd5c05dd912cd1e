import Basics
import PipelineLanguage
import Testing

/// The arguments of a network's constructor, which only the network knows: they are checked when the shipped job is planned,
/// with its file or, as in the paper's pipelines, without.
@Suite struct ConfigurationMutantTests {
  static let files = [
    "Pipelines/digits-es.plumb.yaml", "Pipelines/paper/adm-cifar10.plumb.yaml", "Pipelines/paper/adm-guided-imagenet128.plumb.yaml",
    "Pipelines/paper/dit-imagenet256.plumb.yaml", "Pipelines/paper/ldm-celeba256.plumb.yaml",
  ]

  /// A pipeline with its files named from anywhere, the arguments in it, and what is said of it as it is.
  private struct Job {
    let source: SourceText
    let arguments: [YAMLEntry]
    let parameters: [YAMLEntry]
    let folder: Program.Folder
    let usual: [JSONValue]

    init(_ path: String) throws {
      let file = ShippedPipeline(path: path)
      let text = try file.text().replacing("file: digits/", with: "file: \(Program.repository)/Pipelines/digits/")
      source = SourceText(name: "job", directory: "/", text: text)
      let root = try #require(TreeReader.read(source).root)
      let entries = file.entries(of: root)
      arguments = entries.filter { $0.key.value == "config" }.flatMap { $0.value.mapping ?? [] }
      parameters = entries.first { $0.key.value == "params" }?.value.mapping ?? []
      folder = try Program.Folder()
      usual = try Self.notes(text, in: folder).notes
    }

    private static func notes(_ text: String, in folder: Program.Folder) throws -> (notes: [JSONValue], ending: Program.Ending) {
      let path = try folder.write(text, to: "mutant.plumb.yaml")
      let ending = try Program.run(["check", path, "--format", "json"], in: folder.path)
      return (try #require(JSONValue(parsing: Array(ending.output.utf8)).list), ending)
    }

    /// Whether a number is an argument in place, or a parameter that nothing but arguments takes.
    func isOnlyArgument(_ number: YAMLNode) -> Bool {
      guard let name = parameters.first(where: { $0.value.range == number.range })?.key.value else { return true }
      let text = String(decoding: source.bytes, as: UTF8.self)
      let mentions = text.components(separatedBy: "$" + name).dropFirst().filter { !($0.first?.isLetter ?? false) && $0.first != "_" }
      return mentions.count == arguments.filter { $0.value.scalar?.text == "$" + name }.count
    }

    /// The only further message when some bytes are replaced.
    func note(replacing range: SourceRange, by new: String) throws -> JSONValue {
      let bytes = source.bytes[..<range.start.byteOffset] + Array(new.utf8) + source.bytes[range.end.byteOffset...]
      let (all, ending) = try Self.notes(String(decoding: bytes, as: UTF8.self), in: folder)
      #expect(ending.status == 2, "\(new): \(ending.output)\(ending.errors)")
      let lines = usual.map { [$0["line"], $0["code"]] }
      let notes = all.filter { !lines.contains([$0["line"], $0["code"]]) }
      #expect(notes.count == 1, "\(new): \(ending.output)")
      let note = try #require(notes.first)
      #expect(note["code"]?.text == DiagnosticCode.wrongConfiguration.description, "\(new): \(ending.output)")
      #expect(note["line"]?.integer == range.start.line, "\(new): \(ending.output)")
      #expect(note["column"]?.integer == range.start.column, "\(new): \(ending.output)")
      return note
    }
  }

  @Test(arguments: files) func `a misspelt argument is found at its key and the right one is suggested`(_ path: String) throws {
    let job = try Job(path)
    #expect(!job.arguments.isEmpty)
    for (turn, argument) in job.arguments.enumerated() {
      let name = argument.key.value
      for slip in Misspelling.all(of: name, turn: turn + 2).prefix(4) {
        #expect(try job.note(replacing: argument.key.range, by: slip)["suggestion"]?.text == name, "\(slip)")
      }
    }
  }

  @Test(arguments: files) func `a text for a number is found at the number, also in a list or a parameter`(_ path: String) throws {
    let job = try Job(path)
    let values = job.arguments.flatMap { $0.value.sequence ?? [$0.value] }
    let named = job.parameters.filter { entry in values.contains { $0.scalar?.text == "$" + entry.key.value } }
    for number in values + named.map(\.value)
    where number.scalar.map({ CoreSchema.number($0.text) != nil }) ?? false {
      // A parameter that other fields take as well is their mistake too, told there first.
      guard job.isOnlyArgument(number) else { continue }
      _ = try job.note(replacing: number.range, by: "20x")
    }
  }

  @Test func `all that is wrong with the arguments is said at once`() throws {
    let job = try Job("Pipelines/paper/adm-guided-imagenet128.plumb.yaml")
    let text = String(decoding: job.source.bytes, as: UTF8.self)
      .replacing("num_heads: $heads", with: "num_hads: $heads").replacing(
        "use_new_attention_order: false}", with: "use_new_attention_order: 7}")
    let path = try job.folder.write(text, to: "two.plumb.yaml")
    let output = try Program.run(["check", path], in: job.folder.path).errors
    #expect(output.contains("did you mean 'num_heads'?"), "\(output)")
    #expect(output.matches(of: /use_new_attention_order: wrong value/).count == 2, "\(output)")
    #expect(output.matches(of: /there is no such file/).count == 3, "\(output)")
  }
}
