import Basics
import Execution

/// What verifying a run showed.
struct VerificationListing {
  let run: String
  /// Whether the run's numbers were computed as this machine computes them.
  let isOwnProfile: Bool
  let verdicts: [CellVerdict]
  let tolerance: Double

  var isGood: Bool { verdicts.allSatisfy { $0.outcome == .equal || $0.outcome == .within } }

  var text: String {
    var text = TextTable.render(verdicts.map { ["  " + $0.cell, blocks($0), Self.words($0)] })
    if !isOwnProfile { text += "the run was computed under another numerics profile: last bits may differ\n" }
    let equal = verdicts.count { $0.outcome == .equal }
    let within = verdicts.count { $0.outcome == .within }
    text += "run \(run): \(equal) of \(verdicts.count) cells equal to the bit"
    if within > 0 { text += ", \(within) within \(tolerance)" }
    let others = verdicts.count - equal - within
    return text + (others > 0 ? ", \(others) not\n" : "\n")
  }

  var json: JSONValue {
    [
      "run": .text(run), "same_profile": .bool(isOwnProfile), "tolerance": .number(tolerance),
      "cells": .list(
        verdicts.map { verdict in
          [
            "name": .text(verdict.cell), "outcome": .text(Self.name(verdict.outcome)), "blocks": JSONValue(verdict.blocks.total),
            "blocks_recomputed": JSONValue(verdict.blocks.recomputed), "largest": .number(verdict.largest),
            "levels": JSONValue(verdict.levels), "sample": verdict.sample.map { JSONValue($0) } ?? .null,
            "step": verdict.step.map { JSONValue($0) } ?? .null, "words": .text(Self.words(verdict)),
          ]
        }),
    ]
  }

  private func blocks(_ verdict: CellVerdict) -> String {
    verdict.blocks.total == 0 ? "" : "\(verdict.blocks.recomputed) of \(verdict.blocks.total) blocks"
  }

  private static func name(_ outcome: CellVerdict.Outcome) -> String {
    switch outcome {
    case .equal: "equal"
    case .within: "within"
    case .different: "different"
    case .unknown: "unknown"
    }
  }

  private static func words(_ verdict: CellVerdict) -> String {
    switch verdict.outcome {
    case .equal: return "equal to the bit"
    case .within: return "equal within the tolerance" + size(verdict)
    case .unknown(let reason): return "not compared: \(reason)"
    case .different:
      var words = "different"
      if let sample = verdict.sample { words += " from sample \(sample)" + (verdict.step.map { ", step \($0)" } ?? "") + " on" }
      return words + size(verdict) + (verdict.mismatch.map { "; \($0)" } ?? "")
    }
  }

  private static func size(_ verdict: CellVerdict) -> String {
    var parts: [String] = []
    if verdict.largest > 0 { parts.append("by \(Float(verdict.largest))") }
    if verdict.levels > 0 { parts.append("pictures by \(verdict.levels) of 255") }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }
}
