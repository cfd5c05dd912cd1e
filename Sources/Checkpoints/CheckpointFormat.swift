/// The kinds of file `CheckpointFile` opens.
public enum CheckpointFormat: String, Sendable, Hashable, CaseIterable {
  /// `torch.save` since PyTorch 1.6.
  case torchZip = "torch zip"
  /// `torch.save` before.
  case torchStream = "torch stream"
  /// One pickle with the tensors in it, as EDM saves its networks.
  case pickle
  case safetensors, npz, npy
}

extension CheckpointFile {
  /// The format of a source that `open` returned; nil for a source that is no file.
  public static func format(of source: any TensorSource) -> CheckpointFormat? {
    switch source {
    case is TorchZipFile: .torchZip
    case is TorchLegacyFile: .torchStream
    case is PickleFile: .pickle
    case is SafetensorsFile: .safetensors
    case is NpzFile: .npz
    case is NpyFile: .npy
    default: nil
    }
  }
}
