import Basics
import StageSchema

/// A device for stages that run no network.
struct ToyDevice: NetworkDevice {
  let name = "toy"
  let about = "no network runs on it"

  func profile(furtherProbes: [String: Digest]) -> NumericsProfile {
    NumericsProfile(
      mode: .reference, backend: "toy", dtype: .float32, arithmetic: "exact", probe: Digest(of: "toy"), furtherProbes: furtherProbes)
  }

  func cost(of recipe: NetworkRecipe) throws -> NetworkCost {
    throw PlumbError("the toy device runs no network", kind: .input, found: recipe.architecture)
  }
}
