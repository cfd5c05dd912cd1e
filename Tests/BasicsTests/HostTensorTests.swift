import Basics
import Testing

@Suite struct HostTensorTests {
  @Test func halvesWidenExactly() throws {
    // IEEE 754 binary16: 1, -2, largest, smallest subnormal, infinity, -0.
    let bits: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x7C00, 0x8000]
    let tensor = try HostTensor(dtype: .float16, shape: [6], bytes: bits.withUnsafeBytes { Array($0) })
    #expect(tensor.floats() == [1, -2, 65504, 0x1p-24, .infinity, 0])
    #expect(tensor.floats()[5].sign == .minus)
  }

  @Test func brainFloatsAreTheUpperHalf() throws {
    let tensor = try HostTensor(dtype: .bfloat16, shape: [2], bytes: [0x80, 0x3F, 0x49, 0x40])
    #expect(tensor.floats() == [1, 3.140625])
  }

  @Test func bytesMustFitTheShape() {
    #expect(throws: PlumbError.self) { try HostTensor(dtype: .float32, shape: [2], bytes: [0, 0, 0, 0]) }
    #expect(throws: PlumbError.self) { try HostTensor(dtype: .float32, shape: [-1], bytes: []) }
    #expect(throws: PlumbError.self) { try HostTensor(dtype: .float32, shape: [Int.max, 2], bytes: []) }
  }
}
