import Basics
import Report
import Testing

@Suite struct FindingsTests {
  /// Expected numbers are those the reference's README gives for this model.
  @Test func digitsFindingsSayWhatFollowsThePaperAndWhatDoesNot() throws {
    let findings = Findings.all(of: try Fixture.sweep())
    #expect(findings.map(\.topic) == ["Norm gap", "Exposure bias", "Spread", "class score", "FD", "Caution"])
    let text = Dictionary(uniqueKeysWithValues: findings.map { ($0.topic, ([$0.text] + $0.items).joined(separator: " ")) })
    #expect(text["Norm gap"]?.contains("larger in sampling than in training") == true)
    #expect(text["Norm gap"]?.contains("the average of its absolute value grows") == true)
    #expect(text["Exposure bias"]?.hasPrefix("δ₁ does not fall: ") == true)
    #expect(text["Spread"]?.contains("less spread than noised data") == true)
    #expect(text["FD"]?.contains("−0.91 (λ(i) = 0.004 i + 1)") == true)
    #expect(text["FD"]?.contains("lower is better") == true)
  }

  @Test func fallingDeltaIsSaidToFall() throws {
    func row(_ b: Double, _ delta: Double) -> JSONValue {
      ["coordinates": ["scaling": ["b": .number(b), "k": 0]], "values": ["d": ["kind": "delta", "steps": 2, "delta": [.number(delta)]]]]
    }
    let sweep = try Fixture.sweep(["kind": "table", "axes": ["scaling"], "rows": [row(1, 0.5), row(1.02, 0.4), row(1.03, 0.6)]])
    let text = Findings.all(of: sweep).map(\.text)
    #expect(text.first?.hasPrefix("δ₁ falls: 0.500 → 0.400 (b = 1.02). δ₁ does not fall: 0.500 → 0.600 (b = 1.03).") == true)
  }

  @Test func numbersThatDifferAreToldApart() {
    #expect(Findings.pair(0.39241, 0.39243) == ("0.39241", "0.39243"))
    #expect(Findings.pair(0.392, 0.394) == ("0.392", "0.394"))
    #expect(Findings.pair(1, 1) == ("1.00", "1.00"))
  }
}
