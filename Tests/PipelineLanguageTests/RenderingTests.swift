import Basics
import PipelineLanguage
import Testing

@Suite struct RenderingTests {
  private func note(_ text: String) throws -> Diagnostic { try #require(TestPipelines.load(text).diagnostics.first) }

  @Test func `a message shows place, code, line, caret and the nearest name`() throws {
    let text = TestPipelines.small.replacing("sampler: ddpm", with: "sampler: dpm")
    #expect(
      try note(text).rendered == """
        test.plumb.yaml:22:16: error[P074] 'sampler' of stage 'sample' must be one of ddpm, ddim; found 'dpm'
                sampler: dpm
                         ^^^
          help: did you mean 'ddpm'?
        """)
  }

  @Test func `a value that came through a parameter shows where it is used`() throws {
    let text = TestPipelines.small.replacing("b: 1.02", with: "b: 10.2")
    #expect(
      try note(text).rendered == """
        test.plumb.yaml:6:47: error[P073] 'epsilon_scaling.b' of stage 'sample' must be a number from 0.5 to 2; found 10.2
            scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 10.2}, {k: 0.004, b: 1.0}]}
                                                        ^^^^
          test.plumb.yaml:25:24: note: used here
                  epsilon_scaling: $scaling
                                   ^^^^^^^^
        """)
  }

  @Test func `wide characters take two columns under which the caret moves along`() throws {
    let text = TestPipelines.small.replacing("{image_size: 8}", with: "{重み: x-$(sclaing)}")
    #expect(
      try note(text).rendered == """
        test.plumb.yaml:13:22: error[P030] no parameter is called 'sclaing'
                config: {重み: x-$(sclaing)}
                                 ^^^^^^^^^^
          help: did you mean 'scaling'?
          test.plumb.yaml:6:3: note: 'scaling' is declared here
              scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}
              ^^^^^^^
        """)
  }

  @Test func `a circle names its whole way`() throws {
    let text = TestPipelines.small.replacing("  samples: 100\n", with: "  samples: 100\n  a: $(b)\n  b: $c\n  c: $a\n")
      .replacing("weights.pt", with: "$a")
    let note = try note(text)
    #expect(note.message == "parameters refer to each other in a circle: a -> b -> c -> a")
    #expect(note.related.map(\.range.text) == ["$(b)", "$c", "$a"])
  }

  @Test func `JSON and annotations carry the same facts`() throws {
    let note = try note(TestPipelines.small.replacing("sampler: ddpm", with: "sampler: dpm"))
    #expect(note.json["code"]?.text == "P074")
    #expect(note.json["line"]?.integer == 22)
    #expect(note.json["column"]?.integer == 16)
    #expect(note.json["endColumn"]?.integer == 19)
    #expect(note.json["suggestion"]?.text == "ddpm")
    #expect(
      note.githubAnnotation
        == "::error file=test.plumb.yaml,line=22,col=16,endColumn=18,title=P074::'sampler' of stage 'sample' must be one of ddpm, ddim; found 'dpm'; did you mean 'ddpm'?"
    )
  }

  @Test func `an annotation escapes what a workflow command cannot hold`() throws {
    let text = TestPipelines.small.replacing("sampler: ddpm", with: "sampler: \"50%\\n\"")
    let loaded = Pipeline.load(text: text, name: "a,b:100%.yaml", directory: "/data", catalogue: TestCatalogue.all)
    let annotation = try #require(loaded.diagnostics.first).githubAnnotation
    #expect(annotation.hasPrefix("::error file=a%2Cb%3A100%25.yaml,line=22,col=16,endColumn=22,title=P074::"))
    #expect(annotation.hasSuffix("must be one of ddpm, ddim; found '50%25 '"))
    let broken = Diagnostic(.refused, "a: b, c%\r\nd", at: loaded.diagnostics[0].range)
    #expect(broken.githubAnnotation.hasSuffix("::a: b, c%25%0D%0Ad"))
  }

  @Test func `an annotation over several lines has an end line and no end column`() throws {
    let text = TestPipelines.small.replacing("  steps: {sweep: [10, 20]}", with: "  steps:\n    sweep:\n      - [1,\n         2]")
    let annotation = try note(text).githubAnnotation
    #expect(annotation.hasPrefix("::error file=test.plumb.yaml,line=6,endLine=7,col=9,title=P072::"), "\(annotation)")
  }

  @Test func `a flag is shown with the caret in its own text, and stands in no file`() throws {
    let notes = TestPipelines.load(TestPipelines.small, ["steps=10,ten"]).diagnostics
    let note = try #require(notes.first { $0.range.source.kind == .commandLine })
    #expect(
      note.rendered.hasPrefix(
        """
        command line:1:16: error[P072] 'steps' of stage 'sample' must be a whole number from 1 to 4000; found 'ten'
          --set steps=10,ten
                         ^^^
        """), "\(note.rendered)")
    #expect(note.githubAnnotation.hasPrefix("::error title=P072::--set steps=10,ten: 'steps' of stage"))
  }

  @Test func `related places are in every format`() throws {
    let text = TestPipelines.small.replacing("  samples: 100\n", with: "  samples: 100\n  samples: 200\n")
    let note = try note(text)
    #expect(note.json["related"]?.list?.first?["line"]?.integer == 5)
    #expect(note.json["related"]?.list?.first?["message"]?.text == "first given here")
    #expect(note.githubAnnotation.hasSuffix("first given here: test.plumb.yaml:5:3"))
  }

  @Test func `a missing file is one message`() {
    let loaded = Pipeline.load(path: "/nowhere/p.yaml", catalogue: TestCatalogue.all)
    #expect(loaded.diagnostics.map(\.rendered) == ["/nowhere/p.yaml:1:1: error[P001] there is no such file"])
  }

  @Test func `no number means two things`() {
    #expect(Set(DiagnosticCode.all.map(\.number)).count == DiagnosticCode.all.count)
    #expect(DiagnosticCode.all == DiagnosticCode.all.sorted())
  }
}

@Suite struct NearestNameTests {
  @Test(
    arguments: [
      ("stepz", "steps"), ("smaple", "sample"), ("epsilon-norm", "epsilon-norms"), ("scaling", "epsilon_scaling"), ("epsilon", nil),
      ("STEPS", "steps"),
      ("x", nil), ("weights", nil),
    ] as [(String, String?)])
  func `a slip finds its name and another word does not`(_ written: String, _ meant: String?) {
    #expect(NearestName.of(written, among: ["steps", "sample", "epsilon-norms", "epsilon_scaling", "b"]) == meant)
  }
}
