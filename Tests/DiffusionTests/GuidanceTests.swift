import Basics
import Diffusion
import Testing

private func predict(scale: Float, guided: Int, labels: [Int32]? = [1, 2]) throws -> [Float] {
  var predictor = ClassifierFreeGuidance(
    FakePredictor(elementCount: 4, factor: 2), scale: scale, nullLabel: 9, guidedCount: guided)
  return try evaluate(&predictor, labels: labels)
}

private func evaluate(_ predictor: inout some NoisePredictor, labels: [Int32]?) throws -> [Float] {
  var out = [Float](repeating: 0, count: 16)
  let x = (0..<8).map { Float($0) / 4 - 1 }
  try x.withUnsafeBufferPointer { x in
    try out.withUnsafeMutableBufferPointer { try predictor.predict(x, count: 2, timestep: 100, labels: labels, into: $0) }
  }
  return out
}

@Suite struct GuidanceTests {
  @Test func guidanceExtrapolatesFromNoClassThroughTheClass() throws {
    var plain = FakePredictor(elementCount: 4, factor: 2)
    let (labelled, unlabelled) = (try evaluate(&plain, labels: [1, 2]), try evaluate(&plain, labels: [9, 9]))
    let guided = try predict(scale: 3, guided: 3)
    for index in guided.indices {
      let isGuided = index % 8 < 3
      let expected = isGuided ? unlabelled[index] + 3 * (labelled[index] - unlabelled[index]) : labelled[index]
      #expect(guided[index] == expected, "value \(index)")
    }
    #expect(guided != labelled)
  }

  @Test func aScaleOfOneEvaluatesOnce() throws {
    var plain = FakePredictor(elementCount: 4, factor: 2)
    #expect(try predict(scale: 1, guided: 4) == evaluate(&plain, labels: [1, 2]))
  }

  @Test func guidanceWithoutClassesIsRefused() { #expect(throws: PlumbError.self) { try predict(scale: 2, guided: 4, labels: nil) } }
}
