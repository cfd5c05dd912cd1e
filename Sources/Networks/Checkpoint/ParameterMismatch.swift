import Basics
public import Checkpoints
public import Engine

/// A parameter in which a graph and a checkpoint differ.
public enum ParameterMismatch: Hashable, Sendable, CustomStringConvertible {
  /// The graph wants it, the checkpoint lacks it.
  case missing(ParameterSpec)
  /// The checkpoint has it, the graph does not use it.
  case unexpected(TensorEntry)
  case wrongShape(ParameterSpec, found: [Int])

  /// The parameter's name.
  public var name: String {
    switch self {
    case .missing(let parameter), .wrongShape(let parameter, _): parameter.name
    case .unexpected(let entry): entry.name
    }
  }

  public var description: String {
    switch self {
    case .missing(let parameter): "\(parameter.name) is missing (expected \(parameter.shape))"
    case .unexpected(let entry): "\(entry.name) \(entry.shape) belongs to no layer"
    case .wrongShape(let parameter, let found): "\(parameter.name) has shape \(found) instead of \(parameter.shape)"
    }
  }
}

extension ParameterMismatch {
  /// Every difference between the parameters a network has and a checkpoint's tensors: wrong shapes first, then what is
  /// missing, in the network's order, then what is unexpected, in the checkpoint's.
  public static func all(_ parameters: [ParameterSpec], against entries: [TensorEntry]) -> [ParameterMismatch] {
    let found = Dictionary(entries.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let wanted = Set(parameters.map(\.name))
    var wrongShapes: [ParameterMismatch] = []
    var missing: [ParameterMismatch] = []
    for parameter in parameters {
      guard let shape = found[parameter.name] else {
        missing.append(.missing(parameter))
        continue
      }
      if shape != parameter.shape { wrongShapes.append(.wrongShape(parameter, found: shape)) }
    }
    return wrongShapes + missing + entries.filter { !wanted.contains($0.name) }.map(ParameterMismatch.unexpected)
  }

  /// Throws one error that counts the differences and names the first few, so that a wrong configuration is told from a
  /// wrong file. The place is the checkpoint's.
  public static func check(_ parameters: [ParameterSpec], against entries: [TensorEntry], at place: String) throws {
    let mismatches = all(parameters, against: entries)
    guard !mismatches.isEmpty else { return }
    let shown = mismatches.prefix(5).map(\.description).joined(separator: "; ")
    let rest = mismatches.count > 5 ? "; and \(mismatches.count - 5) more" : ""
    throw PlumbError(
      "the checkpoint does not fit the network's configuration: \(shown)\(rest)", kind: .input, at: place,
      expected: "\(parameters.count) parameters of these names and shapes", found: "\(mismatches.count) differences")
  }
}

extension Graph {
  /// Every difference between the parameters of this graph and a checkpoint's tensors.
  public func mismatches(against entries: [TensorEntry]) -> [ParameterMismatch] {
    ParameterMismatch.all(parameters, against: entries)
  }

  /// Throws when there is any, and names the first few.
  public func check(against entries: [TensorEntry], at place: String) throws {
    try ParameterMismatch.check(parameters, against: entries, at: place)
  }
}
