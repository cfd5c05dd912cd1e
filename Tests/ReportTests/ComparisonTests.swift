import Basics
import Report
import Results
import Testing

/// Which rows of a sweep are held against which, from what its axes fill. Every number is small enough to be worked out by hand.
@Suite struct ComparisonTests {
  private static let lam = RecordedAxis(
    name: "lam",
    fills: [.init(stage: "sample", field: "epsilon_scaling.b", source: "", isWhole: true, meaning: .lambdaOffset)])
  private static let steps = RecordedAxis(
    name: "steps", fills: [.init(stage: "sample", field: "steps", source: "", isWhole: true, meaning: .setting)])
  private static let seed = RecordedAxis(
    name: "draw",
    fills: [
      .init(stage: "sample", field: "seed", source: "", isWhole: true, meaning: .replicate),
      .init(stage: "train", field: "first", source: "", isWhole: true, meaning: .replicate),
    ])

  /// A table of one metric over axes, rows in the order of the last axis running fastest.
  private static func sweep(_ axes: [(axis: RecordedAxis, values: [Double])], _ scores: [Double]) -> SweepTable {
    var points: [[String: JSONValue]] = [[:]]
    for (axis, values) in axes {
      points = points.flatMap { point in values.map { value in point.merging([axis.name: .number(value)]) { $1 } } }
    }
    let rows = zip(points, scores).map { point, score in
      GatheredTable.Row(
        label: point.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","), coordinates: point,
        values: ["score": StoredResult(Scores(samples: 100, metrics: ["fd": score]).json)])
    }
    let lambdas = points.compactMap { point in
      point[lam.name]?.double.map { (point.filter { $0.key == lam.name }, Lambda(slope: 0, offset: $0)) }
    }
    return SweepTable(
      ReportTable(name: "table", value: GatheredTable(axes: axes.map(\.axis.name), shared: [:], rows: rows)),
      design: SweepDesign(axes: axes.map(\.axis), lambdas: Dictionary(lambdas, uniquingKeysWith: { first, _ in first })))
  }

  private static func changes(_ sweep: SweepTable) throws -> [Double?] {
    let table = try #require(ScoreTable.table(of: sweep, prefix: ""))
    guard let column = table.columns.firstIndex(where: { $0.key == "fd_change" }) else { return table.rows.map { _ in nil } }
    return table.rows.indices.map { table.value($0, column).number }
  }

  /// `lam` x `steps` with `{b: $lam}`: 5 steps are compared with 5 steps, and 20 with 20.
  @Test func rowsAreComparedWithinEqualOtherSettings() throws {
    let sweep = Self.sweep([(Self.lam, [1, 1.02]), (Self.steps, [5, 20])], [2, 1, 1.75, 1.25])
    #expect(sweep.comparison == .scaling)
    #expect(try Self.changes(sweep) == [nil, nil, -0.25, 0.25])
    #expect(sweep.rows.map(\.label.compared) == ["b = 1", "b = 1", "b = 1.02", "b = 1.02"])
    #expect(sweep.groups.map(\.label) == ["steps = 5", "steps = 20"])
    #expect(PairedChanges.table(of: sweep, prefix: "") == nil, "a number of steps is no draw of an experiment")
    let finding = try #require(Findings.all(of: sweep).first { $0.topic == "FD" })
    #expect(
      finding.items == [
        "steps = 5: 2.00 at b = 1 (100 samples); paired change −0.25 (b = 1.02).",
        "steps = 20: 1.00 at b = 1 (100 samples); paired change +0.25 (b = 1.02).",
      ])
  }

  /// As `digits-steps` has them: three numbers of steps are three settings, and nothing is averaged over them.
  @Test func settingsAreNeverAveraged() throws {
    let sweep = Self.sweep([(Self.steps, [5, 10, 20]), (Self.lam, [1, 1.02])], [8, 7, 4, 3.5, 2, 2.25])
    #expect(try Self.changes(sweep) == [nil, -1, nil, -0.5, nil, 0.25])
    #expect(sweep.changes.map(\.values) == [[-1], [-0.5], [0.25]])
    #expect(sweep.changes.allSatisfy { $0.deviation == nil })
    #expect(!Findings.all(of: sweep).contains { $0.text.contains("mean paired change") || $0.items.contains { $0.contains("±") } })
  }

  /// Changes 1, 2 and 3 with two steps, -1, -1 and -4 with four: means 2 and -2, standard deviations 1 and the root of 3.
  @Test func drawsAreAveragedSettingBySetting() throws {
    let sweep = Self.sweep(
      [(Self.seed, [0, 1, 2]), (Self.steps, [2, 4]), (Self.lam, [1, 1.5])], [5, 6, 9, 8, 5, 7, 9, 8, 4, 7, 9, 5])
    let table = try #require(PairedChanges.table(of: sweep, prefix: ""))
    #expect(table.columns.map(\.key) == ["metric", "settings", "compared", "replicates", "mean_change", "deviation", "fell_in"])
    #expect(table.rows.map { $0[1] } == [.text("steps = 2"), .text("steps = 4")])
    #expect(table.rows.map { $0[3] } == [.integer(3), .integer(3)])
    #expect(table.rows.map { $0[4] } == [.number(2), .number(-2)])
    #expect(table.rows.map { $0[5] } == [.number(1), .number(3.0.squareRoot())])
    #expect(table.rows.map { $0[6] } == [.integer(0), .integer(3)])
  }

  /// `lam` scales sampling and `other` the measurement: two values of `other` are two settings, never draws of one experiment.
  @Test func theLambdaOfAnotherStageIsASetting() throws {
    let other = RecordedAxis(
      name: "other",
      fills: [.init(stage: "delta", field: "epsilon_scaling.b", source: "", isWhole: true, meaning: .lambdaOffset)])
    let sweep = Self.sweep([(Self.lam, [1, 1.02]), (other, [1, 1.5])], [4, 8, 3, 6])
    #expect(sweep.comparison == .scaling)
    #expect(sweep.groups.map(\.settings) == ["other = 1", "other = 1.5"])
    #expect(sweep.changes.map(\.values) == [[-1], [-2]])
    #expect(!sweep.hasReplicates)
    let both = RecordedAxis(name: "lam", fills: Self.lam.fills + other.fills)
    #expect(SweepDesign(axes: [both, Self.steps]).role(of: "lam") == .scaling, "it scales both alike")
  }

  @Test func withoutScalingTheOneSettingIsCompared() throws {
    let sweep = Self.sweep([(Self.steps, [5, 10])], [3, 2])
    #expect(sweep.comparison == .setting("steps"))
    #expect(try Self.changes(sweep) == [nil, -1])
  }

  @Test func ofTwoSettingsNeitherIsHeldAgainstTheOther() throws {
    let width = RecordedAxis(
      name: "b", fills: [.init(stage: "weights", field: "config.b", source: "", isWhole: true, meaning: .setting)])
    let sweep = Self.sweep([(Self.steps, [5, 10]), (width, [1, 2])], [4, 3, 2, 1])
    #expect(sweep.comparison == .none, "an axis called b is no scaling")
    #expect(try Self.changes(sweep) == [nil, nil, nil, nil])
    #expect(Findings.all(of: sweep).map(\.text) == ["from 1.00 (steps = 10, b = 2) to 4.00 (steps = 5, b = 1); lower is better."])
  }

  /// An axis that moves a seed and the steps together is a setting.
  @Test func anAxisThatFillsMoreThanSeedsIsASetting() throws {
    var mixed = Self.seed
    mixed.fills.append(Self.steps.fills[0])
    let sweep = Self.sweep([(mixed, [0, 1]), (Self.lam, [1, 1.02])], [1, 2, 3, 4])
    #expect(!sweep.hasReplicates)
    #expect(sweep.groups.map(\.settings) == ["draw = 0", "draw = 1"])
  }

  /// The table of one seed names no seed, but the cells whose lambda is known do.
  @Test func lambdaIsKnownWhereItDoesNotVaryAlongTheAxesThatATableLacks() {
    func point(_ lam: Double, _ draw: Double) -> [String: JSONValue] { ["lam": .number(lam), "draw": .number(draw)] }
    let design = SweepDesign(
      axes: [Self.lam, Self.seed],
      lambdas: [
        point(1, 0): Lambda(slope: 0, offset: 1), point(1, 1): Lambda(slope: 0, offset: 1), point(2, 0): Lambda(slope: 0, offset: 2),
        point(2, 1): Lambda(slope: 0, offset: 3),
      ])
    let table = design.lambdas(along: ["lam"])
    #expect(table[["lam": 1.0]] == Lambda(slope: 0, offset: 1))
    #expect(table[["lam": 2.0]] == nil, "it varies with the draw")
    #expect(design.lambdas(along: ["draw", "lam"])[point(2, 1)] == Lambda(slope: 0, offset: 3))
  }

  @Test func anOldRecordThatDoesNotSayIsNotGuessedAbout() throws {
    let rows = [1.0, 1.02].map { b in
      GatheredTable.Row(
        label: "", coordinates: ["scaling": ["b": .number(b), "k": 0]],
        values: ["s": StoredResult(Scores(samples: nil, metrics: ["fd": b]).json)])
    }
    let sweep = SweepTable(
      ReportTable(name: "table", value: GatheredTable(axes: ["scaling"], shared: [:], rows: rows)), design: SweepDesign(axes: nil))
    #expect(sweep.comparison == .none)
    #expect(try Self.changes(sweep) == [nil, nil])
    #expect(sweep.notes.contains { $0.contains("did not write down what its axes fill") })
  }
}
