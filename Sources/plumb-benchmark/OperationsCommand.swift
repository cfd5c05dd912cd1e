import ArgumentParser
import Basics
import COneDNN
import EngineCPU

/// Every hot operation at shapes of the digits network (batch 16) and of ADM for CIFAR-10 (batch 4).
struct OperationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations", abstract: "Hot operations, one core: convolutions against oneDNN, the rest against a plain pass.")

  @Option(help: "CPU seconds to spend on each figure.") var budget = 0.25

  func run() throws {
    let limited = plumb_onednn_limit_to_avx2()
    plumb_onednn_use_one_thread()
    print("oneDNN \(plumb_onednn_version()), limited to AVX2: \(limited.status == 0)")
    let device = CPUDevice()
    print("kernels: \(device.about), probe \(try device.profile(furtherProbes: [:]).probe)")
    Table.line("convolution", ["ours", "oneDNN nhwc", "oneDNN own", "ours / own"])
    for shape in ConvolutionBenchmark.shapes { try ConvolutionBenchmark.run(shape, budget) }
    Table.line("group norm + SiLU", ["ours", "plain passes", "ours / plain", "time"])
    for shape in NormBenchmark.shapes { try NormBenchmark.run(shape, budget) }
    Table.line("attention", ["ours", "oneDNN 1x1 GEMM", "ours / GEMM", "time"])
    for shape in AttentionBenchmark.shapes { try AttentionBenchmark.run(shape, budget) }
  }
}
