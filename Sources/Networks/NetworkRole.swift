/// What a network is for; decides which stage reads it.
public enum NetworkRole: String, Sendable, Hashable, CaseIterable {
  /// Predicts the noise in a picture or latent, or what noise can be had from.
  case noise
  /// Gives features of pictures, for Fréchet distances.
  case features
  /// Tells the class of a noisy picture, for guidance.
  case classifier
  /// Turns pictures into latents and back.
  case firstStage = "first-stage"
}
