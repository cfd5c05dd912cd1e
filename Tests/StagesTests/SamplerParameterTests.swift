import Basics
import Diffusion
import Foundation
import PipelineLanguage
import Planning
import StageSchema
import Stages
import Testing

/// What a sampler declares is what a pipeline may give it.
@Suite struct SamplerParameterTests {
  /// Parameters with nothing given but a sampler and one argument.
  private static func parameters(_ sampler: String, _ argument: SamplerArgument) -> StageParameters {
    let value: ParameterValue =
      switch argument.kind {
      case .flag: .bool(false)
      case .number(let range): .number(range.lowerBound)
      case .choice(let names): .text(names[0])
      }
    var fields = Dictionary(uniqueKeysWithValues: SolverParameters.fields.map { ($0.name, ParameterValue.null) })
    fields["steps"] = .integer(4)
    fields["sampler"] = .text(sampler)
    fields[argument.path[0]] = argument.group == nil ? value : .record([argument.name: value])
    return StageParameters(fields)
  }

  @Test func namesAreForEverAndArgumentsAreDeclaredOnce() {
    #expect(Samplers.all.map { $0.name }.starts(with: ["ddpm", "ddim", "generalized", "plms", "heun", "euler"]))
    #expect(Set(Samplers.all.map { $0.name }).count == Samplers.all.count)
    #expect(Set(Samplers.arguments.map(\.name)).count == Samplers.arguments.count, "two samplers declare one argument differently")
  }

  @Test(arguments: Samplers.all.map { $0.name }) func anArgumentIsTakenOrRefusedAtItsField(_ name: String) throws {
    let sampler = try #require(Samplers.named(name))
    for argument in Samplers.arguments {
      do {
        _ = try SolverParameters(Self.parameters(name, argument))
        #expect(sampler.arguments.contains(argument), "\(name) accepts \(argument.name), of which it knows nothing")
      } catch let issue as StageIssue {
        #expect(!sampler.arguments.contains(argument), "\(name) refuses its own \(argument.name)")
        #expect(issue.part == .parameter(argument.path))
      }
    }
  }

  /// Stage, what it is given, and the message with the field it stands at.
  @Test(arguments: [
    ("sample", "eta: 0.5", "eta", "takes no eta; expected eta only with the sampler ddim or generalized, found 0.5"),
    ("sample", "sampler: plms, eta: 0", "eta", "the sampler plms takes no eta"),
    ("measure-delta", "eta: 1", "eta", "the sampler ddpm takes no eta"),
    ("train-stats", "edm: {rho: 5}", "rho", "takes no rho; expected rho only with the sampler heun or euler"),
    ("sample", "sampler: generalized, clip_denoised: false", "clip_denoised", "takes no clip_denoised"),
  ]) func whatTheSamplerDoesNotUseIsRefusedWhenTheFileIsChecked(_ stage: String, _ with: String, _ field: String, _ message: String)
    throws
  {
    let dataset = stage == "sample" ? "" : ", dataset: images"
    let text = """
      plumb: 1
      name: unused
      stages:
        \(TinyRun.weights)
        it: {uses: \(stage), inputs: {network: weights\(dataset)}, with: {steps: 4, samples: 4, \(with)}}
      default: [it]
      """
    let found = try diagnostics(of: text)
    let diagnostic = try #require(found.first, "\(with) is accepted")
    #expect(found.count == 1)
    #expect(diagnostic.message.contains(message), "\(diagnostic.message)")
    let line = try #require(text.split(separator: "\n").first { $0.contains("  it: ") })
    let value = try #require(line.range(of: "\(field): "))
    #expect(diagnostic.range.start.column == line.distance(from: line.startIndex, to: value.upperBound) + 1, "not at the value of \(field)")
  }

  @Test func argumentsWithoutEffectBesideTheOthersAreRefused() throws {
    let edm = "{uses: load-weights, with: {file: \(TinyRun.repository)/Tests/Golden/edm/sampler-heun/weights.pkl}}"
    for (arguments, isAccepted) in [
      ("discretization: ve, rho: 5", false), ("rho: 5", true), ("epsilon_s: 0.01", false), ("schedule: vp, epsilon_s: 0.01", true),
      ("S_noise: 1.01", false), ("S_churn: 0, S_noise: 1.01", true),
    ] {
      let text = """
        plumb: 1
        name: unused
        stages:
          edm: \(edm)
          it: {uses: sample, inputs: {network: edm}, with: {steps: 4, samples: 4, edm: {\(arguments)}}}
        default: [it]
        """
      #expect(try diagnostics(of: text).isEmpty == isAccepted, "\(arguments)")
    }
  }

  private func diagnostics(of text: String) throws -> [Diagnostic] {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-samplers-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let request = Workspace.Request(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 2)
    do {
      let workspace = try Workspace(request, catalogue: StageTable.plumbline)
      _ = try workspace.plan(history: workspace.history())
      return []
    } catch let error as DiagnosticsError {
      return error.diagnostics
    }
  }
}
