import Basics
import Foundation

/// The part of a campaign that reads inputs, in a process that may die of it. It writes each input down before it reads it.
public struct FuzzWorker {
  let mutator: Mutator
  /// Where the current input and the progress lie.
  let folder: String

  public init(mutator: Mutator, folder: String) {
    self.mutator = mutator
    self.folder = folder
  }

  /// Reads inputs from `first` on until `seconds` are over. An input that takes longer than `slow` seconds ends the work, as
  /// does anything but an acceptance or a `PlumbError`: both are thrown.
  public func run(first: Int, seconds: Double, slow: Double = 3) throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var progress = FuzzProgress(next: first, accepted: 0)
    while clock.now < end {
      try Self.write(mutator.input(progress.next), to: folder + "/current")
      try Self.write(Array(progress.text.utf8), to: folder + "/progress")
      let start = clock.now
      let outcome = try ReadingTrial.run(folder + "/current")
      let taken = clock.now - start
      guard taken < .seconds(slow) else { throw PlumbError("an input took too long", expected: "at most \(slow) s", found: "\(taken)") }
      progress.next += 1
      if case .accepted = outcome { progress.accepted += 1 }
    }
    try Self.write(Array(progress.text.utf8), to: folder + "/progress")
  }

  /// Plainly, without flushing: it need only outlive this process.
  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try NewFile(for: path)
    try file.write(bytes)
    try file.finish(as: path, isDurable: false)
  }
}

/// How far a worker came: what it tells its parent through a file.
struct FuzzProgress {
  /// The input being read, or the next one.
  var next: Int
  /// Inputs that were read without an error.
  var accepted: Int

  init(next: Int, accepted: Int) {
    self.next = next
    self.accepted = accepted
  }

  init?(contentsOf path: String) {
    let words = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ").compactMap { Int($0) }
    guard let words, words.count == 2 else { return nil }
    self.init(next: words[0], accepted: words[1])
  }

  var text: String { "\(next) \(accepted) " }
}
