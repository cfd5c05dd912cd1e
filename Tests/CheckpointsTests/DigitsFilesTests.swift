import Basics
import Checkpoints
import Testing

/// The shipped checkpoints and data are readable and are what their recipe says.
@Suite struct DigitsFilesTests {
  @Test func theNetworksHaveTheirParameterCounts() throws {
    let recipe = try JSONValue(contentsOf: Golden.digits + "recipe.json")
    let network = try CheckpointFile.open(Golden.digits + "digits-adm.pt")
    #expect(try network.entries.reduce(0) { try $0 + HostTensor.elementCount($1.shape) } == recipe["adm"]?["parameters"]?.integer)
    let features = try CheckpointFile.open(Golden.digits + "digits-features.pt")
    #expect(features.entries.map(\.name) == ["conv1", "conv2", "conv3", "fc1", "fc2"].flatMap { ["\($0).weight", "\($0).bias"] })
    #expect(try features.read("fc1.weight").shape == [64, 256])
  }

  @Test func theImagesAreDigits() throws {
    let data = try CheckpointFile.open(Golden.digits + "digits.npz")
    let images = try data.read("images")
    #expect(images.dtype == .uint8 && images.shape == [1797, 1, 8, 8])
    // 0..16 grey levels, stored as rint(level * 255 / 16).
    #expect(Set(images.bytes) == Set((0...16).map { UInt8((Double($0) * 255 / 16).rounded(.toNearestOrEven)) }))
    #expect(Set(try data.read("labels").bytes) == Set(0...9))
    #expect(try data.read("split").bytes.filter { $0 == 1 }.count == 360)
  }
}
