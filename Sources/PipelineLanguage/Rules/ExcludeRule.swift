/// Every entry of `exclude` names cells there are.
enum ExcludeRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.syntax.exclude.flatMap { analysis.exclusion($0).1 }
  }
}
