import ArtifactStore
import Basics
import Foundation
import Testing

@Suite struct RunTests {
  private let folder: ScratchFolder
  private let store: ArtifactStore

  init() throws {
    folder = try ScratchFolder()
    store = ArtifactStore(root: folder.path + "/store")
  }

  @Test func namesSortByTimeAndCarryARandomEnd() {
    // 1795398115 is 2026-11-23 01:41:55 UTC.
    let early = store.newRunID(date: Date(timeIntervalSince1970: 1_795_398_115.25))
    let late = store.newRunID(date: Date(timeIntervalSince1970: 1_795_398_115.5))
    #expect(early.text.wholeMatch(of: /20261123-014155250-[0-9a-f]{4}/) != nil, "\(early)")
    #expect(early < late)
  }

  @Test func runsAreListedNewestFirst() throws {
    for second in ["00", "02", "01"] {
      let id = try RunID(checking: "20261123-0141\(second)-7f3a")
      try store.writeRun(id: id, ["id": .text(id.text)])
    }
    #expect(store.runs(newest: 2).compactMap { $0["id"]?.text } == ["20261123-014102-7f3a", "20261123-014101-7f3a"])
    #expect(store.runs(newest: .max).count == 3)
    #expect(try store.runRecord(.test("20261123-014100-7f3a"))?["id"]?.text == "20261123-014100-7f3a")
    #expect(try store.runRecord(.test("20261123-014100-0000")) == nil)
  }

  @Test(arguments: ["", "..", "../runs", "a/b", ".hidden", "a\0b", "a b", "-a", "é", String(repeating: "a", count: 101)])
  func whatCouldLeadElsewhereIsNoRun(_ text: String) throws {
    #expect(RunID(text) == nil)
    #expect(throws: PlumbError.self) { try RunID(checking: text) }
  }

  @Test func aRecordIsReplacedWholeAndItsReportStays() throws {
    try store.writeRun(id: .test("a"), ["state": "running"])
    try Data("page".utf8).write(to: URL(fileURLWithPath: store.runFolder(.test("a")) + "/report.html"))
    try store.writeRun(id: .test("a"), ["state": "done"])
    #expect(try store.runRecord(.test("a")) == ["state": "done"])
    #expect(folder.files == ["store/runs/a/report.html", "store/runs/a/run.json"])
  }

  @Test func aRecordThatCannotBeReadIsAWarningNotAnEnd() throws {
    try store.writeRun(id: .test("20261123-014101-7f3a"), ["id": "20261123-014101-7f3a"])
    try store.writeRun(id: .test("20261123-014102-7f3a"), ["id": "20261123-014102-7f3a"])
    try ScratchFolder.overwrite(store.runFolder(.test("20261123-014102-7f3a")) + "/run.json", Array("{\"id\":".utf8))
    try FileManager.default.createDirectory(atPath: store.runFolder(.test("20261123-014103-7f3a")), withIntermediateDirectories: true)
    let listing = store.runListing(newest: 5)
    #expect(listing.records == [["id": "20261123-014101-7f3a"]])
    #expect(listing.unreadable.map(\.id.text) == ["20261123-014102-7f3a"])
    #expect(listing.unreadable.first?.reason.contains("run.json") == true)
    #expect(throws: PlumbError.self) { try store.runRecord(.test("20261123-014102-7f3a")) }
  }

  @Test func `a record that says it is another run's is not read`() throws {
    try store.writeRun(id: .test("20261123-014104-7f3a"), ["id": "../../../x"])
    #expect { try store.runRecord(.test("20261123-014104-7f3a")) } throws: { "\($0)".contains("../../../x") }
    #expect(store.runs(newest: 5).isEmpty)
  }
}

extension RunID {
  /// A name that a test knows to be one.
  static func test(_ text: String) -> RunID {
    guard let id = RunID(text) else { preconditionFailure("\(text) is no name of a run") }
    return id
  }
}
