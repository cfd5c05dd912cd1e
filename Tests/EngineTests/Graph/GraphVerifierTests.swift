import Basics
import Engine
import ReferenceDevice
import Testing

@Suite struct GraphVerifierTests {
  private func refusal(_ build: (inout GraphBuilder) -> ValueID) -> String {
    var graph = GraphBuilder()
    graph.output("out", build(&graph))
    do {
      _ = try graph.finish()
      return ""
    } catch let error as PlumbError {
      return error.description
    } catch {
      return "\(error)"
    }
  }

  @Test func mistakesWhileBuildingNameTheOperationAndTheShapes() {
    #expect(
      refusal { $0.conv($0.imageInput("x", channels: 3, height: 0, width: 2), "c", to: 4) }.contains("extents must be positive"))
    #expect(
      refusal { graph in
        let x = graph.imageInput("x", channels: 3, height: 2, width: 2)
        return graph.convolution(x, weight: ParameterSpec(name: "w", shape: [4, 5, 3, 3]), bias: nil, stride: 1, padding: 1)
      } == "convolution w: operand does not fit the weight; expected 5 channels, found 3")
    #expect(
      refusal { graph in
        let x = graph.imageInput("x", channels: 3, height: 2, width: 2)
        return graph.convolution(x, weight: ParameterSpec(name: "w", shape: [4, 3, 9, 9]), bias: nil, stride: 1, padding: 4)
      }.contains("at most 64 taps"))
    #expect(refusal { $0.norm($0.imageInput("x", channels: 6, height: 2, width: 2), "n") }.contains("expected a multiple of 4, found 6"))
    #expect(refusal { $0.attention($0.imageInput("x", channels: 8, height: 2, width: 2), heads: 1, order: .headsThenParts) } != "")
    #expect(refusal { $0.maxPool2x2($0.imageInput("x", channels: 8, height: 1, width: 2)) }.contains("too small to pool"))
    #expect(refusal { $0.dense($0.scalarInput("t"), "d", to: 2) }.contains("expected vector of 1"))
    #expect(refusal { $0.timestepEmbedding($0.scalarInput("t"), width: 0, maxPeriod: 1, halfDivisor: 1) }.contains("bad timestep"))
    #expect(refusal { $0.imageInput("x", channels: 1 << 20, height: 1 << 20, width: 1 << 40) }.contains("fit"))
    #expect(refusal { $0.silu(ValueID(index: 7)) }.contains("not a value of this graph"))
  }

  @Test func onlyTheFirstMistakeIsTold() {
    let text = refusal { graph in
      let x = graph.imageInput("x", channels: 6, height: 2, width: 2)
      return graph.conv(graph.maxPool2x2(graph.norm(x, "n")), "c", to: 3)
    }
    #expect(text.hasPrefix("group norm n.weight:"))
  }

  @Test func namesAreUsedOnce() {
    #expect(
      refusal { graph in
        graph.add(graph.imageInput("x", channels: 1, height: 1, width: 1), graph.imageInput("x", channels: 1, height: 1, width: 1))
      }.contains("two inputs"))
    #expect(
      refusal { graph in
        let x = graph.imageInput("x", channels: 4, height: 1, width: 1)
        graph.output("out", x)
        return x
      }.contains("two outputs"))
    #expect(
      refusal { graph in
        let x = graph.imageInput("x", channels: 4, height: 1, width: 1)
        return graph.conv(graph.conv(x, "c", to: 5), "c", to: 5)
      }.contains("two shapes"))
    var empty = GraphBuilder()
    #expect(throws: PlumbError.self) { try empty.finish() }
  }

  /// What a kernel looks up by a label is checked where the label is fed.
  @Test func labelsAreInputs() {
    let table = ParameterSpec(name: "table", shape: [4, 3])
    #expect(refusal { $0.embeddingTable($0.scale($0.scalarInput("y"), by: 2), weight: table) }.contains("a label must be an input"))
    #expect(refusal { $0.oneHot($0.scale($0.scalarInput("y"), by: 2), classes: 4) }.contains("a label must be an input"))
    #expect(refusal { $0.embeddingTable($0.scalarInput("y"), weight: table) } == "")
  }

  @Test func damagedGraphsAreRefused() throws {
    let graph = try RandomGraph.make(seed: 2)
    var later = graph
    later.nodes[3].inputs = [ValueID(index: graph.nodes.count - 1)]
    #expect(throws: PlumbError.self) { try GraphVerifier.verify(later) }
    var misshapen = graph
    misshapen.nodes[0].shape = .vector(3)
    #expect(throws: PlumbError.self) { try GraphVerifier.verify(misshapen) }
    var dangling = graph
    dangling.outputs[0].value = ValueID(index: 10000)
    #expect(throws: PlumbError.self) { try GraphVerifier.verify(dangling) }
  }
}
