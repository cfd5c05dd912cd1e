import Basics
import Diffusion

extension CaseInputs {
  /// The draws of the loop's steps, `noise_step_000` being that of the noisiest one, under the respaced index they are
  /// used at: draw k belongs to index (number of draws) - 1 - k.
  func stepDraws(shape image: [Int], steps: Int) throws -> [RecordedNoise.Draw: [Float]] {
    let count = count(numbered: "noise_step_")
    guard count == steps else {
      throw PlumbError(
        "the recorded noise is of another number of steps", kind: .input, at: "noise_step_…", expected: "\(steps)", found: "\(count)")
    }
    var draws: [RecordedNoise.Draw: [Float]] = [:]
    for number in 0..<count {
      draws[RecordedNoise.Draw(.step, step: count - 1 - number)] = try images(Self.numbered("noise_step_", number), shape: image)
    }
    return draws
  }

  /// A draw that is the same at every step.
  func draw(_ name: String, as purpose: NoisePurpose, shape image: [Int]) throws -> [RecordedNoise.Draw: [Float]] {
    [RecordedNoise.Draw(purpose): try images(name, shape: image)]
  }
}

extension FieldReader {
  /// `num_samples` and `batch_size` of a measurement over `count` images.
  func batchSize(count: Int) throws -> Int {
    let (samples, batch) = (try integer("num_samples"), try integer("batch_size"))
    guard samples == count, batch > 0 else {
      throw PlumbError(
        "num_samples does not fit the inputs, or batch_size is not positive", kind: .input, expected: "\(count) samples",
        found: "\(samples), \(batch)")
    }
    return batch
  }
}

/// The ranges of consecutive batches.
func batchRanges(count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
