/// The samplers there are. The first one over timesteps and the first one over noise levels run where none is asked for.
package enum Samplers {
  package static let all: [any Sampler.Type] = [
    Ancestral.self,
    DDIM.self,
    GeneralizedDDIM.self,
    PLMS.self,
    Heun.self,
    Euler.self,
  ]

  package static func named(_ name: String) -> (any Sampler.Type)? { all.first { $0.name == name } }

  /// Those that step over such levels.
  package static func over(_ axis: NoiseLevels.Axis) -> [any Sampler.Type] { all.filter { $0.axis == axis } }

  /// Those that take an argument.
  package static func taking(_ argument: SamplerArgument) -> [any Sampler.Type] { all.filter { $0.arguments.contains(argument) } }

  /// The names of those whose steps follow a classifier's gradient.
  package static var guidable: [String] {
    all.filter { $0.isGuidable }.map { $0.name }
  }

  /// Every argument of any sampler, once, in the order of their first appearance.
  package static let arguments: [SamplerArgument] = all.flatMap { $0.arguments }.reduce(into: []) { known, argument in
    if !known.contains(argument) { known.append(argument) }
  }
}
