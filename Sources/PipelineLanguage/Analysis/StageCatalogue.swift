public import StageSchema

/// The stages there are, as the language is handed them.
public struct StageCatalogue: Sendable {
  public let descriptors: [StageDescriptor]
  private let byName: [String: StageDescriptor]

  public init(_ descriptors: [StageDescriptor]) {
    self.descriptors = descriptors
    byName = Dictionary(descriptors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public subscript(name: String) -> StageDescriptor? { byName[name] }
  public var names: [String] { descriptors.map(\.name) }
}
