import Synchronization

/// What the blocks of one cell make once and share, whatever lanes they run on: a solver, a source of noise. It lives as long as
/// the cell's inputs, which carry it.
final class CellMemory: Sendable {
  private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

  /// The value of this type, made at its first use. Lanes that ask meanwhile wait for it; what `make` throws is not kept.
  func value<Value: Sendable>(_ make: () throws -> Value) throws -> Value {
    try values.withLock { values in
      if let found = values[ObjectIdentifier(Value.self)] as? Value { return found }
      let made = try make()
      values[ObjectIdentifier(Value.self)] = made
      return made
    }
  }
}

extension StageInputs {
  /// What all blocks of the cell share, one value for each type; `make` runs once for the cell, not once for a block.
  ///
  /// It must follow from the stage's parameters and these inputs. Big things that other cells use too, weights and datasets, are
  /// asked of the context. `make` must not ask for what is shared itself.
  package func shared<Value: Sendable>(_ make: () throws -> Value) throws -> Value { try memory.value(make) }
}
