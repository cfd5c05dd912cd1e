import Basics
import Diffusion
import Networks
import StageRuntime
import StageSchema
import Stages

/// A case as a cell of a pipeline: its network with the noise process that load-weights would give it, and what stands under the
/// `with:` of a stage that runs chains. Solver and guidance are put together as the stages do it.
struct CaseCell {
  let facts: NetworkFacts
  let guidance: GuidanceParameters
  let classifier: ClassifierParameters
  private let solving: SolverParameters

  /// - Parameters:
  ///   - process: what the case says of the noise process, under the names of load-weights.
  ///   - told: what its checkpoint says.
  ///   - with: parameters of a stage; those left out have their defaults.
  init(_ network: any Network, process: [String: JSONValue] = [:], told: [String: JSONValue] = [:], with: [String: JSONValue]) throws {
    let fields = SolverParameters.fields + [SolverParameters.scalingField, GuidanceParameters.field, ClassifierParameters.field]
    let parameters = try StageParameters(with, of: fields)
    solving = try SolverParameters(parameters)
    guidance = try GuidanceParameters(parameters)
    classifier = try ClassifierParameters(parameters)
    facts = NetworkFacts(network: network, process: try TrainedProcess(given: process, told: told))
    try guidance.check(facts)
  }

  /// The solver over timesteps. `respacing` replaces that of the parameters where it is one that no pipeline can name.
  func timesteps(_ respacing: Respacing? = nil) throws -> ReverseProcess {
    guard let solver = try solving.solver(facts) as? ReverseProcess else {
      throw PlumbError("the case's process is not one of timesteps", kind: .input, found: facts.process.kind.rawValue)
    }
    guard let respacing else { return solver }
    let process = try DiffusionProcess(
      schedule: solver.process.schedule, steps: solver.process.trainingSteps, respacing: respacing,
      rescaleTimesteps: solver.process.rescaleTimesteps)
    return try ReverseProcess(
      process: process, variance: solver.variance, prediction: solver.prediction, sampler: solver.sampler, scaling: solver.scaling,
      clipDenoised: solver.clipDenoised)
  }

  /// The solver over noise levels.
  func levels() throws -> SigmaSolver {
    guard let solver = try solving.solver(facts) as? SigmaSolver else {
      throw PlumbError("the case's process is not one of noise levels", kind: .input, found: facts.process.kind.rawValue)
    }
    return solver
  }
}

extension EpsilonScaling {
  /// As a pipeline says it.
  var field: JSONValue { ["k": .number(k), "b": .number(b)] }
}

extension Respacing {
  /// `steps` and `spacing` of a pipeline that keeps the same of `count` training steps; nil where none does.
  func fields(of count: Int) -> [String: JSONValue]? {
    let named: (TimestepSpacing, Int)? =
      switch self {
      case .all: (.even, count)
      case .sections(let counts): counts.count == 1 ? (.even, counts[0]) : nil
      case .strided(let steps): (.ddim, steps)
      case .uniform(let steps, let plusOne): (plusOne ? .ldmUniform : .ddimUniform, steps)
      case .quadratic(let steps, let plusOne): (plusOne ? .ldmQuad : .ddimQuad, steps)
      case .first: nil
      }
    return named.map { ["spacing": .text($0.0.rawValue), "steps": JSONValue($0.1)] }
  }
}
