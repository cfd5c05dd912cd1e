import Basics
import Diffusion
import Testing

@Suite struct RespacingRuleTests {
  @Test func ddimsUniformStrideMayGiveMoreThanAsked() throws {
    let steps = try Respacing(parsing: "ddim-uniform:12").timesteps(of: 1000)
    #expect(steps.count == 13 && steps.prefix(2) == [0, 83] && steps.last == 996)
  }

  /// The list in a recorded case of ermongroup/ddim.
  @Test func ddimsQuadraticStepsAreTruncatedSquares() throws {
    #expect(try Respacing(parsing: "ddim-quad:10").timesteps(of: 1000) == [0, 9, 39, 88, 158, 246, 355, 483, 632, 800])
  }

  @Test func latentDiffusionsStepsAreOneHigher() throws {
    let steps = try Respacing(parsing: "ldm-uniform:30").timesteps(of: 1000)
    #expect(steps.count == 31 && steps.first == 1 && steps.last == 991)
    #expect(try Respacing(parsing: "ldm-quad:10").timesteps(of: 1000) == [1, 10, 40, 89, 159, 247, 356, 484, 633, 801])
  }

  /// Every count at which the original's table is too short, as its README lists them.
  @Test func countsThatRunPastTheTableAreRefused() throws {
    let failing = Set([3, 9, 27, 36, 37] + Array(101...111) + Array(251...333) + Array(501...1000))
    for count in 1...1000 {
      let steps = try? Respacing(parsing: "ldm-uniform:\(count)").timesteps(of: 1000)
      #expect((steps == nil) == failing.contains(count), "\(count)")
    }
  }

  @Test func theStepBelowTheFirstIsTrainingStepZeroForLatentDiffusion() throws {
    let schedule = try BetaSchedule(named: "ldm-linear", start: 0.0015, end: 0.0195)
    let whole = try DiffusionProcess(schedule: schedule, steps: 1000)
    let kept = try DiffusionProcess(schedule: schedule, steps: 1000, respacing: Respacing(parsing: "ldm-uniform:20"))
    #expect(kept.alphasCumprodPrev[0] == whole.alphasCumprod[0] && whole.alphasCumprodPrev[0] == 1)
    for (index, timestep) in kept.timestepMap.enumerated() {
      #expect(abs(kept.alphasCumprod[index] - whole.alphasCumprod[timestep]) < 1e-14)
    }
  }

  @Test func ddimsTablesAreFloat32() throws {
    let process = try DiffusionProcess(
      schedule: BetaSchedule(named: "ddim-quad"), steps: 1000, respacing: Respacing(parsing: "ddim-quad:20"))
    for table in [process.alphasCumprod, process.alphasCumprodPrev, process.betas, process.posteriorMeanCoef1] {
      #expect(table.allSatisfy { Double(Float($0)) == $0 })
    }
  }

  /// Steps of the square of an arithmetic progression repeat at its beginning, and the process has no noise to add there.
  @Test func repeatedStepsLeaveTheImageAsItIs() throws {
    let process = try DiffusionProcess(
      schedule: BetaSchedule(named: "ddim-linear"), steps: 1000, respacing: Respacing(parsing: "ddim-quad:100"))
    #expect(process.timestepMap.prefix(4) == [0, 0, 0, 0] && process.betas[1] == 0)
    #expect((0..<process.count).allSatisfy { GeneralizedDDIM(eta: 1).stepDeviation(process, $0).isFinite })
  }

  @Test(arguments: BetaSchedule.names) func betasHaveTheirEnds(_ name: String) throws {
    let betas = try BetaSchedule(named: name).betas(steps: 1000)
    let ends: [String: (Double, Double)] = [
      "linear": (0.0001, 0.02), "ldm-linear": (0.0001, 0.02), "ldm-sqrt-linear": (0.0001, 0.02), "ldm-sqrt": (0.01, 0.02.squareRoot()),
      "ddim-quad": (0.0001, 0.02), "ddim-linear": (0.0001, 0.02), "ddim-const": (0.02, 0.02), "ddim-jsd": (0.001, 1),
      "ddim-sigmoid": (0.0001 + 0.0199 * 0.0024726231566347743, 0.02 - 0.0199 * 0.0024726231566347743),
    ]
    guard let (first, last) = ends[name] else {
      #expect(["cosine", "ldm-cosine"].contains(name) && betas.last == 0.999)
      return
    }
    #expect(abs(betas[0] - first) < 1e-12 && abs(betas[999] - last) < 1e-12)
  }

  @Test func theMiddleOfASquareRootScheduleIsTheSquareOfTheMeanRoot() throws {
    let betas = try BetaSchedule(named: "ldm-linear", start: 0.0015, end: 0.0195).betas(steps: 3)
    let root = (0.0015.squareRoot() + 0.0195.squareRoot()) / 2
    #expect(abs(betas[1] - root * root) < 1e-15)
    #expect(abs(try BetaSchedule(named: "ldm-sqrt-linear", start: 0.0015, end: 0.0195).betas(steps: 3)[1] - 0.0105) < 1e-15)
  }

  @Test func aScheduleSaysWhichFieldIsWrong() {
    func place(_ name: String, start: Double? = nil, end: Double? = nil, offset: Double? = nil) -> String? {
      do {
        _ = try BetaSchedule(named: name, start: start, end: end, offset: offset)
        return nil
      } catch { return (error as? PlumbError)?.place ?? "elsewhere" }
    }
    #expect(place("ldm-linear", start: 0.0015, end: 0.0155) == nil)
    #expect(place("ldm-cosine", offset: 0.01) == nil)
    #expect(place("ldm") == "noise_schedule")
    #expect(place("cosine", end: 0.02) == "beta_end")
    #expect(place("ddim-const", start: 0.01) == "beta_start")
    #expect(place("ddim-linear", start: 2) == "beta_start")
    #expect(place("ldm-linear", offset: 0.008) == "cosine_s")
  }

  @Test func aStepWithoutSignalCannotBeVisited() throws {
    let schedule = try BetaSchedule(named: "ddim-jsd")
    #expect(throws: PlumbError.self) { try DiffusionProcess(schedule: schedule, steps: 1000) }
    #expect(try DiffusionProcess(schedule: schedule, steps: 1000, respacing: Respacing(parsing: "ddim-uniform:10")).count == 10)
  }
}
