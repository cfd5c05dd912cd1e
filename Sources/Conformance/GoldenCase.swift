import Basics
import Checkpoints
public import Engine
import Foundation

/// The description of a golden case, `case.json`: what to compute, and what the results are compared with.
public struct GoldenCase: Sendable {
  /// A declared input or output.
  public struct Tensor: Sendable, Hashable {
    public let name: String
    public let shape: [Int]
    public let dtype: String
    /// Outputs only.
    public let tolerance: Tolerance?
  }

  /// got passes when |got - expected| <= absolute + relative · |expected|.
  public struct Tolerance: Sendable, Hashable {
    public let relative: Double
    public let absolute: Double
  }

  public let folder: String
  public let name: String
  public let family: String
  public let kind: String
  public let inputs: [Tensor]
  public let outputs: [Tensor]
  /// Path of the checkpoint, for cases that run a network.
  public let weights: String?
  /// What its networks run on.
  let device: any Device
  let config: JSONValue
  /// Parts of the description that only some kinds have, by name.
  let parts: [String: JSONValue]

  /// Reads `case.json` of a folder, whose networks are to run on `device`. Throws when it is not a case or has a part that is not understood.
  public init(folder: String, on device: any Device) throws {
    let path = folder + "/case.json"
    do {
      let fields = try FieldReader(JSONValue(contentsOf: path), place: "case")
      self.folder = folder
      self.device = device
      name = fields.has("case") ? try fields.text("case") : URL(filePath: folder).lastPathComponent
      kind = try fields.text("kind")
      family = try fields.text("family")
      config = fields.value("config") ?? .object([:])
      inputs = try Self.tensors(fields.value("inputs") ?? .object([:]), areOutputs: false)
      let left = Set(fields.value("not_stored")?.list?.compactMap(\.text) ?? [])
      outputs = try Self.tensors(fields.value("outputs") ?? .object([:]), areOutputs: true).filter { !left.contains($0.name) }
      weights = fields.has("weights") ? try folder + "/" + fields.text("weights") : nil
      // Said for people.
      fields.accept("about", "source", "weights_format", "notes", "not_stored")
      parts = fields.takeRest()
    } catch let error as PlumbError {
      throw error.place?.hasPrefix(path) == true ? error : error.at(path)
    }
  }

  private static func tensors(_ value: JSONValue, areOutputs: Bool) throws -> [Tensor] {
    guard let fields = value.object else { throw PlumbError("inputs or outputs are not an object", kind: .input) }
    return try fields.sorted { $0.key < $1.key }.map { name, description in
      let fields = try FieldReader(description, place: name)
      let (shape, dtype) = (try fields.integers("shape"), try fields.text("dtype"))
      fields.accept("meaning")
      var tolerance: Tolerance?
      if areOutputs {
        let values = try fields.object("tolerance")
        tolerance = Tolerance(relative: try values.number("rtol"), absolute: try values.number("atol"))
      }
      try fields.finish()
      return Tensor(name: name, shape: shape, dtype: dtype, tolerance: tolerance)
    }
  }
}
