/// The values of a sweep differ: each names a cell.
enum RepeatedValueRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.scope.axes.flatMap { axis in
      var seen: [[AxisLabel]: SourceRange] = [:]
      return axis.values.compactMap { value -> Diagnostic? in
        guard let earlier = seen.updateValue(value.range, forKey: value.labels) else { return nil }
        let text = Label.of(value.value)
        return Diagnostic(
          .repeatedValue, "the sweep of '\(axis.name)' has the value \(text.shortened) twice", at: value.range,
          related: [.init("first given here", at: earlier)])
      }
    }
  }
}
