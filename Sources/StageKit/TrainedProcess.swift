import Basics
import Diffusion

/// The noise process a network was trained on, kept with the network so that no later stage repeats it.
public struct TrainedProcess: Sendable, Hashable {
  /// "linear" or "cosine" (guidance: `get_named_beta_schedule` of guided-diffusion).
  public var noiseSchedule: String
  /// T, the number of training steps.
  public var diffusionSteps: Int
  /// "learned-range", "learned", "fixed-large" or "fixed-small".
  public var variance: String
  /// The network receives timestep * 1000 / T as a float.
  public var rescaleTimesteps: Bool
  /// "epsilon" or "xstart": what the network's first channels are.
  public var prediction: String

  public init(noiseSchedule: String, diffusionSteps: Int, variance: String, rescaleTimesteps: Bool, prediction: String) {
    self.noiseSchedule = noiseSchedule
    self.diffusionSteps = diffusionSteps
    self.variance = variance
    self.rescaleTimesteps = rescaleTimesteps
    self.prediction = prediction
  }

  /// Reads the record of the `process` parameter (also the form kept in a network artifact).
  public init(_ parameters: StageParameters) throws {
    noiseSchedule = try parameters.text("noise_schedule")
    diffusionSteps = try parameters.integer("diffusion_steps")
    variance = try parameters.text("variance")
    rescaleTimesteps = try parameters.bool("rescale_timesteps")
    prediction = try parameters.text("prediction")
  }

  public init(json: JSONValue) throws {
    guard let noiseSchedule = json["noise_schedule"]?.text, let diffusionSteps = json["diffusion_steps"]?.integer,
      let variance = json["variance"]?.text, let rescaleTimesteps = json["rescale_timesteps"]?.bool,
      let prediction = json["prediction"]?.text
    else { throw PlumbError("a network artifact has no readable noise process", found: String(decoding: json.encoded(), as: UTF8.self)) }
    self.init(
      noiseSchedule: noiseSchedule, diffusionSteps: diffusionSteps, variance: variance, rescaleTimesteps: rescaleTimesteps,
      prediction: prediction)
  }

  public var json: JSONValue {
    [
      "noise_schedule": .text(noiseSchedule), "diffusion_steps": JSONValue(diffusionSteps), "variance": .text(variance),
      "rescale_timesteps": .bool(rescaleTimesteps), "prediction": .text(prediction),
    ]
  }

  /// The schema of the `process` parameter.
  public static let fields: [ParameterField] = [
    ParameterField("noise_schedule", .choice(["linear", "cosine"]), doc: "The beta schedule of training, under guided-diffusion's name."),
    ParameterField(
      "diffusion_steps", .integer(1...1_000_000), default: .integer(1000), unit: "steps", doc: "T, the number of training timesteps."),
    ParameterField(
      "variance", .choice(["learned-range", "learned", "fixed-large", "fixed-small"]), default: .text("learned-range"),
      doc: "What the reverse step's variance is; learned ones are the network's last channels."),
    ParameterField(
      "rescale_timesteps", .bool, default: .bool(false), doc: "The network receives timestep * 1000 / diffusion_steps."),
    ParameterField(
      "prediction", .choice(["epsilon", "xstart"]), default: .text("epsilon"), doc: "What the network's first channels predict."),
  ]
}
