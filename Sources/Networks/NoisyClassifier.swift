public import Engine

/// A classifier of noisy pictures that samplers are guided by (Dhariwal and Nichol 2021).
///
/// Inputs: "x" `[N, C, S, S]`, "timesteps" `[N]`, "labels" `[N]`. Outputs: "logits" `[N, classes]` and "log_prob" `[N]`, the log
/// probability of the label.
public protocol NoisyClassifier: Network {}

extension NoisyClassifier {
  public static var role: NetworkRole { .classifier }
  public var outputChannels: Int { 0 }

  /// The graph with the further output "gradient" `[N, C, S, S]`: of the log probability with respect to "x".
  public func guidanceGraph() throws -> Graph { try graph().gradient(of: "log_prob", withRespectTo: "x", named: "gradient") }
}
