import Basics

/// Which of the parameters of a checkpoint that holds several sets.
public enum WeightChoice: String, Sendable, Hashable, CaseIterable {
  /// The set the network's authors sample with: the moving average where the file has one and they use it.
  case authors
  /// The moving average; a file without one is refused.
  case ema
  /// The weights that were trained.
  case raw
}

/// The sets of weights a file holds of one network, each by what stands in front of its names.
struct WeightSets: Sendable, Hashable {
  /// The moving average.
  var averaged: String?
  /// The weights that were trained.
  var trained: String?
  /// A set of which the file does not tell which it is.
  var unnamed: String?

  var isEmpty: Bool { averaged == nil && trained == nil && unnamed == nil }

  /// The prefix of the set of this choice. Authors sample with the moving average where there is one; a set that stands alone
  /// is what was trained as well as what they sample with. Throws when the file has none such.
  func prefix(_ choice: WeightChoice) throws -> String {
    let prefix =
      switch choice {
      case .authors: averaged ?? unnamed ?? trained
      case .ema: averaged
      case .raw: trained ?? (averaged == nil ? unnamed : nil)
      }
    if let prefix { return prefix }
    throw Self.missing(choice)
  }

  /// That a file has no set of this choice.
  private static func missing(_ choice: WeightChoice) -> PlumbError {
    switch choice {
    case .ema: PlumbError("the file holds no moving average of the network", kind: .input, expected: "authors or raw", found: "ema")
    case .raw: PlumbError("the file holds the network's moving average only", kind: .input, expected: "authors or ema", found: "raw")
    case .authors: PlumbError("the file holds no weights of the network", kind: .input)
    }
  }
}
