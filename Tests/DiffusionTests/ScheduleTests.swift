import Basics
import Diffusion
import Testing

@Suite struct ScheduleTests {
  @Test func everyTableOfEveryGoldenCaseIsMet() throws {
    let cases = try GoldenCase.all("schedules")
    #expect(cases.count == 14)
    for golden in cases {
      let config = golden.description["config"]
      let schedule = try BetaSchedule(named: try #require(config?["noise_schedule"]?.text))
      let respacing = try Respacing(parsing: try #require(config?["timestep_respacing"]?.text))
      let process = try DiffusionProcess(schedule: schedule, steps: try #require(config?["diffusion_steps"]?.integer), respacing: respacing)
      let tables: [String: [Double]] = [
        "betas": process.betas, "alphas_cumprod": process.alphasCumprod, "alphas_cumprod_prev": process.alphasCumprodPrev,
        "sqrt_recip_alphas_cumprod": process.sqrtRecipAlphasCumprod, "sqrt_recipm1_alphas_cumprod": process.sqrtRecipm1AlphasCumprod,
        "posterior_variance": process.posteriorVariance, "posterior_log_variance_clipped": process.posteriorLogVarianceClipped,
        "posterior_mean_coef1": process.posteriorMeanCoef1, "posterior_mean_coef2": process.posteriorMeanCoef2,
        "timestep_map": process.timestepMap.map(Double.init),
      ]
      #expect(Set(tables.keys) == Set(golden.description["outputs"]?.object?.keys.map { $0 } ?? []))
      for (name, table) in tables { #expect(try golden.miss(name, table) == nil) }
    }
  }

  @Test func theModelIsToldTheOriginalTimestepOrItsRescaledForm() throws {
    let plain = try DiffusionProcess(schedule: .linear, steps: 500, respacing: Respacing(parsing: "4,6"))
    let rescaled = try DiffusionProcess(schedule: .linear, steps: 500, respacing: Respacing(parsing: "4,6"), rescaleTimesteps: true)
    for index in 0..<plain.count { #expect(rescaled.modelTimestep(index) == 2 * plain.modelTimestep(index)) }
    #expect(plain.modelTimestep(9) == 499)
  }

  @Test func aLinearScheduleOfTooFewStepsIsRefused() {
    #expect(throws: PlumbError.self) { try BetaSchedule.linear.betas(steps: 10) }
    #expect(throws: PlumbError.self) { try BetaSchedule.cosine.betas(steps: 0) }
  }
}

@Suite struct RespacingTests {
  @Test(arguments: ["x", "10,", ",10", "ddim", "ddimx", "-5", "10, 20", "1e2", "+3", "99999999999999999999"])
  func aMalformedRespacingIsRefused(_ text: String) {
    #expect(throws: PlumbError.self) { try Respacing(parsing: text) }
  }

  @Test(arguments: ["1001", "400,500,100", "ddim7000", "ddim999", "0", "0,0"])
  func aRespacingThatDoesNotFitIsRefused(_ text: String) throws {
    let respacing = try Respacing(parsing: text)
    #expect(throws: PlumbError.self) { try respacing.timesteps(of: 1000) }
  }

  @Test func countsOfOneTakeTheFirstStepOfTheirSection() throws {
    #expect(try Respacing(parsing: "1,1").timesteps(of: 5) == [0, 3])
  }

  @Test(arguments: ["", "20", "10,15,20", "ddim20"]) func theNotationIsKept(_ text: String) throws {
    #expect(try Respacing(parsing: text).text == text)
  }
}
