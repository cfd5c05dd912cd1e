import ArtifactStore
import Basics
import FileFaults
import Foundation
import Testing

/// Whatever call fails and wherever the process or the power ends: what can be seen is right, and doing it again gives
/// the same.
@Suite struct FaultTests {
  /// Calls of the undisturbed scenario; a disturbed one may make a few more.
  private static func undisturbed() throws -> (calls: Int, files: [String]) {
    let folder = try ScratchFolder()
    let calls = FaultyCalls(.none)
    try Scenario.run(in: ArtifactStore(root: folder.path + "/store", calls: calls))
    return (calls.count, folder.files)
  }

  private func disturb(_ calls: FaultyCalls, _ folder: ScratchFolder, powerCut: Bool = false, _ comment: Comment) throws -> (any Error)? {
    let root = folder.path + "/store"
    var acknowledged: [Int] = []
    var failure: (any Error)?
    do {
      try Scenario.run(in: ArtifactStore(root: root, calls: calls)) { acknowledged.append($0) }
    } catch {
      failure = error
    }
    if powerCut { try calls.cutPower(under: root) }
    try Scenario.check(ArtifactStore(root: root, calls: UnsyncedCalls()), acknowledged: acknowledged, comment)
    return failure
  }

  private func retry(_ folder: ScratchFolder, _ files: [String], _ comment: Comment) throws {
    let store = ArtifactStore(root: folder.path + "/store", calls: UnsyncedCalls())
    try Scenario.run(in: store)
    try Scenario.check(store, acknowledged: [0, 1], comment)
    #expect(folder.files.filter { !$0.hasPrefix("store/tmp/") && !$0.hasPrefix("store/quarantine/") } == files, comment)
  }

  @Test func anyOneFailingCallLeavesOnlyWholeResultsAndARetryFinishes() throws {
    let expected = try Self.undisturbed()
    #expect(expected.calls > 40)
    for number in 0..<expected.calls + 4 {
      let code = number.isMultiple(of: 2) ? SystemCode.inputOutput : .denied
      let folder = try ScratchFolder()
      _ = try disturb(FaultyCalls(.fails(at: number, code)), folder, "call \(number) fails with \(code.rawValue)")
      try retry(folder, expected.files, "after call \(number) failed with \(code.rawValue)")
    }
  }

  @Test func aDiskThatFillsUpIsToldAndLeavesNoTemporaryFiles() throws {
    let expected = try Self.undisturbed()
    var told = 0
    for number in 0..<expected.calls {
      let folder = try ScratchFolder()
      let failure = try disturb(FaultyCalls(.fullDisk(from: number)), folder, "full from call \(number)")
      if let failure {
        told += 1
        #expect("\(failure)".contains("no space is left on the device"), "\(failure)")
      }
      #expect(folder.files(under: "store/tmp").isEmpty, "full from call \(number)")
      try retry(folder, expected.files, "after the disk was full from call \(number)")
    }
    #expect(told > expected.calls / 2)
  }

  @Test(arguments: [false, true])
  func aProcessOrPowerThatEndsAnywhereLeavesOnlyWholeResults(powerCut: Bool) throws {
    let expected = try Self.undisturbed()
    for number in 0...expected.calls {
      let folder = try ScratchFolder()
      let comment: Comment = "\(powerCut ? "power" : "process") ends at call \(number)"
      _ = try disturb(FaultyCalls(.stops(at: number)), folder, powerCut: powerCut, comment)
      try retry(folder, expected.files, comment)
    }
  }

  @Test(arguments: [(SystemCode.readOnly, "read-only"), (.denied, "permission denied")])
  func aStoreThatCannotBeWrittenSaysSoAndCanStillBeRead(code: SystemCode, words: String) throws {
    let folder = try ScratchFolder()
    let root = folder.path + "/store"
    try Scenario.run(in: ArtifactStore(root: root, calls: UnsyncedCalls()))
    let store = ArtifactStore(root: root, calls: FaultyCalls(.every("create", code)))
    let error = #expect(throws: PlumbError.self) { _ = try store.put([1, 2, 3]) }
    #expect(error?.description.contains(words) == true)
    #expect(try store.lookup(Scenario.keys[0]) == Scenario.manifests[0])
    #expect(try store.read(Scenario.object(Scenario.first)) == Scenario.first)
  }

  @Test func aFileSystemWithoutHardLinksStillPublishesOnce() throws {
    let folder = try ScratchFolder()
    let store = ArtifactStore(root: folder.path + "/store", calls: FaultyCalls(.every("link", SystemCode(EOPNOTSUPP))))
    try Scenario.run(in: store)
    try Scenario.check(store, acknowledged: [0, 1], "no hard links")
    #expect(try store.publish(Scenario.manifests[0], as: Scenario.keys[0]) == .alreadyThere)
    #expect(try store.publish(Scenario.manifests[1], as: Scenario.keys[0]) == .conflict(existing: Scenario.manifests[0]))
  }
}
