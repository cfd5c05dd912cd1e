import Basics
import Foundation

struct CasePreconditioner {
  let kind: String
  let process: [String: JSONValue]
  let u: [Float]

  init(_ process: [String: JSONValue]) throws {
    kind = process["kind"]?.text ?? ""
    self.process = process
    u = process["u"]?.doubles?.map { Float($0) } ?? []
  }
  private func f(_ name: String) -> Double { process[name]?.double ?? .nan }

  func coefficients(_ s: Float) -> (skip: Float, out: Float, input: Float, noise: Float) {
    switch kind {
    case "edm":
      let d2 = Float(f("sigma_data") * f("sigma_data"))
      let d = Float(f("sigma_data"))
      return (d2 / (s * s + d2), s * d / (s * s + d2).squareRoot(), 1 / (d2 + s * s).squareRoot(), Float(log(Double(s))) / 4)
    case "vp":
      let bm = f("beta_min")
      let bd = f("beta_d")
      let t = ((Float(bm * bm) + Float(2 * bd) * Float(log(Double(1 + s * s)))).squareRoot() - Float(bm)) / Float(bd)
      return (1, -s, 1 / (s * s + 1).squareRoot(), Float(f("M") - 1) * t)
    case "ve": return (1, s, 1, Float(log(Double(0.5 * s))))
    default: return (1, -s, 1 / (s * s + 1).squareRoot(), Float(f("M") - 1) - Float(index(s)))
    }
  }

  func index(_ s: Float) -> Int { u.indices.min { abs(u[$0] - s) < abs(u[$1] - s) } ?? 0 }
  func round(_ s: Double) -> Double { kind == "iddpm" ? Double(u[index(Float(s))]) : s }
}
