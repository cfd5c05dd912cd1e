import Basics
import CKernels

extension NumericsProfile {
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
}

/// Integers that enter keys.
public enum EngineVersion {
  /// Raised whenever any kernel or pass gives other bits; a test pins the probe's digest beside it.
  public static let arithmetic = 1
}
