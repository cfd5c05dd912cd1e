import PipelineLanguage
import Testing

@Suite struct MistakeTests {
  @Test(arguments: Mistake.all)
  func `a mistake gets the message that leads to the fix`(_ mistake: Mistake) throws {
    let loaded = try mistake.load()
    let found = loaded.diagnostics.map { $0.rendered + "\n" }.joined(separator: "\n")
    #expect(loaded.pipeline == nil, "\(mistake.name) is no mistake")
    if Mistake.isRefresh { try mistake.write(found) }
    #expect(try found == mistake.expected())
  }

  @Test func `the corpus has at least 60 mistakes`() { #expect(Mistake.all.count >= 60) }

  /// Codes that no file provokes by itself.
  static let elsewhere: [DiagnosticCode: String] = [
    .notAvailable: "a key of an earlier version: no longer given",
    .limit: "a file that large is made by TreeTests",
    .noCells: "found when cells are expanded: CellExpanderTests",
    .missingFile: "found by a stage while planning: WrongFilesTests of the program",
    .damagedFile: "found by a stage while planning: WrongFilesTests of the program",
    .wrongConfiguration: "found by a stage while planning: WrongFilesTests of the program",
    .wrongWeights: "found by a stage while planning: WrongFilesTests of the program",
    .wrongDimensions: "found by a stage while planning: WrongFilesTests of the program",
    .refused: "found by a stage while planning: WrongFilesTests of the program",
  ]

  @Test func `every code has a mistake that provokes it`() throws {
    let provoked = try Set(Mistake.all.flatMap { try $0.load().diagnostics.map(\.code) })
    for code in DiagnosticCode.all {
      #expect(
        provoked.contains(code) != (Self.elsewhere[code] != nil),
        "\(code) (\(code.meaning)) needs a case, or a reason why there is none, and not both")
    }
  }
}
