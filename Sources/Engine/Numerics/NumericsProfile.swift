import Basics
import CKernels

/// What can change the bits of a network's results: beside a key, it tells whose results may be taken for one's own.
///
/// The kernels fix the order of every sum and use fused multiply-adds on any machine, so the instruction set is not part
/// of it. What the C library still decides (sines, exponentials and square roots of the conditioning, in float64) shows
/// in the probe.
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

  /// The profile of this process. `furtherProbes` are digests of fixed runs of what computes beside the engine.
  public static func current(mode: NumericsMode, furtherProbes: [String: Digest] = [:]) -> NumericsProfile {
    NumericsProfile(
      mode: mode, backend: "cpu-direct-\(EngineVersion.arithmetic)", dtype: .float32, arithmetic: "fused multiply-add",
      probe: NumericsProbe.digest, furtherProbes: furtherProbes)
  }

  /// What the kernels run on here, for people: it changes the speed, not the bits.
  public static var instructionSet: String {
    plumb_kernels_instruction_set() == plumb_avx2 ? "AVX2 and FMA" : "portable (slow: no AVX2 with FMA here)"
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

/// Integers that enter keys.
public enum EngineVersion {
  /// Raised whenever any kernel or pass gives other bits; a test pins the probe's digest beside it.
  public static let arithmetic = 1
}
