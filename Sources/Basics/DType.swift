/// The element types a checkpoint or artifact can hold.
public enum DType: String, Sendable, Hashable, CaseIterable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64, uint8, bool

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  public var isFloat: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }
}
