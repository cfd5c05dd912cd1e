import Basics

/// A kind of golden case: how its outputs are computed from configuration and inputs.
protocol CaseKind: Sendable {
  static var name: String { get }
  /// The families whose cases of that name these are: names repeat from family to family.
  static var families: Set<String> { get }
  /// Parts of a case beyond the usual ones that are understood, such as "classifier_weights".
  static var parts: Set<String> { get }
  /// Whether cases of this name are of the kind; a kind may go by several.
  static func covers(_ kind: String) -> Bool
  /// Runs a case and judges what comes of it. By default its outputs are computed and compared with the expected tensors.
  static func comparisons(_ golden: GoldenCase) throws -> [OutputComparison]
  /// Computes every output the case declares, by name. It has no way to an expected output.
  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor]
}

extension CaseKind {
  static var parts: Set<String> { [] }

  static func covers(_ kind: String) -> Bool { kind == name }

  static func comparisons(_ golden: GoldenCase) throws -> [OutputComparison] {
    try CaseResult.compare(golden, with: CaseResult.compute(golden, as: self))
  }
}

/// The kinds that are known.
enum CaseKinds {
  static let all: [any CaseKind.Type] = [
    ScheduleCase.self,
    UNetCase.self,
    SamplerCase.self,
    TrainingNormCase.self,
    SamplingNormCase.self,
    DeltaCase.self,
    SingleStepCase.self,
    ClassifierForwardCase.self,
    GuidedStepCase.self,
    GuidedLoopCase.self,
    SigmaSamplerCase.self,
    SigmaExposureCase.self,
    PreconditionerTablesCase.self,
    PriorCase.self,
    PerturbCase.self,
    FormatCase.self,
    HostileCase.self,
    TorchNormalCase.self,
    TorchIntegerCase.self,
    TorchSequenceCase.self,
    StackedGeneratorCase.self,
    NumpyStateCase.self,
    NumpyGeneratorCase.self,
    PhiloxCase.self,
    LDMUNetCase.self,
    VQCase.self,
    KLCase.self,
    VAECase.self,
    EDMNetCase.self,
    EDMBlockCase.self,
    LDMScheduleCase.self,
    LDMSamplerCase.self,
    LDMAncestralCase.self,
    DiTScheduleCase.self,
    DiTSamplerCase.self,
    DDIMSamplerCase.self,
    DDIMUNetCase.self,
    DiTForwardCase.self,
  ]

  static func kind(_ name: String, family: String) throws -> any CaseKind.Type {
    guard let kind = all.first(where: { $0.covers(name) && $0.families.contains(family) }) else {
      let known = all.filter { $0.families.contains(family) }.map { $0.name }
      throw PlumbError(
        "unknown kind of case", kind: .input,
        expected: known.isEmpty
          ? "a family among " + Set(all.flatMap { $0.families }).sorted().joined(separator: ", ") : known.joined(separator: ", "),
        found: "\"\(name)\" of family \"\(family)\"")
    }
    return kind
  }
}
