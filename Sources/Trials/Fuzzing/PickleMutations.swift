/// Changes to a pickle at the boundaries of its opcodes, so that what follows is still read as it was meant.
package enum PickleMutations {
  /// How an opcode's argument is laid out.
  private enum Argument {
    case none
    case fixed(Int)
    /// A little-endian length of some bytes, then as many bytes.
    case counted(Int)
    case lines(Int)
  }

  private static func argument(of code: UInt8) -> Argument? {
    switch code {
    case 0x80, 0x4B, 0x68, 0x71: .fixed(1)
    case 0x4D: .fixed(2)
    case 0x4A, 0x6A, 0x72: .fixed(4)
    case 0x95, 0x47: .fixed(8)
    case 0x8A, 0x8C, 0x55, 0x43: .counted(1)
    case 0x8B, 0x58, 0x54, 0x42: .counted(4)
    case 0x8D, 0x8E: .counted(8)
    case 0x63, 0x69: .lines(2)
    case 0x2E, 0x28, 0x30, 0x31, 0x32, 0x4E, 0x88, 0x89, 0x29, 0x74, 0x85, 0x86, 0x87, 0x5D, 0x61, 0x65, 0x7D, 0x73, 0x75, 0x8F, 0x90, 0x93,
      0x52, 0x62, 0x81, 0x51, 0x94, 0x91, 0x92, 0x6F:
      Argument.none
    default: nil
    }
  }

  /// The opcodes with their arguments; what cannot be parsed is one last token.
  package static func tokens(_ bytes: [UInt8]) -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    var offset = 0
    while offset < bytes.count, let argument = argument(of: bytes[offset]) {
      var end = offset + 1
      switch argument {
      case .none: break
      case .fixed(let count): end += count
      case .counted(let width):
        guard end + width <= bytes.count else { break }
        let length = (0..<width).reduce(0) { $0 | Int(bytes[end + $1]) << min(8 * $1, 56) }
        guard length >= 0, length <= bytes.count - end - width else { break }
        end += width + length
      case .lines(let count):
        for _ in 0..<count { end = (bytes[min(end, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1 }
      }
      guard end <= bytes.count else { break }
      tokens.append(Array(bytes[offset..<end]))
      offset = end
    }
    return offset < bytes.count ? tokens + [Array(bytes[offset...])] : tokens
  }

  private static let globals = [
    "posix\nsystem", "builtins\nset", "collections\nOrderedDict", "torch\nFloatStorage", "torch._utils\n_rebuild_tensor_v2",
    "torch_utils.persistence\n_reconstruct_persistent_obj", "torch.storage\n_load_from_bytes", "numpy\ndtype",
    "numpy.core.multiarray\nscalar", "torch.nn.modules.container\nModuleDict", "argparse\nNamespace", "torch\nSize",
    "torch._tensor\n_rebuild_from_type_v2", "collections\nCounter", "_codecs\nencode", "torch._utils\n_rebuild_parameter",
  ]

  static func apply(to bytes: inout [UInt8], _ numbers: inout SeededNumbers) {
    var tokens = tokens(bytes)
    for _ in 0...numbers.below(2) where !tokens.isEmpty {
      let position = numbers.below(tokens.count)
      switch numbers.below(8) {
      case 0: tokens.remove(at: position)
      case 1: tokens.insert(tokens[position], at: position)
      case 2: tokens.swapAt(position, numbers.below(tokens.count))
      case 3: tokens[position] = fresh(&numbers)
      case 4: tokens.insert(fresh(&numbers), at: position)
      case 5:
        // Opcodes moved from one place to another.
        let end = min(tokens.count, position + 1 + numbers.below(12))
        tokens.insert(contentsOf: tokens[position..<end], at: numbers.below(tokens.count))
      case 6:
        // Deep nesting, or a long run.
        let run = [[UInt8]](repeating: tokens[position], count: 1 << numbers.below(14))
        if tokens[position].count < 8 { tokens.insert(contentsOf: run, at: position) }
      default:
        if tokens[position].count > 1 { ByteMutations.overwriteLength(&tokens[position], at: 1, &numbers) }
      }
    }
    bytes = Array(tokens.joined())
  }

  /// A random opcode with an argument that fits it.
  private static func fresh(_ numbers: inout SeededNumbers) -> [UInt8] {
    let code = UInt8(truncatingIfNeeded: numbers.next())
    switch argument(of: code) {
    case nil: return numbers.once(in: 8) ? [code] : fresh(&numbers)
    case .some(.none): return [code]
    case .fixed(let count): return [code] + (0..<count).map { _ in numbers.once(in: 2) ? 0 : UInt8(truncatingIfNeeded: numbers.next()) }
    case .counted(let width):
      let text = Array((numbers.pick(["", "state", "storage", "0", "cpu", "_modules", "f8", "class_name"]) ?? "").utf8)
      return [code] + (0..<width).map { $0 == 0 ? UInt8(text.count) : 0 } + text
    case .lines: return [code] + Array((numbers.pick(globals) ?? "").utf8) + [0x0A]
    }
  }
}
