import Basics

/// Vector quantisation (van den Oord et al. 2017): every pixel's nearest row of a codebook.
package struct NearestRow: Operation {
  /// What is made of the row found.
  package enum Result: String, Hashable, Sendable, BitwiseCopyable { case row, index }

  /// `[rows, channels]`.
  package var table: ParameterSpec
  package var gives: Result

  /// More rows could not be told apart as float32.
  static let rowLimit = 1 << 24

  package var name: String { "nearest row of \(table.name)" }
  package var parameters: [ParameterSpec] { [table] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let x = try Operands.image(Operands.one(operands))
    guard table.shape.count == 2, (1...Self.rowLimit).contains(table.shape[0]), table.shape[1] == x.channels else {
      throw PlumbError(
        "bad shape of a codebook", kind: .input, at: table.name, expected: "[rows, \(x.channels)]", found: "\(table.shape)")
    }
    return .image(height: x.height, width: x.width, channels: gives == .row ? x.channels : 1)
  }
}

extension GraphBuilder {
  /// Every pixel replaced by the row of `table`, `[rows, channels]`, with the least squared distance to it, and the numbers
  /// of those rows as a picture of one channel; the lowest of equally near ones. What is not used is not computed.
  public mutating func nearestRow(_ x: ValueID, table: ParameterSpec) -> (rows: ValueID, indices: ValueID) {
    let rows = append(NearestRow(table: table, gives: .row), [x])
    return (rows, append(NearestRow(table: table, gives: .index), [x]))
  }
}
