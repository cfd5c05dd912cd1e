import ArtifactStore
import Basics
import Execution
import StageSchema
import Testing

/// The scheduler alone: events in, commands out; nothing runs.
@Suite struct SchedulerTests {
  @Test func `a cell starts once its inputs are there, and the run ends with the last one`() {
    var play = Play(["a", "b: a", "c: a b"])
    #expect(play.begin() == ["look up a"])
    #expect(play.found("a", .nothing) == ["start a"])
    #expect(play.ended("a") == ["finished a", "look up b"])
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.ended("b") == ["finished b", "look up c"])
    #expect(play.found("c", .nothing) == ["start c"])
    #expect(play.ended("c") == ["finished c", "let go of a, b", "end"])
  }

  @Test func `what is in the store is not computed`() {
    var play = Play(["a", "b: a"])
    _ = play.begin()
    #expect(play.found("a", .result(Play.result("a"))) == ["cached a", "look up b"])
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.ended("b") == ["finished b", "let go of a", "end"])
  }

  @Test func `cells known from planning are neither looked up nor told`() {
    var play = Play(["a", "b: a"], known: ["a", "b"])
    #expect(play.begin() == ["end"])
    var half = Play(["a", "b: a"], known: ["a"])
    #expect(half.begin() == ["look up b"])
  }

  @Test func `the blocks of a cell run on all lanes, then its completion`() {
    var play = Play(["a"], lanes: 2)
    _ = play.begin()
    #expect(play.found("a", .blocks(total: 3, missing: Play.blocks(12))) == ["start a 0-4", "start a 4-8"])
    #expect(play.ended("a 0-4") == ["block 1/3 of a", "start a 8-12"])
    #expect(play.ended("a 8-12") == ["block 2/3 of a"])
    #expect(play.ended("a 4-8") == ["block 3/3 of a", "start a"])
    #expect(play.ended("a") == ["finished a", "end"])
  }

  @Test func `only the blocks that are missing run`() {
    var play = Play(["a"], lanes: 8)
    _ = play.begin()
    let missing = Play.blocks(16).subtracting(Play.blocks(8))
    #expect(play.found("a", .blocks(total: 4, missing: missing)) == ["start a 8-12", "start a 12-16"])
    var whole = Play(["a"])
    _ = whole.begin()
    #expect(whole.found("a", .blocks(total: 4, missing: missing.none)) == ["start a"], "the completion alone")
  }

  @Test func `twins are computed once`() {
    // Cells of one capital letter have one key.
    var play = Play(["A1", "A2", "b: A2"])
    #expect(play.begin() == ["look up A1"])
    #expect(play.found("A1", .nothing) == ["start A1"])
    #expect(play.ended("A1") == ["finished A1", "cached A2", "look up b"])
  }

  @Test func `a twin that comes later takes the result of the earlier one`() {
    var play = Play(["A1", "slow", "A2: slow"], lanes: 2)
    #expect(play.begin() == ["look up A1"])
    #expect(play.found("A1", .nothing) == ["start A1", "look up slow"])
    #expect(play.found("slow", .nothing) == ["start slow"])
    #expect(play.ended("A1") == ["finished A1"])
    #expect(play.ended("slow") == ["finished slow", "cached A2", "let go of slow", "end"])
  }

  @Test func `a failure ends the run once what is in flight has ended`() {
    var play = Play(["a", "b", "c: a", "d: b"], lanes: 2)
    _ = play.begin()
    _ = play.found("a", .nothing)
    _ = play.found("b", .nothing)
    #expect(play.failed("a") == ["failed a"])
    #expect(play.ended("b") == ["finished b", "end"])
    #expect(play.endings == ["failed", "computed", "skipped", "skipped"])
  }

  @Test func `kept going, a failure ends those that need it and no other`() {
    var play = Play(["a", "b: a", "c: b", "d", "e: d"], keepsGoing: true)
    _ = play.begin()
    #expect(play.found("a", .nothing) == ["start a", "look up d"])
    #expect(play.failed("a") == ["failed a"])
    #expect(play.found("d", .nothing) == ["start d"])
    #expect(play.ended("d") == ["finished d", "look up e"])
    _ = play.found("e", .nothing)
    #expect(play.ended("e") == ["finished e", "let go of d", "end"])
    #expect(play.endings == ["failed", "skipped", "skipped", "computed", "computed"])
  }

  @Test func `a failed cell takes its twins along, and no verdict on blocks that were in flight`() {
    var play = Play(["A1", "A2", "b"], lanes: 2, keepsGoing: true)
    _ = play.begin()
    #expect(play.found("A1", .blocks(total: 3, missing: Play.blocks(12))) == ["start A1 0-4", "start A1 4-8", "look up b"])
    #expect(play.failed("A1 0-4") == ["failed A1", "failed A2"])
    #expect(play.ended("A1 4-8") == [], "the third block never starts")
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.ended("b") == ["finished b", "end"])
  }

  @Test func `cancelling starts nothing more and waits for what is in flight`() {
    var play = Play(["a", "b"], lanes: 1)
    _ = play.begin()
    _ = play.found("a", .blocks(total: 3, missing: Play.blocks(12)))
    #expect(play.cancel() == [])
    #expect(play.failed("a 0-4", kind: .interrupted) == ["end"])
    #expect(play.endings == ["skipped", "skipped"])
    var idle = Play(["a"])
    _ = idle.begin()
    #expect(idle.cancel() == [])
    #expect(idle.found("a", .nothing) == ["end"])
  }

  @Test func `interrupted without a request is a failure`() {
    var play = Play(["a"])
    _ = play.begin()
    _ = play.found("a", .nothing)
    #expect(play.failed("a", kind: .interrupted) == ["failed a", "end"])
    #expect(play.endings == ["failed"])
  }

  @Test func `a piece that ends without a word fails its cell`() {
    var play = Play(["a", "b: a"])
    _ = play.begin()
    _ = play.found("a", .blocks(total: 1, missing: Play.blocks(4)))
    #expect(play.ended("a 0-4", .lost) == ["failed a", "end"])
  }

  @Test func `a damaged object is computed again by the cell that made it, then its reader starts over`() {
    var play = Play(["a", "b: a", "c: b"])
    _ = play.begin()
    _ = play.found("a", .nothing)
    _ = play.ended("a")
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.damaged("b", object: "a") == ["repaired b", "look up a afresh"])
    #expect(play.found("a", .nothing) == ["start a"])
    #expect(play.ended("a") == ["finished a", "look up b afresh"])
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.damaged("b", object: "a") == ["failed b", "let go of a", "end"], "a second time the disk is failing")
  }

  @Test func `readers that meet the same damage while it is repaired wait for the repair`() {
    var play = Play(["a", "b: a", "c: a"], known: ["a"], lanes: 2)
    #expect(play.begin() == ["look up b"])
    #expect(play.found("b", .nothing) == ["start b", "look up c"])
    #expect(play.found("c", .nothing) == ["start c"])
    #expect(play.damaged("b", object: "a") == ["repaired b", "look up a afresh"])
    #expect(play.damaged("c", object: "a") == [], "it waits already")
    #expect(play.found("a", .nothing) == ["start a"])
    #expect(play.ended("a") == ["finished a", "look up b afresh"])
    #expect(play.found("b", .nothing) == ["start b", "look up c afresh"])
    #expect(play.found("c", .nothing) == ["start c"])
    #expect(play.ended("b") == ["finished b"])
    #expect(play.ended("c") == ["finished c", "let go of a", "end"])
    #expect(play.endings == ["computed", "computed", "computed"])
  }

  @Test func `readers that are in line when their input is taken back are not looked up before it is there again`() {
    var play = Play(["a", "b: a", "c: a", "d: a"], known: ["a"])
    #expect(play.begin() == ["look up b"])
    #expect(play.found("b", .nothing) == ["start b", "look up c"])
    #expect(play.damaged("b", object: "a") == ["repaired b"])
    #expect(play.found("c", .nothing) == ["look up a afresh"], "what was found of c is of no use now")
    #expect(play.found("a", .nothing) == ["start a"])
    #expect(play.ended("a") == ["finished a", "look up b afresh"])
    #expect(play.found("b", .nothing) == ["start b", "look up c afresh"])
    #expect(play.found("c", .nothing) == [])
    #expect(play.ended("b") == ["finished b", "start c", "look up d afresh"])
    #expect(play.found("d", .nothing) == [])
    #expect(play.ended("c") == ["finished c", "start d"])
    #expect(play.ended("d") == ["finished d", "let go of a", "end"])
  }

  @Test func `blocks of a reader do not start while its input is computed anew, and are not forgotten`() {
    var play = Play(["a", "b: a", "c: a"], known: ["a"], lanes: 1)
    #expect(play.begin() == ["look up b"])
    #expect(play.found("b", .blocks(total: 2, missing: Play.blocks(8))) == ["start b 0-4"])
    #expect(play.damaged("b 0-4", object: "a") == ["repaired b", "look up a afresh"])
    #expect(play.found("a", .nothing) == ["start a"])
    #expect(play.ended("a") == ["finished a", "look up b afresh"])
    #expect(play.found("b", .blocks(total: 2, missing: Play.blocks(8))) == ["start b 0-4"])
    #expect(play.ended("b 0-4") == ["block 1/2 of b", "start b 4-8", "look up c afresh"])
  }

  @Test func `each reader may meet damage of an object once, and the next one is no news of a failing disk`() {
    var play = Play(["a", "b: a", "c: b a"], known: ["a"])
    _ = play.begin()
    _ = play.found("b", .nothing)
    #expect(play.damaged("b", object: "a") == ["repaired b", "look up a afresh"])
    _ = play.found("a", .nothing)
    _ = play.ended("a")
    _ = play.found("b", .nothing)
    #expect(play.ended("b") == ["finished b", "look up c"])
    #expect(play.found("c", .nothing) == ["start c"])
    #expect(play.damaged("c", object: "a") == ["repaired c", "look up a afresh"])
    _ = play.found("a", .nothing)
    #expect(play.ended("a") == ["finished a", "look up c afresh"])
    _ = play.found("c", .nothing)
    #expect(play.damaged("c", object: "a") == ["failed c", "let go of a, b", "end"])
  }

  @Test func `an object that a cell hands on from its input is made by who made it`() {
    // The result of `pass` names the object of `make`.
    var play = Play(["make", "pass: make", "read: pass"], known: ["make", "pass"])
    #expect(play.begin() == ["look up read"])
    #expect(play.found("read", .nothing) == ["start read"])
    #expect(play.damaged("read", object: "pass") == ["repaired read", "look up pass afresh"])
    #expect(play.found("pass", .nothing) == ["start pass"])
    #expect(play.damaged("pass", object: "make") == ["repaired pass", "look up make afresh"])
    #expect(play.found("make", .nothing) == ["start make"])
    #expect(play.ended("make") == ["finished make", "look up pass afresh"])
    #expect(play.found("pass", .nothing) == ["start pass"])
    #expect(play.ended("pass") == ["finished pass", "let go of make", "look up read afresh"])
  }

  @Test func `a twin whose owner is computed anew waits for it instead of computing the same`() {
    var play = Play(["A1", "A2", "b: A1", "c: A2"], lanes: 2)
    _ = play.begin()
    _ = play.found("A1", .nothing)
    #expect(play.ended("A1") == ["finished A1", "cached A2", "look up c"])
    #expect(play.found("c", .nothing) == ["start c", "look up b"])
    #expect(play.found("b", .nothing) == ["start b"])
    #expect(play.damaged("c", object: "A1") == ["repaired c", "look up A2 afresh"])
    #expect(play.found("A2", .nothing) == ["start A2"])
    #expect(play.damaged("b", object: "A1") == ["repaired b"], "A1 waits for A2")
    #expect(play.ended("A2") == ["finished A2", "cached A1", "look up b afresh"])
  }

  @Test func `who waits for blocks of a cell that starts over computes them itself`() {
    var play = Play(["in", "a1: in", "b1"], known: ["in"], lanes: 1)
    #expect(play.begin() == ["look up a1"])
    #expect(play.found("a1", .blocks(total: 1, missing: Play.blocks(4))) == ["start a1 0-4", "look up b1"])
    #expect(play.found("b1", .blocks(total: 1, missing: Play.blocks(4))) == [])
    #expect(play.damaged("a1 0-4", object: "in") == ["repaired a1", "start b1 0-4", "look up in afresh"])
    #expect(play.found("in", .nothing) == [])
    #expect(play.ended("b1 0-4") == ["block 1/1 of b1", "start in"])
    #expect(play.ended("in") == ["finished in", "start b1", "look up a1 afresh"])
  }

  @Test func `a cell that is to be computed although it is there is no twin of one that is there`() {
    // A1 was found by planning; A2 is forced, and so not known.
    var play = Play(["A1", "A2"], known: ["A1"])
    #expect(play.begin() == ["look up A2"])
    #expect(play.found("A2", .nothing) == ["start A2"])
    #expect(play.ended("A2") == ["finished A2", "end"])
  }

  @Test func `a damaged block that the completion reads is computed again alone`() {
    var play = Play(["a"], lanes: 2)
    _ = play.begin()
    _ = play.found("a", .blocks(total: 2, missing: Play.blocks(8)))
    _ = play.ended("a 0-4")
    #expect(play.ended("a 4-8") == ["block 2/2 of a", "start a"])
    #expect(play.damaged("a", object: "some block") == ["repaired a", "look up a afresh"])
    #expect(play.found("a", .blocks(total: 2, missing: Play.blocks(4))) == ["start a 0-4"])
    #expect(play.ended("a 0-4") == ["block 2/2 of a", "start a"])
    #expect(play.ended("a") == ["finished a", "end"])
  }

  @Test func `damage that no cell of the run made is a failure`() {
    var play = Play(["a"])
    _ = play.begin()
    _ = play.found("a", .nothing)
    #expect(play.damaged("a", object: "unknown") == ["failed a", "end"])
  }

  @Test func `blocks that another cell computes are asked for when it has ended`() {
    // Cells of one number share their blocks.
    var play = Play(["a1", "b1"], lanes: 8)
    #expect(play.begin() == ["look up a1"])
    #expect(play.found("a1", .blocks(total: 2, missing: Play.blocks(8))) == ["start a1 0-4", "start a1 4-8", "look up b1"])
    #expect(play.found("b1", .blocks(total: 3, missing: Play.blocks(12))) == ["start b1 8-12"])
    #expect(play.ended("b1 8-12") == ["block 1/3 of b1"])
    _ = play.ended("a1 0-4")
    #expect(play.ended("a1 4-8") == ["block 2/2 of a1", "start a1"])
    #expect(play.ended("a1") == ["finished a1", "start b1 0-4", "start b1 4-8"], "they are in the store now")
    _ = play.ended("b1 0-4", .block(isComputed: false))
    #expect(play.ended("b1 4-8", .block(isComputed: false)) == ["block 3/3 of b1", "start b1"])
    #expect(play.ended("b1") == ["finished b1", "end"])
  }

  @Test func `blocks of a cell that failed are computed by who shares them`() {
    var play = Play(["a1", "b1"], lanes: 1, keepsGoing: true)
    _ = play.begin()
    #expect(play.found("a1", .blocks(total: 1, missing: Play.blocks(4))) == ["start a1 0-4", "look up b1"])
    #expect(play.found("b1", .blocks(total: 1, missing: Play.blocks(4))) == [])
    #expect(play.failed("a1 0-4") == ["failed a1", "start b1 0-4"])
  }

  @Test func `a tail of another length is another block`() {
    var play = Play(["a1", "b1"], lanes: 8)
    _ = play.begin()
    _ = play.found("a1", .blocks(total: 2, missing: Play.blocks(6)))
    #expect(play.found("b1", .blocks(total: 2, missing: Play.blocks(8))) == ["start b1 4-8"], "0-4 is shared, 4-6 is not 4-8")
  }

  @Test func `a group at its limit holds up no other`() {
    var play = Play(["a", "b/other"], lanes: 4, groups: [0: 1])
    _ = play.begin()
    #expect(play.found("a", .blocks(total: 3, missing: Play.blocks(12))) == ["start a 0-4", "look up b/other"])
    #expect(play.found("b/other", .blocks(total: 2, missing: Play.blocks(8))) == ["start b/other 0-4", "start b/other 4-8"])
    #expect(play.ended("a 0-4") == ["block 1/3 of a", "start a 4-8"])
  }

  @Test func `a result is looked up when a lane will soon be free, and no earlier`() {
    var play = Play(["a", "b", "c", "d", "e"], lanes: 1)
    #expect(play.begin() == ["look up a"])
    #expect(play.found("a", .nothing) == ["start a", "look up b"])
    #expect(play.found("b", .nothing) == [], "one is ready beside the one that runs")
    #expect(play.ended("a") == ["finished a", "start b", "look up c"])
  }

  @Test func `four billion samples are scheduled in no memory`() {
    var play = Play(["a"], lanes: 2)
    _ = play.begin()
    let blocks = BlockSet(of: 0..<4_000_000_000, blockSize: 4)
    #expect(play.found("a", .blocks(total: blocks.count, missing: blocks)) == ["start a 0-4", "start a 4-8"])
    #expect(play.ended("a 4-8") == ["block 1/1000000000 of a", "start a 8-12"])
  }

  @Test func `finishing a cell costs what depends on it`() {
    // A thousand times the cells take a thousand times as long in all, not a million.
    func events(_ count: Int) -> Duration {
      var play = Play((0..<count).map { "c\($0)x" }, lanes: 1)
      return ContinuousClock().measure {
        var said = play.begin()
        while let command = said.last, command != "end" {
          let cell = String(command.split(separator: " ").last ?? "")
          said = command.hasPrefix("look up") ? play.found(cell, .nothing) : play.ended(cell)
          if said.isEmpty { said = play.ended(play.running ?? "") }
        }
      }
    }
    let (few, many) = (events(500), events(20_000))
    #expect(many < few * 400, "40 times the cells took \(many / few) times as long")
  }
}
