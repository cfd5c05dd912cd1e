import Basics
import Diffusion

/// `torch_cuda_philox`: Philox itself, and the model of CUDA draws that nobody has compared with a GPU.
enum PhiloxCase: CaseKind {
  static let name = "torch_cuda_philox"
  static let families: Set<String> = ["rng"]

  static func outputs(_ golden: GoldenCase, config: FieldReader, inputs: CaseInputs) throws -> [String: HostTensor] {
    var outputs: [String: HostTensor] = [:]
    for number in try config.items("philox", { $0.list }).indices {
      // The counters and keys stand among the inputs too, and those are used.
      let (counter, key) = (try words(inputs, "philox_\(number)_ctr", count: 4), try words(inputs, "philox_\(number)_key", count: 2))
      let block = Philox(key: SIMD2(key[0], key[1])).block(SIMD4(counter[0], counter[1], counter[2], counter[3]))
      outputs["philox_\(number)_out"] = try HostTensor(integers: (0..<4).map { Int64(block[$0]) }, shape: [4])
    }
    for (number, draw) in try config.items("cuda", { $0.list }).enumerated() {
      let numbers = draw.dropLast().compactMap(\.wide)
      guard numbers.count == 5, let dtype = draw.last?.text, let offset = UInt64(exactly: numbers[1]),
        let count = JSONValue.integer(numbers[2]).drawCount,
        let processors = Int(exactly: numbers[3]), let threads = Int(exactly: numbers[4])
      else { throw PlumbError("a draw is not [seed, offset, n, processors, threads, dtype]", kind: .input, at: "config.cuda[\(number)]") }
      var model = try TorchCUDAModel(
        seed: UInt64(bitPattern: numbers[0]), offset: offset, multiprocessors: processors, threadsPerMultiprocessor: threads)
      guard dtype == "float32" || dtype == "float64" else {
        throw PlumbError("unknown dtype", kind: .input, at: "config.cuda[\(number)]", expected: "float32 or float64", found: dtype)
      }
      outputs["model_randn_\(number)"] = try HostTensor(
        doubles: dtype == "float64" ? model.doubles(count) : model.singles(count), shape: [count])
      outputs["model_offset_\(number)"] = try HostTensor(integers: [Int64(bitPattern: model.offset &- offset)], shape: [1])
    }
    return outputs
  }

  private static func words(_ inputs: CaseInputs, _ name: String, count: Int) throws -> [UInt32] {
    let words = try inputs.read(name).integers().compactMap { UInt32(exactly: $0) }
    guard words.count == count else { throw PlumbError("not \(count) words of 32 bits", kind: .input, at: name) }
    return words
  }
}
