import Basics
import Checkpoints

/// Reads a file that may be hostile, all of it, as a program that was handed it would.
public enum ReadingTrial {
  /// How a trial may end. Anything else (a trap, a signal, a limit) is a defect of the reader.
  public enum Outcome: Sendable, Hashable {
    case accepted(tensors: Int)
    /// The one error the reader gave.
    case refused(String)
  }

  /// Tensors that claim more are listed but not read: they cost what they claim, which is not the reader's fault.
  public static let tensorLimit = 1 << 26

  /// Opens `path` by its content, which accepts whatever the reader for its extension would, and reads every tensor.
  public static func run(_ path: String) throws -> Outcome {
    do {
      return .accepted(tensors: try readAll(CheckpointFile.open(path)))
    } catch let error as PlumbError {
      return .refused(error.description)
    }
  }

  /// Reads every tensor and every plain value; returns how many tensors were read.
  static func readAll(_ source: any TensorSource) throws -> Int {
    var count = 0
    _ = source.attributes.encoded()
    for entry in source.entries where try entry.byteCount <= tensorLimit {
      let tensor = try source.read(entry.name)
      guard tensor.dtype == entry.dtype, tensor.shape == entry.shape else {
        throw PlumbError("a tensor is not what was listed", at: entry.name, expected: "\(entry)", found: "\(tensor.dtype) \(tensor.shape)")
      }
      if tensor.count < 1024 { _ = tensor.doubles() }
      count += 1
    }
    return count
  }
}
