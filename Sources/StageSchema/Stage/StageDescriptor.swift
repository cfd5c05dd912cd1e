/// The type of a port: what flows along an edge.
public enum PortType: String, Sendable, Hashable, CaseIterable {
  /// Weights, configuration and the noise process they were trained on.
  case network
  /// A network whose activations are features (Fréchet distances), with no noise process.
  case features
  /// An autoencoder between pictures and latents.
  case firstStage = "first-stage"
  /// A classifier of noisy images, for guidance.
  case classifier
  /// Real images, or their latents.
  case dataset
  /// Random numbers that were drawn elsewhere.
  case noise
  /// Generated images.
  case samples
  /// What metrics ask of a set of images, accumulated on features.
  case statistics
  /// One or more series over the sampling steps.
  case curve
  /// Named figures of merit.
  case scores
  /// What a `table` stage gathered.
  case table
}

/// An input of a stage.
public struct InputPort: Sendable, Hashable {
  public let name: String
  /// What may be wired to it.
  public let accepts: Set<PortType>
  public let isRequired: Bool
  public let doc: String
  /// What stands before the port where something is wired to it that it does not take as it is.
  public let implied: ImpliedStage?
  private let direct: Set<PortType>

  /// - Parameters:
  ///   - accepts: what it takes as it is.
  ///   - implied: what makes that of other things.
  public init(_ name: String, _ accepts: Set<PortType>, through implied: ImpliedStage? = nil, required: Bool = true, doc: String) {
    self.name = name
    direct = accepts
    self.accepts = accepts.union(implied?.accepts ?? [])
    self.implied = implied
    self.isRequired = required
    self.doc = doc
  }

  /// The stage that stands between the port and something of this type; nil where the port takes it as it is.
  public func implied(by type: PortType) -> ImpliedStage? { direct.contains(type) ? nil : implied }
}

/// An output of a stage. The first output is the one meant when an edge names only the stage.
public struct OutputPort: Sendable, Hashable {
  public let name: String
  public let type: PortType
  /// Whether it depends on the parameters that there is one: what `infer` leaves out, nothing may be taken from.
  public let isOptional: Bool
  public let doc: String

  public init(_ name: String, _ type: PortType, optional: Bool = false, doc: String) {
    self.name = name
    self.type = type
    self.isOptional = optional
    self.doc = doc
  }
}

/// What a stage declares without running.
public struct StageDescriptor: Sendable, Hashable {
  /// The name used in `uses:`.
  public let name: String
  /// Bumped whenever equal parameters and inputs can give other bytes.
  public let version: Int
  public let doc: String
  public let inputs: [InputPort]
  /// When set, any further input name is accepted if its type is one of these (`table`).
  public let openInputs: Set<PortType>?
  /// Whether there has to be an open input.
  public let needsOpenInputs: Bool
  public let outputs: [OutputPort]
  public let parameters: [ParameterField]

  public init(
    name: String, version: Int, doc: String, inputs: [InputPort], openInputs: Set<PortType>? = nil, needsOpenInputs: Bool = true,
    outputs: [OutputPort], parameters: [ParameterField]
  ) {
    self.name = name
    self.version = version
    self.doc = doc
    self.inputs = inputs
    self.openInputs = openInputs
    self.needsOpenInputs = needsOpenInputs && openInputs != nil
    self.outputs = outputs
    self.parameters = parameters
  }

  public func output(_ name: String) -> OutputPort? { outputs.first { $0.name == name } }
  public func input(_ name: String) -> InputPort? { inputs.first { $0.name == name } }
}
