/// A stage that stands between an edge and a port without being written out: the port takes what that stage makes of what
/// flows along the edge.
///
/// The stage `score` takes statistics of its reference; wired to a dataset, the pipeline has a stage `score.reference` that
/// makes them. It is a stage like any other: with cells of its own along its own axes, keys, blocks and a place in the plan, so
/// that cells of a sweep that compare with one reference share its statistics.
public struct ImpliedStage: Sendable, Hashable {
  public let descriptor: StageDescriptor
  /// What it stands before the port for, of what it could take.
  public let accepts: Set<PortType>
  /// The port of it that takes the edge. A further port of it is fed by the edge of the same name of the stage it stands
  /// before, where that has one.
  public let port: String
  /// Values of its fields. A field that is not among them has the value of the field of the same name of the stage it stands
  /// before, else its default.
  public let with: [String: ParameterValue]

  /// When it is needed at all; nil for always.
  public let need: Need?

  /// That a field of the stage it stands before names something which takes what it makes. Where no value of the field does, the
  /// edge ends: nothing is made of what it brings, and nothing arrives at the port.
  public struct Need: Sendable, Hashable {
    public let field: String
    public let names: Set<String>

    /// - Parameter field: a text or a list of texts.
    public init(field: String, names: Set<String>) {
      self.field = field
      self.names = names
    }

    /// Whether a value of the field names one of them.
    public func isMet(by value: ParameterValue) -> Bool {
      (value.list ?? [value]).contains { $0.text.map(names.contains) ?? false }
    }
  }

  public init(
    _ descriptor: StageDescriptor, of accepts: Set<PortType>, port: String, with: [String: ParameterValue] = [:], need: Need? = nil
  ) {
    self.descriptor = descriptor
    self.accepts = accepts
    self.port = port
    self.with = with
    self.need = need
  }
}
