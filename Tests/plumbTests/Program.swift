import Basics
import ChildProcesses
import Foundation
import Testing

/// The built `plumb`, run as a user runs it.
struct Program {
  struct Ending {
    let status: Int32
    let output: String
    let errors: String
  }

  /// A fresh folder that is removed with the value that owns it.
  final class Folder {
    let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.path + "/plumb-test-\(UUID().uuidString)"
      try AtomicFile.makeDirectory(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
      try AtomicFile.write(Array(text.utf8), to: "\(path)/\(name)")
      return "\(path)/\(name)"
    }

    /// Every file below the folder, relative, sorted.
    func files(below folder: String = "") -> [String] {
      let names = FileManager.default.enumerator(atPath: "\(path)/\(folder)")?.compactMap { $0 as? String } ?? []
      return names.filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(path)/\(folder)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
      }.sorted()
    }
  }

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The program lies beside the test bundle.
  static var path: String {
    get throws {
      let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path
      let configurations = [bundle, "\(repository)/.build/release", "\(repository)/.build/debug"]
      return try #require(
        configurations.map { "\($0)/plumb" }.first { FileManager.default.isExecutableFile(atPath: $0) }, "the program plumb is not built")
    }
  }

  private let process: ChildProcess
  private let output: String
  private let errors: String

  /// Starts the program, or another; `finish` waits for it.
  init(_ arguments: [String], in folder: String, environment: [String: String] = [:], program: String? = nil) throws {
    let environment = ProcessInfo.processInfo.environment.filter { $0.key != "PLUMB_STORE" }.merging(environment) { _, new in new }
    // Files, not pipes: a full pipe would stop the program.
    let scratch = FileManager.default.temporaryDirectory.path + "/plumb-output-\(UUID().uuidString)"
    (output, errors) = (scratch + ".out", scratch + ".err")
    let files = try [output, errors].map { name in
      _ = FileManager.default.createFile(atPath: name, contents: nil)
      return try #require(FileHandle(forWritingAtPath: name))
    }
    // A file that is let go of is closed, and its number may be another file's when the program starts.
    process = try withExtendedLifetime(files) {
      try ChildProcess(
        Invocation(try program ?? Self.path, arguments, environment: environment, folder: folder), output: files[0].fileDescriptor,
        errors: files[1].fileDescriptor)
    }
  }

  var processIdentifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { process.send(signal) }

  func finish() -> Ending {
    let ending = process.wait()
    defer {
      unlink(output)
      unlink(errors)
    }
    let status: Int32 =
      switch ending {
      case .exited(let status): status
      case .signalled(let signal): -signal
      case .unseen, nil: .min
      }
    return Ending(
      status: status, output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "",
      errors: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
  }

  static func run(_ arguments: [String], in folder: String) throws -> Ending {
    try Program(arguments, in: folder).finish()
  }

  /// A line of the shell, in which `$PLUMB` is the program.
  static func shell(_ line: String, in folder: String, environment: [String: String] = [:]) throws -> Ending {
    try Program(["-c", line], in: folder, environment: environment.merging(["PLUMB": path]) { $1 }, program: "/bin/sh").finish()
  }
}

/// A pipeline on the shipped model, small enough for a test.
enum SmallPipeline {
  static func text(samples: Int = 96, scaling: String = "[{k: 0, b: 1.0}, {k: 0, b: 1.02}]", seed: Int = 0, steps: Int = 4) -> String {
    let digits = Program.repository + "/Pipelines/digits"
    return """
      plumb: 1
      name: small
      params:
        samples: \(samples)
        scaling: {sweep: \(scaling)}
      stages:
        weights:
          uses: load-weights
          with:
            file: \(digits)/digits-adm.pt
            architecture: adm-unet
            config: {image_size: 8, in_channels: 1, out_channels: 2, model_channels: 32, num_res_blocks: 1, channel_mult: [1, 1, 2], attention_resolutions: [2, 4], num_head_channels: 32, resblock_updown: true, use_scale_shift_norm: true, use_new_attention_order: true}
            process: {noise_schedule: cosine}
        images: {uses: load-dataset, with: {file: \(digits)/digits.npz}}
        features: {uses: load-features, with: {file: \(digits)/digits-features.pt, architecture: digits-features}}
        train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: \(steps), samples: $samples, seed: \(seed)}}
        sample: {uses: sample, inputs: {network: weights}, with: {sampler: ddpm, steps: \(steps), samples: $samples, seed: \(seed), epsilon_scaling: $scaling}}
        delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {sampler: ddpm, steps: \(steps), samples: $samples, seed: \(seed), epsilon_scaling: $scaling}}
        score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}, with: {metrics: [fd, class-score]}}
        table: {uses: table, gather: [scaling], inputs: {score: score, delta: delta, norms: sample.epsilon-norms, training: train.norms}}
      default: [table]
      """
  }
}
