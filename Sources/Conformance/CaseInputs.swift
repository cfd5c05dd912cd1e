import Basics
import Checkpoints

/// The input tensors of a case, and nothing else: an expected output cannot be read through this.
final class CaseInputs {
  private let tensors: (any TensorSource)?
  private let declared: [String: GoldenCase.Tensor]
  private var used: Set<String> = []

  /// Throws when a tensor is declared as both input and output.
  init(_ golden: GoldenCase) throws {
    let outputs = Set(golden.outputs.map(\.name))
    if let both = golden.inputs.first(where: { outputs.contains($0.name) }) {
      throw PlumbError("an input is an output too", kind: .input, at: both.name)
    }
    declared = Dictionary(golden.inputs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    tensors = golden.inputs.isEmpty ? nil : try SafetensorsFile(path: golden.folder + "/tensors.safetensors")
  }

  func has(_ name: String) -> Bool { declared[name] != nil }

  /// How many inputs are named `prefix` and a number of three digits, from 000 on.
  func count(numbered prefix: String) -> Int {
    var count = 0
    while has(Self.numbered(prefix, count)) { count += 1 }
    return count
  }

  /// The name of the reference's numbered tensors: `noise_step_007`.
  static func numbered(_ prefix: String, _ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// An input; throws when the case does not declare it or the file holds something else than it declares.
  func read(_ name: String) throws -> HostTensor {
    guard let tensors, let declaration = declared[name] else { throw PlumbError("the case has no such input", kind: .input, at: name) }
    used.insert(name)
    let tensor = try tensors.read(name)
    guard tensor.shape == declaration.shape, tensor.dtype.rawValue == declaration.dtype else {
      throw PlumbError(
        "an input is not as declared", kind: .input, at: name, expected: "\(declaration.dtype) \(declaration.shape)",
        found: "\(tensor.dtype.rawValue) \(tensor.shape)")
    }
    return tensor
  }

  /// A float32 input of images [N, C, H, W] of a given size.
  func images(_ name: String, shape image: [Int]) throws -> [Float] {
    let tensor = try read(name)
    guard tensor.shape.count == 4, Array(tensor.shape.dropFirst()) == image else {
      throw PlumbError("images do not fit the network", kind: .input, at: name, expected: "[N, \(image)]", found: "\(tensor.shape)")
    }
    return tensor.floats()
  }

  /// Throws when an input was not used: something was asked for that is not done.
  func finish() throws {
    if let name = declared.keys.filter({ !used.contains($0) }).min() {
      throw PlumbError("this input is not understood", kind: .input, at: name)
    }
  }
}
