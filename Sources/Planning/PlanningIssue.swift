import PipelineLanguage
import StageKit

/// Something wrong with one cell, found while planning.
public struct PlanningIssue: Sendable {
  public let cell: Cell
  public let issue: StageIssue
}

extension PlanningIssue {
  /// The issue as a message with a caret under the part at fault.
  public var diagnostic: Diagnostic {
    var facts = issue.error.message
    if let place = issue.error.place { facts = "\(place): \(facts)" }
    if let expected = issue.error.expected { facts += "; expected \(expected)" }
    if let found = issue.error.found { facts += issue.error.expected == nil ? "; found \(found)" : ", found \(found)" }
    return Diagnostic(issue.reason.code, "stage \(cell.name): \(facts)", at: cell.position(of: issue.part))
  }
}

extension StageIssue.Reason {
  fileprivate var code: DiagnosticCode {
    switch self {
    case .missingFile: .missingFile
    case .damagedFile: .damagedFile
    case .wrongConfiguration: .wrongConfiguration
    case .wrongWeights: .wrongWeights
    case .wrongDimensions: .wrongDimensions
    case .refused: .refused
    }
  }
}
