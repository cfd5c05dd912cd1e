import Results

/// The figures of a sweep: the paper's Figure 4 (epsilon norms in training and sampling) and Figure 5 (delta_t with and
/// without Epsilon Scaling), for each group of rows that can share axes.
///
/// Ning et al., "Elucidating the Exposure Bias in Diffusion Models", ICLR 2024.
package struct ExposureFigures {
  private let group: SweepGroup
  /// The rows that are drawn: all of them, or a few of many.
  private let rows: [SweepRow]
  private let comparesScaling: Bool
  private let suffix: String

  private init(group: SweepGroup, comparesScaling: Bool, suffix: String) {
    self.group = group
    let baseline = group.rows.filter { $0.position == group.baseline?.position }
    let chosen = Set((baseline + Selection.spread(group.changed, Selection.curves - baseline.count)).map(\.position))
    rows = group.rows.filter { chosen.contains($0.position) }
    self.comparesScaling = comparesScaling
    self.suffix = suffix
  }

  /// Every figure that has something to show, and what is not shown, in words.
  package static func all(of table: SweepTable, prefix: String) -> (figures: [Figure], notes: [String]) {
    let every = table.figureGroups
    let groups = Selection.spread(every, Selection.figureGroups)
    let notes =
      groups.count < every.count
      ? [
        "\(table.name): curves are drawn for \(groups.count) of \(every.count) groups of cells, evenly spread"
          + " (\(groups.map(\.label).joined(separator: "; "))). The score table has all of them."
      ] : []
    let figures = groups.enumerated().flatMap { index, group in
      let figures = ExposureFigures(
        group: group, comparesScaling: table.comparison == .scaling, suffix: groups.count > 1 ? "-\(index + 1)" : "")
      return [figures.norms, figures.gap, figures.delta, figures.deltaChange, figures.spread, figures.singleStep, figures.schedule]
        .compactMap { $0 }.map { figure in
          var named = figure
          named.name = prefix + figure.name
          return named
        }
    }
    return (figures, notes)
  }

  /// ||eps_theta||_2 per step: training, sampling, sampling after Epsilon Scaling.
  private var norms: Figure? {
    let curves = rows.compactMap { row in row.values.norms.map { (row, $0.scaledNorm) } }.filter { !$0.1.isEmpty }
    let training =
      group.rows.compactMap(\.values.training).first { $0.stepCount == group.rows.first?.stepCount }?.points(.epsilonNorm) ?? [:]
    guard !curves.isEmpty || !training.isEmpty else { return nil }
    let x = positions(curves.map(\.1) + [training])
    let reference = training.isEmpty ? [] : [FigureSeries("training", training, over: x, .reference)]
    return figure(
      "epsilon-norms", "Epsilon norms",
      "Mean L2 norm of the noise prediction at each step: on noised training images (training), and on the sampler's own states (sampling). With"
        + " Epsilon Scaling the norm is that of the scaled prediction. Timestep 1 is the least noisy.",
      y: "‖{/:Italic ε}_{/:Italic θ}‖_2", x: x,
      series: reference
        + series(curves, over: x) { row in
          let isPlain = row.isUnscaled || !comparesScaling
          // In a long sweep the legend has room for the short form only.
          return (isPlain ? "sampling, " : rows.count > 4 ? "" : "after scaling, ") + row.label.compared
        })
  }

  /// Delta N(t) = sampling norm - training norm.
  private var gap: Figure? {
    let curves = rows.map { ($0, $0.measures.gap) }.filter { !$0.1.isEmpty }
    guard !curves.isEmpty else { return nil }
    let x = positions(curves.map(\.1))
    return figure(
      "epsilon-norm-gap", "Gap of the epsilon norms",
      "Sampling norm (after Epsilon Scaling) minus training norm. Zero: the network sees in sampling what it saw in training.",
      y: "Δ{/:Italic N}({/:Italic t})", x: x, series: series(curves, over: x), zeroLine: true)
  }

  /// delta_t per step.
  private var delta: Figure? {
    let curves = rows.compactMap { row in row.values.delta.map { (row, $0.points(.delta)) } }.filter { !$0.1.isEmpty }
    guard !curves.isEmpty else { return nil }
    let x = positions(curves.map(\.1))
    return figure(
      "delta", "Exposure bias δ",
      "The squared distance between the spread of the sampler's states around the noised image and the spread of the forward process. The chain"
        + " starts at the noisiest step, so near timestep 1 it mostly holds the data's own variance.",
      y: "{/:Italic δ_t}", x: x, series: series(curves, over: x))
  }

  /// delta_t of each cell minus that of the baseline: on the scale of delta_t itself the curves often coincide.
  private var deltaChange: Figure? {
    guard let baseline = group.baseline, let reference = baseline.values.delta?.points(.delta), !reference.isEmpty else { return nil }
    let curves = rows.compactMap { row -> (SweepRow, [Int: Double])? in
      guard row.position != baseline.position, let own = row.values.delta?.points(.delta) else { return nil }
      let change = own.compactMap { step, value in reference[step].map { (step, value - $0) } }
      return change.isEmpty ? nil : (row, Dictionary(uniqueKeysWithValues: change))
    }
    guard !curves.isEmpty else { return nil }
    let x = positions(curves.map(\.1))
    return figure(
      "delta-change", comparesScaling ? "Change of δ by scaling" : "Change of δ",
      "δ of each cell minus δ at \(baseline.label.compared), step by step. Below zero: less exposure bias.",
      y: "change of\u{A0}{/:Italic δ_t}", x: x, series: series(curves, over: x), zeroLine: true)
  }

  /// Spread of the sampler's states against that of the forward process.
  private var spread: Figure? {
    let curves = rows.compactMap { row -> (SweepRow, [Int: Double])? in
      let forward = RowMeasures.forwardSpread(row.values)
      let own = row.values.delta?.points(.marginalDeviation) ?? [:]
      let ratio = own.compactMap { step, value in forward[step].flatMap { $0 == 0 ? nil : (step, value / $0) } }
      return ratio.isEmpty ? nil : (row, Dictionary(uniqueKeysWithValues: ratio))
    }
    guard !curves.isEmpty else { return nil }
    let x = positions(curves.map(\.1))
    let forward = Dictionary(uniqueKeysWithValues: x.map { ($0, 1.0) })
    return figure(
      "marginal-std", "Spread of the states",
      "Standard deviation per pixel of the sampler's states over that of the forward process at the same step (its line is 1). Below 1: samples"
        + " are less spread than noised data.",
      y: "std({/:Italic x̂_t}) / std({/:Italic x_t})", x: x,
      series: [FigureSeries("forward process", forward, over: x, .reference)] + series(curves, over: x))
  }

  /// lambda(i): what the noise prediction is divided by.
  private var schedule: Figure? {
    let curves = rows.compactMap { row -> (SweepRow, [Int: Double])? in
      let curve = [row.values.norms, row.values.delta].lazy.compactMap { $0 }.first { $0.series[.lambda] != nil }
      return curve.map { (row, $0.points(.lambda)) }
    }
    guard curves.contains(where: { $0.1.values.contains { $0 != 1 } }) else { return nil }
    let x = positions(curves.map(\.1))
    return figure(
      "lambda", "Scaling schedule λ", "What the noise prediction is divided by at each step; 1 leaves it as it is.", y: "{/:Italic λ}",
      x: x,
      series: series(curves, over: x))
  }

  /// The same error after one reverse step from a noised image.
  private var singleStep: Figure? {
    let curves = rows.compactMap { row in row.values.singleStep.map { (row, $0.points(.delta)) } }.filter { !$0.1.isEmpty }
    guard !curves.isEmpty else { return nil }
    let x = positions(curves.map(\.1))
    // Training mode knows no lambda: a sweep over it shares one curve, which then belongs to no row.
    let isShared = curves.count > 1 && curves.allSatisfy { $0.1 == curves[0].1 }
    return figure(
      "single-step", "Error of a single step",
      "δ after one reverse step from a noised image: what each step adds by itself.",
      y: "single-step\u{A0}{/:Italic δ_t}", x: x,
      series: isShared ? [FigureSeries("training mode", curves[0].1, over: x, .reference)] : series(curves, over: x), isOfAllRows: isShared)
  }
}

extension ExposureFigures {
  private func figure(
    _ name: String, _ title: String, _ caption: String, y: String, x: [Int], series: [FigureSeries], zeroLine: Bool = false,
    isOfAllRows: Bool = false
  ) -> Figure {
    Figure(
      name: name + suffix, title: group.label.isEmpty ? title : "\(title) (\(group.label))",
      caption: caption + (isOfAllRows ? "" : thinned),
      xTitle: "timestep (1 = least noise)",
      yTitle: y, x: x, extra: [levels(x)].compactMap { $0 }, series: series, zeroLine: zeroLine)
  }

  private var thinned: String {
    rows.count == group.rows.count
      ? ""
      : " Drawn: \(rows.count) of \(NumberText.count(group.rows.count)) cells, evenly spread over the sweep; the score table has all of them."
  }

  private func positions(_ curves: [[Int: Double]]) -> [Int] {
    Set(curves.flatMap(\.keys)).sorted()
  }

  /// One series per row, numbered by the row's place among the changed ones, so that a cell keeps its colour in every figure.
  private func series(
    _ curves: [(SweepRow, [Int: Double])], over x: [Int], label: (SweepRow) -> String = { $0.label.compared }
  ) -> [FigureSeries] {
    let order = rows.filter { $0.position != group.baseline?.position }.map(\.position)
    return curves.map { row, points in
      FigureSeries(label(row), points, over: x, order.firstIndex(of: row.position).map { .cell($0) } ?? .baseline)
    }
  }

  /// The noise level of each position, from the first curve that tells it.
  private func levels(_ x: [Int]) -> FigureColumn? {
    var known: [Int: Double] = [:]
    var name: String?
    for row in rows {
      for curve in [row.values.training, row.values.norms, row.values.delta, row.values.singleStep].compactMap({ $0 }) {
        let levels = curve.shownLevels
        for (index, level) in zip(curve.positions, levels) where known[index + 1] == nil { known[index + 1] = level }
        if name == nil, !levels.isEmpty { name = curve.levelName }
      }
    }
    return name.map { FigureColumn(name: $0, values: x.map { known[$0] }) }
  }
}
