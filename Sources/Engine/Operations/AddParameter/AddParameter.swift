import Basics

/// A picture of the checkpoint's, added to that of every sample: the place of each token.
package struct AddParameter: Hashable, Sendable {
  /// `[1, pixels, channels]`, pixels row by row.
  package var parameter: ParameterSpec

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    _ = try Operation.image(shape)
    guard parameter.shape == [1, shape.pixels, shape.channels] else {
      throw PlumbError(
        "bad shape of a parameter that is added", kind: .input, at: parameter.name, expected: "[1, \(shape.pixels), \(shape.channels)]",
        found: "\(parameter.shape)")
    }
    return shape
  }
}
