public import PipelineLanguage
public import StageSchema

extension Cell {
  /// Where a part of the cell stands: a parameter at its literal, also when that came through a sweep or a flag.
  public func position(of part: StageIssue.Part) -> SourceRange {
    switch part {
    case .stage: return declaration.origin("uses")
    case .input(let port): return input(port)?.range ?? declaration.origin("inputs")
    case .parameter(let path):
      if path.count == 1, let field = path.first, let literal = literal(of: field) { return literal }
      return declaration.origin((["with"] + path).joined(separator: "."))
    }
  }
}
