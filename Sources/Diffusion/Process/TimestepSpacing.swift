/// How a number of timesteps is chosen from those of training. Raw values are the names in pipelines.
package enum TimestepSpacing: String, Sendable, CaseIterable {
  case even, ddim
  case ddimUniform = "ddim-uniform"
  case ddimQuad = "ddim-quad"
  case ldmUniform = "ldm-uniform"
  case ldmQuad = "ldm-quad"

  package func respacing(_ steps: Int) -> Respacing {
    switch self {
    case .even: .sections([steps])
    case .ddim: .strided(steps)
    case .ddimUniform: .uniform(steps, plusOne: false)
    case .ddimQuad: .quadratic(steps, plusOne: false)
    case .ldmUniform: .uniform(steps, plusOne: true)
    case .ldmQuad: .quadratic(steps, plusOne: true)
    }
  }
}
