import Basics
import Conformance
import EngineCPU
import Foundation
import Testing

@Suite struct EDMCaseTests {
  static let cases = ["edm", "pfgmpp"].flatMap { family in
    let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/\(family)")
    return ((try? CaseFolders.find(under: golden.path)) ?? []).filter { folder in
      (try? GoldenCase(folder: folder, on: CPUDevice())).map { ["net", "block"].contains($0.kind) } ?? false
    }
  }

  @Test func theNetworksAreThere() {
    #expect(Self.cases.count == 7 + 3 + 2)
  }

  @Test(arguments: cases) func theNetworkIsTheOriginals(_ folder: String) {
    let result = CaseResult(running: folder, on: CPUDevice())
    let lines = CaseReport.lines(result).filter { $0.contains("FAIL") }
    #expect(result.passed, "\(lines.joined(separator: "\n"))")
  }
}
