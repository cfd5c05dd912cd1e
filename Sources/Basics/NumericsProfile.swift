/// How a network is computed; part of the numerics profile, so that results of two modes never meet under one key.
public enum NumericsMode: String, Sendable, Hashable, CaseIterable {
  /// Direct convolution, float32: what golden cases are compared in. (A `fast` mode will stand beside it.)
  case reference
}

/// What can change the bits of a network's results: beside a key, it tells whose results may be taken for one's own.
///
/// The facts are a device's to tell; why ours names no instruction set is said at `CPUDevice`.
public struct NumericsProfile: Sendable, Hashable {
  public let mode: NumericsMode
  /// The backend and the version of its arithmetic: raised whenever a kernel gives other bits.
  public let backend: String
  public let dtype: DType
  /// How multiply-adds round.
  public let arithmetic: String
  /// SHA-256 of the results of a fixed run of the kernels.
  public let probe: Digest
  /// The same of what computes beside the engine, by name: linear algebra, random numbers.
  public let furtherProbes: [String: Digest]

  public init(
    mode: NumericsMode, backend: String, dtype: DType, arithmetic: String, probe: Digest, furtherProbes: [String: Digest]
  ) {
    (self.mode, self.backend, self.dtype) = (mode, backend, dtype)
    (self.arithmetic, self.probe, self.furtherProbes) = (arithmetic, probe, furtherProbes)
  }

  public var canonical: CanonicalValue {
    .record([
      "mode": .text(mode.rawValue), "backend": .text(backend), "dtype": .text(dtype.rawValue), "arithmetic": .text(arithmetic),
      "probe": .digest(probe), "further_probes": .record(furtherProbes.mapValues(CanonicalValue.digest)),
    ])
  }

  public var digest: Digest { canonical.digest }

  public var json: JSONValue {
    .object([
      "mode": .text(mode.rawValue), "backend": .text(backend), "dtype": .text(dtype.rawValue), "arithmetic": .text(arithmetic),
      "probe": .text(probe.hex), "further_probes": .object(furtherProbes.mapValues { .text($0.hex) }),
    ])
  }
}
