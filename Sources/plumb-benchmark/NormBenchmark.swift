import Engine
import EngineCPU
import Glibc

/// The merged norm, modulation and SiLU against separate passes as a reader would first write them.
enum NormBenchmark {
  struct Shape {
    let batch: Int, size: Int, channels: Int
    var floats: Int { batch * size * size * channels }
    var name: String { "\(batch) x \(size)x\(size), \(channels) channels" }
  }

  static let shapes = [
    Shape(batch: 16, size: 8, channels: 32), Shape(batch: 16, size: 4, channels: 64), Shape(batch: 16, size: 2, channels: 128),
    Shape(batch: 4, size: 32, channels: 128), Shape(batch: 4, size: 16, channels: 256), Shape(batch: 4, size: 8, channels: 512),
  ]

  /// Counts one read and one write of the picture.
  static func run(_ shape: Shape, _ budget: Double) throws {
    let x = Floats(shape.floats)
    let y = Floats(shape.floats)
    let weight = Floats(2 * shape.channels)
    let pixels = shape.size * shape.size
    let run = try KernelRun(graph(shape), batch: shape.batch, weights: RandomTensors(graph: graph(shape)))
    let ours = Stopwatch.best(budget: budget) { run.run() }
    let plain = Stopwatch.best(budget: budget) {
      for sample in 0..<shape.batch {
        let offset = sample * pixels * shape.channels
        plainPasses(x.base + offset, y.base + offset, weight.base, pixels, shape.channels)
      }
    }
    let bytes = Double(8 * shape.floats) * 1e-9
    Table.line(
      shape.name,
      [Table.figure(bytes / ours, "GB/s"), Table.figure(bytes / plain, "GB/s"), Table.ratio(plain / ours), Table.microseconds(ours)])
  }

  private static func graph(_ shape: Shape) throws -> Graph {
    var builder = GraphBuilder()
    let x = builder.imageInput("x", channels: shape.channels, height: shape.size, width: shape.size)
    let norm = builder.groupNorm(
      x, groups: 32, epsilon: 1e-5, weight: ParameterSpec(name: "weight", shape: [shape.channels]),
      bias: ParameterSpec(name: "bias", shape: [shape.channels]))
    let scaleShift = builder.flattenCHW(builder.imageInput("scale_shift", channels: 2 * shape.channels, height: 1, width: 1))
    builder.output("y", builder.silu(builder.modulate(norm, scaleShift: scaleShift)))
    return try builder.finish()
  }

  private static func plainPasses(
    _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ weight: UnsafeMutablePointer<Float>, _ pixels: Int,
    _ channels: Int
  ) {
    let width = channels / 32
    for group in 0..<32 {
      var sum = 0.0
      var square = 0.0
      for pixel in 0..<pixels {
        for c in group * width..<(group + 1) * width {
          let value = Double(x[pixel * channels + c])
          sum += value
          square += value * value
        }
      }
      let mean = sum / Double(pixels * width)
      let inverse = 1 / (square / Double(pixels * width) - mean * mean + 1e-5).squareRoot()
      for pixel in 0..<pixels {
        for c in group * width..<(group + 1) * width {
          y[pixel * channels + c] = (x[pixel * channels + c] - Float(mean)) * Float(inverse) * weight[c] + weight[c]
        }
      }
    }
    for index in 0..<pixels * channels {
      let c = index % channels
      y[index] = y[index] * (1 + weight[c]) + weight[channels + c]
    }
    for index in 0..<pixels * channels { y[index] = y[index] / (1 + expf(-y[index])) }
  }
}
