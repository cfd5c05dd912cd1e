/// A prepared operation: extents, offsets and addresses, nothing to look up, retain or allocate.
package protocol Instruction: BitwiseCopyable {
  func run(_ frame: Frame)
}

extension Instruction {
  /// Runs the instruction that lies at `place`, which must be one of this type.
  static func run(at place: UnsafeRawPointer, _ frame: Frame) {
    place.assumingMemoryBound(to: Self.self).pointee.run(frame)
  }

  /// Lays a copy at `place`, which has room for it.
  func lay(at place: UnsafeMutableRawPointer) { place.initializeMemory(as: Self.self, to: self) }

  /// Bytes of one.
  static var size: Int { MemoryLayout<Self>.size }
}
