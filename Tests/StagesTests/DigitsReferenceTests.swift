import Basics
import Foundation
import Testing

/// The digits experiment against what the PyTorch code measured (`Pipelines/digits/reference`), with other random numbers:
/// agreement is judged by the spread over the reference's seeds.
@Suite struct DigitsReferenceTests {
  private static let run = Result {
    try TinyRun(
      """
      plumb: 1
      name: reference
      params:
        scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}
      stages:
        \(TinyRun.weights)
        train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: 20, samples: 2000}}
        sample: {uses: sample, inputs: {network: weights}, with: {steps: 20, samples: 2000, epsilon_scaling: $scaling}}
        delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {steps: 20, samples: 2000, epsilon_scaling: $scaling}}
      default: [train, sample, delta]
      """)
  }

  private func reference(_ name: String) throws -> JSONValue {
    try JSONValue(contentsOf: TinyRun.digits + "/reference/\(name).json")
  }

  /// A value of 2,000 samples agrees with three seeds of 2,000 when it lies within six of their standard deviations of
  /// their mean: a normal value leaves that once in 10^8, a deviation from three seeds is itself off by up to a factor of
  /// about three; `floor` covers steps whose three seeds happen to agree closely.
  private func compare(_ got: [Double], _ reference: JSONValue?, floor: Double, _ what: String) throws {
    let mean = try #require(reference?["mean"]?.doubles, "no reference for \(what)")
    let deviation = try #require(reference?["std"]?.doubles)
    try #require(got.count == mean.count, "\(what): \(got.count) values, reference \(mean.count)")
    for index in got.indices {
      let allowed = 6 * deviation[index] + floor * abs(mean[index])
      #expect(abs(got[index] - mean[index]) <= allowed, "\(what) at index \(index): \(got[index]), reference \(mean[index]) ± \(allowed)")
    }
  }

  private func row(_ table: JSONValue, k: Double, b: Double) throws -> JSONValue {
    try #require(
      table["sampling"]?.list?.first { abs(($0["k"]?.double ?? 9) - k) < 1e-9 && abs(($0["b"]?.double ?? 9) - b) < 1e-9 },
      "the reference has no k \(k), b \(b)")
  }

  @Test func trainingNormsAgree() throws {
    let run = try Self.run.get()
    let got = try #require(run.json("train", "norms")["epsilon_norm"]?.doubles)
    try compare(got, reference("norms-20")["training"]?["eps_norm"], floor: 0.002, "training norm")
  }

  @Test func singleStepSpreadAgrees() throws {
    let run = try Self.run.get()
    let got = try #require(run.json("train", "single-step")["sampled_std"]?.doubles)
    try compare(got, reference("delta-20")["single_step"]?["sampled_std"], floor: 0.004, "single-step spread")
  }

  @Test(arguments: [
    (cell: "[scaling.b=1,scaling.k=0]", k: 0.0, b: 1.0), ("[scaling.b=1.02,scaling.k=0]", 0, 1.02),
    ("[scaling.b=1,scaling.k=0.004]", 0.004, 1),
  ])
  func samplingNormsAndDeltaAgree(_ point: (cell: String, k: Double, b: Double)) throws {
    let run = try Self.run.get()
    let norms = try run.json("sample" + point.cell, "epsilon-norms")
    let wantedNorms = try row(reference("norms-20"), k: point.k, b: point.b)
    try compare(#require(norms["epsilon_norm"]?.doubles), wantedNorms["eps_norm"], floor: 0.004, "sampling norm \(point.cell)")
    let delta = try run.json("delta" + point.cell, "delta")
    let wantedDelta = try row(reference("delta-20"), k: point.k, b: point.b)
    try compare(#require(delta["sampled_std"]?.doubles), wantedDelta["sampled_std"], floor: 0.004, "sampled spread \(point.cell)")
    try compare(#require(delta["delta"]?.doubles), wantedDelta["delta"], floor: 0.02, "delta_t \(point.cell)")
    try compare(#require(delta["marginal_std"]?.doubles), wantedDelta["marginal_std"], floor: 0.004, "marginal spread \(point.cell)")
  }
}
