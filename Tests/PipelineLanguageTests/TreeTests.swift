import Foundation
import PipelineLanguage
import Testing

@Suite struct TreeTests {
  private func read(_ text: String) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
    TreeReader.read(SourceText(name: "t", directory: "/", text: text))
  }

  private func place(_ range: SourceRange) -> String {
    "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
  }

  @Test func `every key and scalar has its place`() throws {
    let root = try #require(read("a: one\nlong key:  'two'\nc:\n  - x\n  - {y: z}\n").root)
    let entries = try #require(root.mapping)
    #expect(entries.map { place($0.key.range) } == ["1:1-1:2", "2:1-2:9", "3:1-3:2"])
    #expect(entries.map { place($0.value.range) } == ["1:4-1:7", "2:12-2:17", "4:3-5:11"])
    let items = try #require(entries[2].value.sequence)
    #expect(items.map { place($0.range) } == ["4:5-4:6", "5:5-5:11"])
  }

  @Test func `columns count characters, byte columns count bytes`() throws {
    let root = try #require(read("é: {ключ: 𝛼β, x: 1}\n").root)
    let inner = try #require(root.mapping?.first?.value.mapping)
    #expect(inner.map(\.key.range.start.column) == [5, 15])
    #expect(inner.map(\.key.range.start.byteColumn) == [6, 24])
    #expect(inner[0].value.range.text == "𝛼β")
    #expect(inner[1].value.range.text == "1")
  }

  @Test func `a byte order mark and carriage returns move nothing`() throws {
    let root = try #require(read("\u{FEFF}a: 1\r\nb: 2\r\n").root)
    #expect(root.mapping?.map { place($0.value.range) } == ["1:4-1:5", "2:4-2:5"])
  }

  @Test func `an absent value stands where its key does`() throws {
    let root = try #require(read("a:\nb: null\n").root)
    #expect(root.mapping?.map { place($0.value.range) } == ["1:1-1:2", "2:4-2:8"])
    #expect(root.mapping?.map(\.value.isNull) == [true, true])
  }

  @Test func `styles and tags decide what is plain`() throws {
    let root = try #require(read("[a, 'a', \"a\", !!str 1, !!int 1]").root)
    #expect(root.sequence?.compactMap(\.scalar?.isPlain) == [true, false, false, false, true])
  }

  @Test func `aliases expand within a budget`() {
    var text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(read(text).diagnostics.map(\.code) == [.limit])
  }

  @Test func `a long text counts towards the budget of aliases`() {
    let aliases = Array(repeating: "*a", count: 1000).joined(separator: ", ")
    #expect(read("a: &a \(String(repeating: "x", count: 100_000))\nb: [\(aliases)]\n").diagnostics.map(\.code) == [.limit])
    #expect(read("a: &a x\nb: [\(aliases)]\n").diagnostics.isEmpty)
  }

  @Test(arguments: ["[", "{", "{a: ", "[\n", "- ", "? "])
  func `depth is limited`(_ opener: String) {
    #expect(read(String(repeating: opener, count: 500)).diagnostics.count == 1)
    let (root, diagnostics) = read(String(repeating: opener, count: 100_000))
    #expect(root == nil && diagnostics.count == 1, "\(diagnostics.rendered(as: .text))")
  }

  @Test func `a closed nest deeper than the limit says so at the bracket that is too deep`() throws {
    let note = try #require(read(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).diagnostics.first)
    #expect(note.code == .limit)
    #expect(note.range.start.column == TreeReader.Limits().depth + 1)
  }

  @Test func `a file beyond the limit is refused before it is read whole`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/plumb-large-\(UUID().uuidString).yaml"
    #expect(FileManager.default.createFile(atPath: path, contents: Data("a: b\n".utf8)))
    defer { try? FileManager.default.removeItem(atPath: path) }
    // A hole: 100 MB that take no room on the disk.
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 100_000_000)
    try file.close()
    #expect(Pipeline.load(path: path, catalogue: []).diagnostics.map(\.code) == [.limit])
    #expect(Pipeline.load(path: "/dev/zero", catalogue: []).diagnostics.map(\.code) == [.limit])
    #expect(Pipeline.load(path: "/tmp", catalogue: []).diagnostics.map(\.code) == [.unreadableFile])
  }

  @Test func `a text of many values is refused at the first too many`() {
    #expect(read("[" + String(repeating: "a,", count: 500_000) + "]").diagnostics.map(\.code) == [.limit])
  }

  @Test(arguments: [[0x61, 0x3A, 0x20, 0xFF], [0x61, 0x00], [0x61, 0x3A, 0x20, 0x07]] as [[UInt8]])
  func `bytes that are no text are refused`(_ bytes: [UInt8]) {
    let (root, diagnostics) = TreeReader.read(SourceText(name: "t", directory: "/", bytes: bytes))
    #expect(root == nil)
    #expect(diagnostics.map(\.code) == [.badCharacters])
  }

  @Test(arguments: [
    ("", "P008"), ("# only a comment\n", "P008"), ("plumb: 1\nname: a\nstages: [a]\n", "P016"), ("plumb: 1\nname: a\nstages: {}\n", "P077"),
    ("plumb: 1\nname: a\nstages:\n", "P016"), ("- a\n", "P016"), ("{}", "P017"),
  ])
  func `files without stages are one message each`(_ text: String, _ codes: String) {
    #expect(TestPipelines.load(text).diagnostics.map(\.code.description).joined(separator: " ") == codes)
  }
}
