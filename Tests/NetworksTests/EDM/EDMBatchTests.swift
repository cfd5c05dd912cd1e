import Basics
import Checkpoints
import Engine
import Networks
import Testing

@Suite struct EDMBatchTests {
  /// A picture's bits do not depend on its neighbours, on their noise levels and labels, or on its place.
  @Test(arguments: ["edm/net-ncsnpp-edm-cond", "edm/net-adm-edm-cond", "edm/net-song-skip"])
  func bitsDoNotDependOnTheBatch(name: String) throws {
    let folder = Golden.repository + "Tests/Golden/" + name + "/"
    let source = try CheckpointFile.open(folder + "weights.pkl")
    let network: any EDMNetwork
    if let song = try SongUNet.recognise(source) {
      network = try SongUNet(configuration: song.completed(by: [:]))
    } else {
      let dhariwal = try DhariwalUNet.recognise(source)
      network = try DhariwalUNet(configuration: #require(dhariwal).completed(by: [:]))
    }
    let graph = try network.graph()
    let weights = try network.tensors(in: source, choice: .authors)
    let pictures = try SafetensorsFile(path: folder + "tensors.safetensors").read("x").floats().prefix(3 * network.image.count)
    let (noise, labels): ([Float], [Float]) = ([-1.5, 0.25, 0.25], [-1, 3, 3])
    func out(_ samples: [Int]) throws -> [[UInt32]] {
      let size = network.image.count
      var inputs = ["x": samples.flatMap { Array(pictures[$0 * size..<($0 + 1) * size]) }, "timesteps": samples.map { noise[$0] }]
      if network.classCount != nil { inputs["labels"] = samples.map { labels[$0] } }
      let values = try #require(run(graph, weights: weights, inputs, count: samples.count)["out"])
      return samples.indices.map { values[$0 * size..<($0 + 1) * size].map(\.bitPattern) }
    }
    let all = try out([0, 1, 2])
    #expect(try out([2, 0]) == [all[2], all[0]])
    // Equal noise levels and labels: the embedding is computed once.
    #expect(try out([1, 2]) == [all[1], all[2]])
    #expect(try out([1]) == [all[1]])
  }
}
