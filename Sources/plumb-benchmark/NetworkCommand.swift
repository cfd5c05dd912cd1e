import ArgumentParser
import Basics
import Checkpoints
import Engine
import EngineCPU
import Foundation
import Networks

/// A whole network with random weights: images per second and GF/s (direct), one lane a thread.
struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "network", abstract: "Images per second of a whole network.")

  @Argument(help: "digits or cifar10 (ADM's networks), edm-ddpmpp or edm-ncsnpp (EDM's for CIFAR-10), dit-b2.") var model: Model
  @Option(help: "Samples of one run.") var batch = 16
  @Option(help: "Lanes, one thread each.") var lanes = 1
  @Option(help: "Seconds to measure.") var seconds = 3.0

  func run() throws {
    let network = try NetworkCatalogue.network(architecture: model.architecture, configuration: model.configuration)
    let graph = try network.graph()
    let compiled = try CPUDevice().compile(graph, batch: batch)
    let loaded = try compiled.load(RandomTensors(graph: graph))
    print("\(graph.flopsPerSample) flops a sample, arena \(compiled.arenaBytes) bytes, weights \(compiled.weightBytes) bytes")
    let workers = try (0..<lanes).map { _ in try LaneWorker(loaded, seconds) }
    for worker in workers { worker.start() }
    for worker in workers { worker.wait() }
    let rate = workers.reduce(0) { $0 + Double(batch) / $1.best }
    let work = Double(graph.flopsPerSample) * 1e-9
    print(String(format: "%d lanes, batch %d: %.2f images/s, %.1f GF/s", lanes, batch, rate, rate * work))
    let busy = workers.reduce(0) { $0 + Double(batch) / $1.bestCPU } / Double(lanes)
    print(String(format: "per core (CPU time): %.2f images/s, %.1f GF/s", busy, busy * work))
  }
}

/// Runs a lane again and again on a thread of its own and keeps the best times.
///
/// `@unchecked`: what the thread writes is read after `wait`.
private final class LaneWorker: @unchecked Sendable {
  private let lane: any Lane
  private let batch: Int
  private let seconds: Double
  private let done = DispatchSemaphore(value: 0)
  private var inputs: [String: UnsafeBufferPointer<Float>] = [:]
  private var outputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
  private var kept: [Floats] = []
  /// Wall and CPU seconds of the best run.
  private(set) var best = Double.infinity
  private(set) var bestCPU = Double.infinity

  init(_ loaded: any LoadedNetwork, _ seconds: Double) throws {
    let network = loaded.network
    lane = try loaded.makeLane()
    batch = network.batch
    self.seconds = seconds
    for input in network.inputs {
      let floats = Floats(network.batch * input.shape.count)
      if input.shape == .scalar { for sample in 0..<network.batch { floats.base[sample] = 500 } }
      inputs[input.name] = UnsafeBufferPointer(start: floats.base, count: network.batch * input.shape.count)
      kept.append(floats)
    }
    for output in network.outputs {
      let floats = Floats(network.batch * output.shape.count)
      outputs[output.name] = UnsafeMutableBufferPointer(start: floats.base, count: network.batch * output.shape.count)
      kept.append(floats)
    }
  }

  func start() {
    let thread = Thread { [self] in
      measure()
      done.signal()
    }
    thread.start()
  }

  func wait() { done.wait() }

  private func measure() {
    let begin = Date()
    while Date().timeIntervalSince(begin) < seconds {
      let (wall, cpu) = (Date(), Stopwatch.now())
      guard (try? lane.run(count: batch, inputs: inputs, outputs: outputs)) != nil else { return }
      best = min(best, Date().timeIntervalSince(wall))
      bestCPU = min(bestCPU, Stopwatch.now() - cpu)
    }
  }
}
