import CKernels
import Engine
import EngineCPU
import ReferenceDevice
import Testing

/// A sample's bits depend on the sample, the weights and the graph, and on nothing else.
@Suite struct BatchInvarianceTests {
  static let most = 8

  /// Scalar inputs of all samples differ, or are all equal (computed once then).
  static func inputs(_ subject: Subject, isUniform: Bool) -> [String: [Float]] {
    var inputs = subject.inputs(most)
    if isUniform { for name in ["t", "y"] { inputs[name] = [Float](repeating: 3, count: most) } }
    return inputs
  }

  @Test(arguments: 1...12) func bitsDoNotDependOnBatchCountOrPlace(seed: Int) throws {
    let subject = try Subject(RandomGraph.make(seed: UInt64(seed)))
    for isUniform in [false, true] {
      let inputs = Self.inputs(subject, isUniform: isUniform)
      let whole = try subject.run(subject.lane(batch: Self.most), inputs, count: Self.most)
      for batch in [1, 2, 3, 5, 8] {
        let lane = try subject.lane(batch: batch)
        // Runs of fewer samples than the batch, at every place; the last one is the shortest.
        for start in stride(from: 0, to: Self.most, by: batch) {
          let range = start..<min(start + batch, Self.most)
          let part = Subject.slice(inputs, range, of: Self.most)
          let found = try subject.run(lane, part, count: range.count)
          #expect(bits(found) == bits(Subject.slice(whole, range, of: Self.most)))
        }
      }
    }
  }

  @Test(arguments: 1...4) func equalScalarsGiveTheBitsOfDifferentOnes(seed: Int) throws {
    let subject = try Subject(RandomGraph.make(seed: UInt64(seed)))
    let lane = try subject.lane(batch: Self.most)
    let uniform = Self.inputs(subject, isUniform: true)
    var mixed = uniform
    mixed["t"]?[Self.most - 1] = 4
    let range = 0..<Self.most - 1
    let one = try Subject.slice(subject.run(lane, uniform, count: Self.most), range, of: Self.most)
    #expect(try bits(one) == bits(Subject.slice(subject.run(lane, mixed, count: Self.most), range, of: Self.most)))
  }

  @Test func bitsDoNotDependOnWhatTheArenaHeld() throws {
    let subject = try Subject(RandomGraph.make(seed: 3))
    let lane = try subject.lane(batch: 4)
    let inputs = subject.inputs(2)
    let first = try subject.run(lane, inputs, count: 2)
    _ = try subject.run(lane, subject.inputs(4).mapValues { $0.map { _ in 9 } }, count: 4)
    #expect(try bits(subject.run(lane, inputs, count: 2)) == bits(first))
  }

  @Test func lanesOnTwoThreadsGiveTheBitsOfOne() async throws {
    let subject = try Subject(RandomGraph.make(seed: 5))
    let alone = try subject.run(subject.lane(batch: 4), subject.inputs(4), count: 4)
    let both = try await withThrowingTaskGroup(of: [String: [Float]].self) { group in
      for _ in 0..<2 {
        group.addTask { try subject.run(subject.lane(batch: 4), subject.inputs(4), count: 4) }
      }
      return try await group.reduce(into: [[String: [Float]]]()) { $0.append($1) }
    }
    for other in both { #expect(bits(other) == bits(alone)) }
  }

  /// In a process of its own, as the choice of kernels holds for a whole process.
  @Test func portableKernelsGiveTheBitsOfAVX2() async {
    await #expect(processExitsWith: .success) {
      let probe = try CPUProbe.digest(of: .all)
      for seed: UInt64 in 1...4 {
        let subject = try Subject(RandomGraph.make(seed: seed))
        let inputs = subject.inputs(3)
        plumb_kernels_limit(plumb_avx2)
        let found = try subject.run(subject.lane(batch: 3), inputs, count: 3)
        plumb_kernels_limit(plumb_portable)
        #expect(try bits(subject.run(subject.lane(batch: 3), inputs, count: 3)) == bits(found))
      }
      #expect(try CPUProbe.digest(of: .all) == probe)
    }
  }
}
