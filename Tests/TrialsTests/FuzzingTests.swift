import Basics
import Checkpoints
import ChildProcesses
import Foundation
import Testing
import Trials

/// The fuzzer finds what there is to find, says so, and its inputs can be made again.
@Suite struct FuzzingTests {
  private func mutator(seed: UInt64) throws -> Mutator { try Mutator(corpus: FuzzCorpus(folders: []), seed: seed) }

  @Test func everyFileMadeHereIsHonestAndOfAnotherFormat() throws {
    let folder = try Scratch()
    var formats: Set<CheckpointFormat?> = []
    for (index, bytes) in try FuzzCorpus.generated().enumerated() {
      try AtomicFile.write(bytes, to: "\(folder.path)/\(index)")
      let source = try CheckpointFile.open("\(folder.path)/\(index)")
      formats.insert(CheckpointFile.format(of: source))
      #expect(try !source.entries.map { try source.read($0.name) }.isEmpty)
    }
    #expect(formats == [.safetensors, .npy, .npz, .torchZip, .pickle])
  }

  @Test func anInputDependsOnItsSeedAndIndexOnly() throws {
    let (one, same, other) = (try mutator(seed: 7), try mutator(seed: 7), try mutator(seed: 8))
    let indices = 100..<200
    #expect(indices.map(one.input) == indices.reversed().map(same.input).reversed())
    #expect(indices.map(one.input) != indices.map(other.input))
    #expect(Set(indices.map(one.input)).count > 90)
  }

  /// Structure survives: a mutated file is often read beyond its first bytes, and sometimes to the end.
  @Test func someInputsAreAcceptedAndMostAreNot() throws {
    let folder = try Scratch()
    let mutator = try mutator(seed: 3)
    var messages: Set<String> = []
    var accepted = 0
    for index in 100..<1100 {
      try Data(mutator.input(index)).write(to: URL(filePath: folder.path + "/x"))
      switch try ReadingTrial.run(folder.path + "/x") {
      case .accepted: accepted += 1
      case .refused(let text): messages.insert(String(text.filter(\.isLetter).suffix(40)))
      }
    }
    #expect((20...600).contains(accepted), "\(accepted)")
    #expect(messages.count > 60, "\(messages.count) ways of being wrong")
  }

  @Test func tokensOfAPickleAreAllOfIt() throws {
    for bytes in try FuzzCorpus.generated() where bytes.first == 0x80 {
      let tokens = PickleMutations.tokens(bytes)
      #expect(Array(tokens.joined()) == bytes)
      #expect(tokens.count > 60 && tokens.last == [0x2E])
    }
  }

  /// A worker that dies at its 5th input, then one that works to the end.
  @Test func aCrashIsAttributedToItsInputAndTheCampaignGoesOn() throws {
    let folder = try Scratch()
    let campaign = FuzzCampaign(saveFolder: folder.path + "/saved") { first, _, place in
      let crash = "printf deadly > \(place)/current; printf '4 1 ' > \(place)/progress; kill -SEGV $$"
      let script = first == 0 ? crash : "printf '\(first + 95) 9 ' > \(place)/progress"
      return try ChildProcess(Invocation("/bin/sh", ["-c", script], environment: [:], folder: place))
    }
    let result = try campaign.run(seconds: 30)
    #expect(result.defects.map(\.index) == [4] && result.defects.first?.ending == "signal 11")
    #expect(result.inputs == 100 && result.accepted == 10)
    #expect(try AtomicFile.read(folder.path + "/saved/input-4") == Array("deadly".utf8))
  }

  @Test func aTrialTellsAcceptanceRefusalAndTheRest() throws {
    let folder = try Scratch()
    let corpus = try FuzzCorpus.generated()
    try AtomicFile.write(corpus[0], to: folder.path + "/good")
    try AtomicFile.write(corpus[0].dropLast(), to: folder.path + "/short")
    #expect(try TrialProcess.run(folder.path + "/good", in: folder.path) == .accepted)
    guard case .refused(let message) = try TrialProcess.run(folder.path + "/short", in: folder.path) else {
      Issue.record("a file that is cut off was not refused")
      return
    }
    #expect(message.contains("short") && message.contains("expected"))
  }
}
