import Testing

/// The public yaml-test-suite. What libyaml accepts or refuses there we do too, our tree and the values in it are the
/// suite's, and `differences.md` says where not, and why.
@Suite(
  .enabled(
    if: YAMLSuite.folder != nil,
    "the yaml-test-suite is public data beside the project: ../shared/yaml-test-suite, or where PLUMB_YAML_SUITE says"))
struct YAMLSuiteTests {
  @Test func `every case is what the suite says, or its difference is listed`() throws {
    let cases = try YAMLSuite.cases()
    #expect(cases.count >= 400, "the suite has about 400 cases")
    let listed = try SuiteDifferences.listed()
    #expect(listed.map(\.id) == Set(listed.map(\.id)).sorted(), "every case once, in order")
    #expect(listed.allSatisfy { !$0.reason.isEmpty && !$0.kinds.isEmpty }, "every difference has a reason")
    var open = Dictionary(listed.map { ($0.id, $0.kinds) }, uniquingKeysWith: { first, _ in first })
    for test in cases {
      let found = try SuiteDifferences.found(in: test)
      let expected = open.removeValue(forKey: test.id) ?? ""
      #expect(found == expected, "\(test.id): found '\(found)', the list says '\(expected)'")
    }
    #expect(open.isEmpty, "listed, but no case: \(open.keys.sorted())")
  }
}
