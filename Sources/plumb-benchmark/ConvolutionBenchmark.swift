import Basics
import COneDNN
import Engine
import EngineCPU

/// The engine's convolution against oneDNN's, with channels last and in the layout oneDNN prefers.
enum ConvolutionBenchmark {
  struct Shape {
    let batch: Int64, size: Int64, from: Int64, to: Int64
    var kernel: Int64 = 3
    var stride: Int64 = 1

    var extent: Int64 { (size + 2 * (kernel / 2) - kernel) / stride + 1 }
    var flops: Double { Double(2 * batch * extent * extent * from * to * kernel * kernel) }
    var name: String { "\(batch) x \(size)x\(size), \(from) -> \(to), \(kernel)x\(kernel)" + (stride > 1 ? " / \(stride)" : "") }
  }

  static let shapes = [
    Shape(batch: 16, size: 8, from: 1, to: 32), Shape(batch: 16, size: 8, from: 32, to: 32), Shape(batch: 16, size: 8, from: 64, to: 32),
    Shape(batch: 16, size: 4, from: 32, to: 32), Shape(batch: 16, size: 4, from: 64, to: 64), Shape(batch: 16, size: 2, from: 64, to: 64),
    Shape(batch: 16, size: 2, from: 128, to: 64), Shape(batch: 16, size: 4, from: 32, to: 96, kernel: 1),
    Shape(batch: 16, size: 8, from: 32, to: 2), Shape(batch: 4, size: 32, from: 3, to: 128), Shape(batch: 4, size: 32, from: 128, to: 128),
    Shape(batch: 4, size: 32, from: 256, to: 128), Shape(batch: 4, size: 16, from: 256, to: 256),
    Shape(batch: 4, size: 16, from: 256, to: 768, kernel: 1), Shape(batch: 4, size: 8, from: 256, to: 256),
    Shape(batch: 4, size: 8, from: 512, to: 256), Shape(batch: 4, size: 4, from: 512, to: 256), Shape(batch: 4, size: 32, from: 128, to: 6),
    Shape(batch: 4, size: 32, from: 128, to: 128, stride: 2), Shape(batch: 1, size: 64, from: 192, to: 192),
  ]

  static func run(_ shape: Shape, _ budget: Double) throws {
    let ours = try own(shape, budget)
    let nhwc = try peer(shape, plumb_onednn_channels_last, budget)
    let preferred = try peer(shape, plumb_onednn_preferred, budget)
    let rates = [ours, nhwc, preferred].map { shape.flops / $0 * 1e-9 }
    Table.line(shape.name, rates.map { Table.figure($0, "GF/s") } + [Table.ratio(preferred / ours)])
  }

  private static func own(_ shape: Shape, _ budget: Double) throws -> Double {
    var builder = GraphBuilder()
    let x = builder.imageInput("x", channels: Int(shape.from), height: Int(shape.size), width: Int(shape.size))
    let weight = ParameterSpec(name: "weight", shape: [shape.to, shape.from, shape.kernel, shape.kernel].map { Int($0) })
    let y = builder.convolution(
      x, weight: weight, bias: ParameterSpec(name: "bias", shape: [Int(shape.to)]), stride: Int(shape.stride),
      padding: Int(shape.kernel / 2))
    builder.output("y", y)
    let graph = try builder.finish()
    let run = try KernelRun(graph, batch: Int(shape.batch), weights: RandomTensors(graph: graph))
    return Stopwatch.best(budget: budget) { run.run() }
  }

  static func peer(_ shape: Shape, _ layout: plumb_onednn_layout, _ budget: Double) throws -> Double {
    var options = plumb_onednn_convolution_options(
      batch: shape.batch, channels: shape.from, height: shape.size, width: shape.size, output_channels: shape.to,
      output_height: shape.extent, output_width: shape.extent, kernel_height: shape.kernel, kernel_width: shape.kernel,
      stride: shape.stride, padding: shape.kernel / 2, has_bias: 1, adds_residual: 0, layout: layout)
    var made: OpaquePointer?
    let result = plumb_onednn_convolution_create(&options, &made)
    guard result.status == 0, let convolution = made else { throw PlumbError(String(cString: result.text), at: shape.name) }
    defer { plumb_onednn_convolution_destroy(convolution) }
    let source = Floats(plumb_onednn_source_bytes(convolution) / 4)
    let weights = Floats(plumb_onednn_weight_bytes(convolution) / 4)
    let destination = Floats(plumb_onednn_destination_bytes(convolution) / 4)
    let scratch = Floats(plumb_onednn_scratch_bytes(convolution) / 4)
    let bias = Floats(Int(shape.to))
    return Stopwatch.best(budget: budget) {
      _ = plumb_onednn_convolution_run(convolution, source.base, weights.base, bias.base, destination.base, scratch.base)
    }
  }
}
