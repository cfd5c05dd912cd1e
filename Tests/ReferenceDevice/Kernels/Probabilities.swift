import Engine
import Foundation

extension LogProbability: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] { [log(softmax(site.x)[Int(site.operands[1][0])])] }
}

extension LogProbabilityAdjoint: ReferenceOperation {
  func evaluate(_ site: ReferenceSite) -> [Double] {
    let label = Int(site.operands[1][0])
    return softmax(site.x).enumerated().map { site.gradient[0] * (($0 == label ? 1 : 0) - $1) }
  }
}
