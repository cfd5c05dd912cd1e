import Scoring
import Testing

@Suite struct ScoreHeadingTests {
  /// The metrics of the registry, common ones of other programs, and names of which nothing is known.
  @Test(
    arguments: [
      ("fd", "FD", .lower), ("class_score", "class score", .higher), ("fid", "FID", .lower), ("sfid", "sFID", .lower),
      ("inception_score", "inception score", .higher), ("theirs.fid", "theirs.fid", .lower), ("my_own", "my own", nil), ("", "", nil),
    ] as [(String, String, MetricDirection?)])
  func aNameInAResultTellsTitleAndDirection(_ name: String, _ title: String, _ direction: MetricDirection?) {
    #expect(ScoreHeading(of: name).title == title)
    #expect(ScoreHeading(of: name).direction == direction)
  }
}
