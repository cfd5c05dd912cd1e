import Basics
public import PipelineLanguage
public import StageSchema

/// Something wrong with one cell, found while planning.
public struct PlanningIssue: Sendable {
  public let cell: Cell
  public let issue: StageIssue
  /// Whether other cells of its stage can be run.
  package var isOneOfSeveral = false
}

extension PlanningIssue {
  /// The issue as a message with a caret under the part at fault.
  public var diagnostic: Diagnostic {
    unknownName ?? plain
  }

  /// A name that a stage does not know stands at its key, with the one that was meant.
  private var unknownName: Diagnostic? {
    guard case .unknownName(let known)? = issue.error.fault, case .parameter(let path) = issue.part, let name = path.last else {
      return nil
    }
    let suggestion = NearestName.of(name, among: known)
    return Diagnostic(
      issue.reason.code, "stage \(cell.name): \(name): \(issue.error.message)",
      at: cell.declaration.keyOrigin((["with"] + path).joined(separator: ".")) ?? cell.position(of: issue.part), suggestion: suggestion,
      help: suggestion == nil ? "known here: " + known.joined(separator: ", ") : nil)
  }

  private var plain: Diagnostic {
    var facts = issue.error.message
    if let place = issue.error.place { facts = "\(place): \(facts)" }
    if let expected = issue.error.expected { facts += "; expected \(expected)" }
    if let found = issue.error.found { facts += issue.error.expected == nil ? "; found \(found)" : ", found \(found)" }
    return Diagnostic(issue.reason.code, "stage \(cell.name): \(facts)", at: cell.position(of: issue.part), help: wayOut)
  }

  /// How to run the other cells of a sweep.
  private var wayOut: String? {
    let coordinates = cell.coordinates.flatMap(\.labels).map { "\($0.field): \($0.text)" }
    guard isOneOfSeveral, !coordinates.isEmpty else { return nil }
    return "to run the other cells, leave this one out with 'exclude: [{\(coordinates.joined(separator: ", "))}]', or use --keep-going"
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
