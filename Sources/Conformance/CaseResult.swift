import Basics
import Checkpoints
public import Engine

/// How one output of a case compares.
public struct OutputComparison: Sendable {
  public let name: String
  /// Largest |got - expected|; NaN when a value is.
  public let absoluteError: Double
  /// Largest |got - expected| / |expected| over expected values that are not zero.
  public let relativeError: Double
  public let tolerance: GoldenCase.Tolerance?
  /// Why the output fails; nil when it passes.
  public let failure: String?
}

/// What came of one case.
public struct CaseResult: Sendable {
  public let folder: String
  public let kind: String?
  public let comparisons: [OutputComparison]
  /// Why nothing, or not everything, could be compared.
  public let failure: String?

  public var passed: Bool { failure == nil && !comparisons.isEmpty && comparisons.allSatisfy { $0.failure == nil } }

  /// Runs a case: inputs are read and outputs computed before the first expected tensor is opened.
  public init(running folder: String, on device: any Device) {
    self.folder = folder
    var (kind, comparisons, failure): (String?, [OutputComparison], String?) = (nil, [], nil)
    do {
      let golden = try GoldenCase(folder: folder, on: device)
      kind = golden.kind
      comparisons = try Self.kind(of: golden).comparisons(golden)
    } catch {
      failure = "\(error)"
    }
    self.kind = kind
    self.comparisons = comparisons
    self.failure = failure
  }

  /// The kind of a case; throws when it has a part that kind does not know.
  private static func kind(of golden: GoldenCase) throws -> any CaseKind.Type {
    let kind = try CaseKinds.kind(golden.kind, family: golden.family)
    if let part = golden.parts.keys.sorted().first(where: { !kind.parts.contains($0) }) {
      throw PlumbError("this part of the case is not understood", kind: .input, at: part)
    }
    return kind
  }

  /// Every output, computed by `kind`; throws when a part of the configuration or an input was not used.
  static func compute(_ golden: GoldenCase, as kind: any CaseKind.Type) throws -> [String: HostTensor] {
    let config = try FieldReader(golden.config, place: "config")
    let inputs = try CaseInputs(golden)
    let outputs = try kind.outputs(golden, config: config, inputs: inputs)
    try config.finish()
    try inputs.finish()
    return outputs
  }

  /// The outputs beside the expected tensors.
  static func compare(_ golden: GoldenCase, with computed: [String: HostTensor]) throws -> [OutputComparison] {
    guard !golden.outputs.isEmpty else { throw PlumbError("the case expects no output") }
    let expected = try SafetensorsFile(path: golden.folder + "/tensors.safetensors")
    return golden.outputs.map { output in
      do {
        guard let found = computed[output.name] else { throw PlumbError("this output is not computed") }
        return try OutputComparison(output, found: found, expected: expected.read(output.name))
      } catch {
        return OutputComparison(output, failure: "\(error)")
      }
    }
  }
}

extension OutputComparison {
  init(_ output: GoldenCase.Tensor, failure: String) {
    self.init(name: output.name, absoluteError: .nan, relativeError: .nan, tolerance: output.tolerance, failure: failure)
  }

  /// Compares value by value. Throws when shapes, element types or declaration differ.
  init(_ output: GoldenCase.Tensor, found: HostTensor, expected: HostTensor) throws {
    guard let tolerance = output.tolerance, tolerance.relative >= 0, tolerance.absolute >= 0 else {
      throw PlumbError("the output has no tolerance")
    }
    guard expected.shape == output.shape, expected.dtype.rawValue == output.dtype else {
      throw PlumbError(
        "the expected tensor is not as declared", expected: "\(output.dtype) \(output.shape)",
        found: "\(expected.dtype.rawValue) \(expected.shape)")
    }
    guard found.shape == expected.shape, found.dtype == expected.dtype else {
      throw PlumbError(
        "another shape or element type", expected: "\(expected.dtype.rawValue) \(expected.shape)",
        found: "\(found.dtype.rawValue) \(found.shape)")
    }
    var (largest, largestRelative, firstMiss): (Double, Double, String?) = (0, 0, nil)
    for (index, (got, wanted)) in zip(found.doubles(), expected.doubles()).enumerated() {
      let difference = got == wanted ? 0 : abs(got - wanted)
      // Written so that NaN fails and stays in the largest error.
      if !(difference <= largest) { largest = largest.isNaN ? largest : difference }
      if wanted != 0, !(difference / abs(wanted) <= largestRelative) {
        largestRelative = largestRelative.isNaN ? largestRelative : difference / abs(wanted)
      }
      if firstMiss == nil, !(difference <= tolerance.absolute + tolerance.relative * abs(wanted)) {
        firstMiss = "value \(index) is \(got), expected \(wanted)"
      }
    }
    self.init(name: output.name, absoluteError: largest, relativeError: largestRelative, tolerance: tolerance, failure: firstMiss)
  }
}

extension OutputComparison {
  /// Something that holds or does not.
  init(judged name: String, failure: String?) {
    self.init(name: name, absoluteError: .nan, relativeError: .nan, tolerance: nil, failure: failure)
  }

  /// Two tensors that must have the same bits.
  init(exactly name: String, _ tensors: () throws -> (found: HostTensor, expected: HostTensor)) {
    var failure: String?
    do {
      let (found, expected) = try tensors()
      if found != expected {
        let values = zip(found.doubles(), expected.doubles()).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }
        failure =
          values.map { "value \($0.offset) is \($0.element.0), expected \($0.element.1)" }
          ?? "\(found.dtype.rawValue) \(found.shape), expected \(expected.dtype.rawValue) \(expected.shape)"
      }
    } catch {
      failure = "\(error)"
    }
    self.init(judged: name, failure: failure)
  }
}
