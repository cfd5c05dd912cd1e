import ArtifactStore
import Basics
import FileFaults
import Foundation
import Testing

@Suite struct VerificationTests {
  private let folder: ScratchFolder
  private let store: ArtifactStore

  init() throws {
    folder = try ScratchFolder()
    store = ArtifactStore(root: folder.path + "/store", calls: UnsyncedCalls())
    try Scenario.run(in: store)
  }

  @Test func aSoundStoreIsSound() throws {
    let report = try store.verify()
    #expect(report.isSound)
    #expect(report.objectsChecked == 3)
    #expect(report.bytesChecked == 3000 + 5000 + 7)
    #expect(report.resultsChecked == 2)
  }

  @Test func aFlippedBitIsFoundAndWhatItTouchesIsNamed() throws {
    var bytes = Scenario.second
    bytes[100] ^= 4
    try ScratchFolder.overwrite(store.path(Scenario.object(Scenario.second).digest), bytes)
    let report = try store.verify()
    #expect(report.damaged.map(\.path) == [store.path(Digest(of: Scenario.second))])
    #expect(report.incompleteResults == [Scenario.keys[0]])
    #expect(folder.files(under: "store/quarantine").count == 1)
    try Scenario.run(in: store)
    #expect(try store.verify().isSound)
  }

  @Test func aSampleReadsAShareAndTheCallerCanEndIt() throws {
    #expect(try store.verify(sample: 0).objectsChecked == 0)
    #expect(try store.verify(progress: { done, total in total == 3 && done < 2 }).objectsChecked == 2)
  }

  @Test func statisticsCountFilesAndBytes() throws {
    let statistics = try store.statistics()
    #expect(statistics.objects.files == 3)
    #expect(statistics.objects.bytes == 3000 + 5000 + 7)
    #expect(statistics.results.files == 2)
    #expect(statistics.runs.files == 1)
    #expect(statistics.temporary.files == 0)
    #expect(statistics.quarantined.files == 0)
  }
}
