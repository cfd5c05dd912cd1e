import Foundation

/// What is printed about cases.
public enum CaseReport {
  /// The lines about one case, its outputs indented below its name.
  public static func lines(_ result: CaseResult) -> [String] {
    let name = URL(filePath: result.folder).lastPathComponent
    var lines = ["\(result.passed ? "pass" : "FAIL")  \(name)  (\(result.kind ?? "no kind"))"]
    for output in result.comparisons {
      var line = "  \(output.failure == nil ? "pass" : "FAIL")  \(output.name)"
      if output.absoluteError.isFinite || output.tolerance != nil {
        line += "  abs \(brief(output.absoluteError))  rel \(brief(output.relativeError))"
      }
      if let tolerance = output.tolerance { line += "  (atol \(brief(tolerance.absolute)), rtol \(brief(tolerance.relative)))" }
      if let failure = output.failure { line += "  \(failure)" }
      lines.append(line)
    }
    if let failure = result.failure { lines.append("  FAIL  \(failure)") }
    return lines
  }

  /// `N passed, N failed`, counting cases.
  public static func summary(_ results: [CaseResult]) -> String {
    "\(results.filter(\.passed).count) passed, \(results.filter { !$0.passed }.count) failed"
  }

  private static func brief(_ number: Double) -> String { String(format: "%.2g", number) }
}
