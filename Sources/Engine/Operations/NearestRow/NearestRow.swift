import Basics

/// Vector quantisation (van den Oord et al. 2017): every pixel's nearest row of a codebook.
package struct NearestRow: Hashable, Sendable {
  /// What is made of the row found.
  package enum Result: String, Hashable, Sendable, BitwiseCopyable { case row, index }

  /// `[rows, channels]`.
  package var table: ParameterSpec
  package var gives: Result

  /// More rows could not be told apart as float32.
  static let rowLimit = 1 << 24

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let x = try Operation.image(Operation.one(inputs))
    guard table.shape.count == 2, (1...Self.rowLimit).contains(table.shape[0]), table.shape[1] == x.channels else {
      throw PlumbError(
        "bad shape of a codebook", kind: .input, at: table.name, expected: "[rows, \(x.channels)]", found: "\(table.shape)")
    }
    return .image(height: x.height, width: x.width, channels: gives == .row ? x.channels : 1)
  }
}
