import ArtifactStore
import Basics
import Checkpoints
import StageRuntime
import StageSchema

/// Adopts random numbers drawn elsewhere, so that a run of another program, on whatever device it drew them, is repeated number
/// by number.
struct LoadNoise: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-noise", version: 1, doc: "Adopts random numbers drawn elsewhere, so that another program's run is repeated with them.",
    inputs: [], outputs: [OutputPort("noise", .noise, doc: "The numbers, for as many samples as there are.")],
    parameters: OutsideFile.fields + [
      ParameterField(
        "arrays",
        .record(
          NoiseArray.allCases.map { array in
            ParameterField(array.rawValue, .text, default: .text(array.rawValue), doc: "The array of \(array.meaning).")
          }), default: .record(Dictionary(uniqueKeysWithValues: NoiseArray.allCases.map { ($0.rawValue, .text($0.rawValue)) })),
        doc: "What the arrays of the file are called; all but start may be missing.")
    ])

  private let file: OutsideFile
  private let names: [NoiseArray: String]

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    let given = try parameters.record("arrays")
    names = Dictionary(uniqueKeysWithValues: try NoiseArray.allCases.map { ($0, try given.text($0.rawValue)) })
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    return StageInference(outputs: ["noise": try facts(file)], files: [OutsideFile.name: try file.digest()], unkeyed: OutsideFile.unkeyed)
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let bytes = try facts(file.planned(inputs)).byteCount
    return StageCost(outputBytes: bytes, sharedBytes: 3 * bytes)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.opened(inputs, in: context)
    let source = try file.tensors()
    let facts = try NoiseFacts(shapes(of: source, at: file.path), at: file.path)
    let tensors = try NoiseArray.allCases.filter { facts.shapes[$0] != nil }.map { array in
      let read = try source.read(names[array] ?? array.rawValue)
      let shape = facts.shapes[array] ?? []
      let tensor =
        array == .labels
        ? try HostTensor(integers: read.integers(), shape: shape) : try HostTensor(floats: read.floats(), shape: shape)
      return (name: array.rawValue, tensor: tensor)
    }
    let object = try context.store.put(Safetensors.encode(tensors, metadata: [:]))
    return [
      "noise": Artifact(type: PortType.noise.rawValue, parts: [Artifact.Part(name: "noise", object: object)], facts: facts.json)
    ]
  }

  private func facts(_ file: OutsideFile) throws -> NoiseFacts {
    guard file.exists else { throw file.missing("it is needed to tell what was drawn") }
    do {
      return try NoiseFacts(shapes(of: file.tensors(), at: file.path), at: file.path)
    } catch var error as PlumbError {
      error.kind = .input
      throw StageIssue(.parameter([file.field]), error, reason: .damagedFile)
    }
  }

  private func shapes(of source: any TensorSource, at path: String) throws -> [NoiseArray: [Int]] {
    var shapes: [NoiseArray: [Int]] = [:]
    for (array, name) in names {
      guard let entry = source.entries.first(where: { $0.name == name }) else {
        guard name == array.rawValue else {
          throw PlumbError("the file has no array \"\(name)\"", at: path, expected: name)
        }
        continue
      }
      shapes[array] = entry.shape
    }
    return shapes
  }
}
