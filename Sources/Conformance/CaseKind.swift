import Basics

/// A kind of golden case: how its outputs are computed from configuration and inputs.
protocol CaseKind: Sendable {
  static var name: String { get }
  /// Computes every output the case declares, by name. It has no way to an expected output.
  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor]
}

/// The kinds that are known.
enum CaseKinds {
  static let all: [any CaseKind.Type] = [
    ScheduleCase.self, UNetCase.self, SamplerCase.self, TrainingNormCase.self, SamplingNormCase.self, DeltaCase.self, SingleStepCase.self,
  ]

  static func kind(_ name: String) throws -> any CaseKind.Type {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw PlumbError("unknown kind of case", kind: .input, expected: all.map { $0.name }.joined(separator: ", "), found: "\"\(name)\"")
    }
    return kind
  }
}
