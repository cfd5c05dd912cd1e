import PipelineLanguage
import Testing

/// A mistake put into the small pipeline, and the messages it must give. ⟦ in the text marks the places of the
/// messages, in order; a message is its code and the suggestion.
struct WrongFile: Sendable, CustomTestStringConvertible {
  let name: String
  let edits: [(String, String)]
  let expected: [String]

  /// Text that replaces other text, once.
  init(_ name: String, _ old: String, _ new: String, _ expected: String...) {
    self.init(name, [(old, new)], expected)
  }

  init(_ name: String, _ edits: [(String, String)], _ expected: [String]) {
    self.name = name
    self.edits = edits
    self.expected = expected
  }

  var testDescription: String { name }

  var marked: MarkedText {
    MarkedText(edits.reduce(TestPipelines.small) { $0.replacing($1.0, with: $1.1, maxReplacements: 1) })
  }
}

@Suite struct WrongFileTests {
  @Test(arguments: WrongFile.all)
  func `every mistake is reported once, at its place, with the name that was meant`(_ file: WrongFile) {
    let marked = file.marked
    #expect(!file.edits.contains { !TestPipelines.small.contains($0.0) }, "an edit finds nothing")
    let loaded = TestPipelines.load(marked.text)
    let found = loaded.diagnostics.map { note in
      "\(note.code) \(note.range.start.line):\(note.range.start.column)" + (note.suggestion.map { " \($0)" } ?? "")
    }
    let expected = zip(file.expected, marked.places).map { message, place in
      let words = message.split(separator: " ", maxSplits: 1)
      return ([String(words[0]), place] + words.dropFirst().map(String.init)).joined(separator: " ")
    }
    #expect(file.expected.count == marked.places.count)
    #expect(found == expected, "\(loaded.diagnostics.rendered(as: .text))")
    #expect(loaded.pipeline == nil)
  }
}

extension WrongFile {
  static let all: [WrongFile] = text + tree + parameters + edges + fields

  static let text: [WrongFile] = [
    WrongFile("tab indentation", "    uses: load-weights\n", "⟦\tuses: load-weights\n", "P004"),
    WrongFile("tab after spaces", "      steps: $steps\n", "    ⟦\tsteps: $steps\n", "P004"),
    WrongFile("unclosed brace", "{image_size: 8}", "⟦{image_size: 8", "P005"),
    WrongFile("unclosed bracket", "[table]", "⟦[table", "P005"),
    WrongFile("unclosed quote", "file: weights.pt", "file: ⟦\"weights.pt", "P005"),
    WrongFile("wrong bracket", "[fd]", "[fd⟦}", "P003"),
    WrongFile("merge conflict", "  samples: 100\n", "⟦<<<<<<< HEAD\n  samples: 100\n=======\n  samples: 200\n>>>>>>> other\n", "P006"),
    WrongFile("two documents", "default: [table]", "default: [table]\n⟦---\nplumb: 1", "P007"),
    WrongFile("two colons on a line", "uses: load-dataset", "uses: load⟦: dataset", "P003"),
    WrongFile("braces of a shell", "{file: images.npz}", "{file: ⟦${images}}", "P032"),
    WrongFile("unquoted cell", "norms: sample.epsilon-norms", "norms: ⟦sample[steps=10].epsilon-norms", "P057"),
  ]

  static let tree: [WrongFile] = [
    WrongFile("duplicate key", "  samples: 100\n", "  samples: 100\n  ⟦samples: 200\n", "P010"),
    WrongFile("duplicate stage", "  images:\n", "  ⟦network:\n", "P010").with(
      [("{samples: sample, reference: images}", "{samples: sample, reference: ⟦images}")], ["P051"]),
    WrongFile("merge key", "{image_size: 8}", "{⟦<<: {a: 1}, image_size: 8}", "P011"),
    WrongFile("foreign tag", "file: weights.pt", "file: ⟦!path weights.pt", "P012"),
    WrongFile("unknown alias", "file: weights.pt", "file: ⟦*weights", "P013"),
    WrongFile("unknown key of the file", "default:", "⟦defualt:", "P014 default"),
    WrongFile("unknown key of a stage", "    gather:", "    ⟦gahter:", "P014 gather"),
    WrongFile("misspelt with hides nothing", "    with: {file: images.npz}", "    ⟦wiht: {file: images.npz}", "P014 with"),
    WrongFile("misspelt params hides nothing", "params:", "⟦parms:", "P014 params"),
    WrongFile(
      "no space after a colon", "{image_size: 8}\n      process: {noise_schedule: cosine,",
      "{image_size: 8}\n      process: {⟦noise_schedule:cosine,", "P021"),
    WrongFile("stages as a list", "default: [table]", "default: ⟦table", "P016"),
    WrongFile("metrics as text", "{metrics: [fd]}", "{metrics: ⟦fd}", "P072"),
    WrongFile("no name", "plumb: 1\nname: small\n", "⟦plumb: 1\n", "P017"),
    WrongFile("no version", "plumb: 1\nname: small\n", "⟦name: small\n", "P017"),
    WrongFile("other version", "plumb: 1", "plumb: ⟦2", "P018"),
    WrongFile("no uses", "  images:\n    uses: load-dataset\n", "  ⟦images:\n", "P017"),
    WrongFile("imports", "params:\n", "use: {a: {file: ⟦b.yaml}}\nparams:\n", "P001"),
    WrongFile("name with a space", "  samples: 100\n", "  samples: 100\n  ⟦my name: 1\n", "P019 my_name"),
    WrongFile("hint", "    uses: sample\n", "    uses: sample\n    run: {lanes: ⟦many, ⟦memry: 1GiB}\n", "P023", "P014 memory"),
  ]

  static let parameters: [WrongFile] = [
    WrongFile("unknown parameter", "steps: $steps", "steps: ⟦$stepz", "P030 steps"),
    WrongFile("unknown parameter in text", "file: weights.pt", "file: w-⟦$(smaples).pt", "P030 samples"),
    WrongFile("unknown field of a parameter", "epsilon_scaling: $scaling", "epsilon_scaling: {b: $scaling.⟦bb}", "P031 b"),
    WrongFile("field of a number", "steps: $steps", "steps: $steps.⟦x", "P031"),
    WrongFile("shell reference", "steps: $steps", "steps: ⟦${steps}", "P032"),
    WrongFile("lone dollar", "file: weights.pt", "file: cost⟦$ 5", "P032"),
    WrongFile("reference inside of text", "file: weights.pt", "file: w/⟦$samples", "P032"),
    WrongFile("unused parameter", "  samples: 100\n", "  samples: 100\n  ⟦seed: 0\n", "P033"),
    WrongFile("parameter cycle", "  samples: 100\n", "  samples: 100\n  ⟦a: $(b)\n  b: $a\n", "P034").with(
      [("file: weights.pt", "file: $a")], []),
    WrongFile("map in text", "file: weights.pt", "file: w-⟦$(scaling).pt", "P035"),
    WrongFile("empty sweep", "[10, 20]", "⟦[]", "P040"),
    WrongFile("sweep without values", "{sweep: [10, 20]}", "{⟦sweep: }", "P040"),
    WrongFile("value twice", "[10, 20]", "[10, 20, ⟦10.0]", "P041"),
    WrongFile("range the wrong way", "[10, 20]", "[⟦20:10:5]", "P042"),
    WrongFile("range without a step", "[10, 20]", "[⟦10:20:0]", "P042"),
    WrongFile("sweep in a field", "samples: $samples", "samples: {⟦sweep: [1, 2]}", "P043").with([("  samples: 100\n", "")], []),
    WrongFile("too many values", "[10, 20]", "[⟦0:10000000:1]", "P044"),
    WrongFile("misspelt sweep", "{sweep: [10, 20]}", "{⟦sweeep: [10, 20]}", "P014 sweep"),
    WrongFile("stage named like a parameter", "  images:\n", "  ⟦samples:\n", "P022").with(
      [("reference: images", "reference: samples")], []),
  ]

  static let edges: [WrongFile] = [
    WrongFile("unknown stage kind", "uses: sample\n", "uses: ⟦smaple\n", "P050 sample"),
    WrongFile("unknown stage", "{network: network}", "{network: ⟦netwrok}", "P051 network"),
    WrongFile("unknown stage with output", "norms: sample.epsilon-norms", "norms: ⟦smple.epsilon-norms", "P051 sample"),
    WrongFile("unknown output", "sample.epsilon-norms", "sample.⟦epsilon-norm", "P052 epsilon-norms"),
    WrongFile("unknown input", "{samples: sample,", "{⟦sampels: sample,", "P053 samples"),
    WrongFile("missing input", "inputs: {samples: sample, reference: images}", "⟦inputs: {samples: sample}", "P054"),
    WrongFile("no inputs at all", "    inputs: {network: network}\n", "", "P054").moved("  sample:\n", "  ⟦sample:\n"),
    WrongFile("wrong port type", "{samples: sample,", "{samples: ⟦images,", "P055 sample"),
    WrongFile("wrong output", "{samples: sample,", "{samples: ⟦sample.epsilon-norms,", "P055 sample.images"),
    WrongFile("wrong type into an open port", "{score: score,", "{score: ⟦images,", "P055"),
    WrongFile(
      "cycle", [("  score:\n", "  ⟦one: {uses: table, inputs: {a: ⟦two}}\n  two: {uses: table, inputs: {a: ⟦one}}\n  score:\n")],
      ["P056", "P055", "P055"]),
    WrongFile(
      "stage feeds itself", [("  table:\n", "  ⟦table:\n"), ("score: score,", "score: score, own: ⟦table,")], ["P056", "P055"]),
    WrongFile("edge without a stage", "{network: network}", "{network: ⟦.network}", "P057"),
    WrongFile("edge with an open bracket", "{network: network}", "{network: \"network[a=1⟦\"}", "P057"),
    WrongFile("gather of nothing", "gather: [scaling]", "gather: [⟦scalin]", "P058 scaling"),
    WrongFile("gather of a plain value", "gather: [scaling]", "gather: [scaling, ⟦samples]", "P058"),
    WrongFile("pick of an unknown axis", "norms: sample.epsilon-norms", "norms: \"sample[⟦step=10].epsilon-norms\"", "P059 steps"),
    WrongFile("pick by a bare field", "norms: sample.epsilon-norms", "norms: \"sample[⟦b=1.02].epsilon-norms\"", "P059 scaling.b"),
    WrongFile("pick of an unknown value", "norms: sample.epsilon-norms", "norms: \"sample[steps=⟦15].epsilon-norms\"", "P060"),
    WrongFile("pick of several values", "norms: sample.epsilon-norms", "norms: \"sample[⟦scaling.b=1].epsilon-norms\"", "P061"),
    WrongFile("exclude an unknown value", "default: [table]", "default: [table]\nexclude: [{steps: ⟦30}]", "P062"),
    WrongFile("exclude an unknown axis", "default: [table]", "default: [table]\nexclude: [{⟦stepz: 10}]", "P062 steps"),
    WrongFile(
      "exclude what no value fits", "default: [table]", "default: [table]\nexclude: [⟦{scaling.b: 1.02, scaling.k: 0.004}]", "P062"),
    WrongFile("default names nothing", "[table]", "[⟦tabel]", "P051 table"),
    WrongFile("default names an output", "[table]", "[sample.⟦images]", "P057"),
  ]

  static let fields: [WrongFile] = [
    WrongFile("unknown field", "      steps: $steps", "      ⟦step: $steps", "P070 steps"),
    WrongFile("unknown field of a record", "{k: 0.004, b: 1.0}", "{k: 0.004, ⟦bb: 1.0}", "P070 b"),
    WrongFile("missing field", "    with: {metrics: [fd]}\n", "", "P071").moved("  score:\n", "  ⟦score:\n"),
    WrongFile("missing field of a record", "{noise_schedule: cosine, variance: learned-range}", "⟦{noise_schedule: cosine}", "P071"),
    WrongFile(
      "several missing fields are one message",
      [
        ("    with:\n      sampler: ddpm\n      steps: $steps\n      samples: $samples\n", "    ⟦with:\n      sampler: ddpm\n"),
        ("  steps: {sweep: [10, 20]}\n  samples: 100\n", ""),
      ], ["P071"]),
    WrongFile("text for a number", "[10, 20]", "[10, ⟦twenty]", "P072"),
    WrongFile("quoted number", "samples: 100", "samples: ⟦\"100\"", "P072"),
    WrongFile("fraction for a whole number", "samples: 100", "samples: ⟦100.5", "P072"),
    WrongFile("infinite number", "{k: 0.004,", "{k: ⟦.inf,", "P072"),
    WrongFile("list for a number", "samples: 100", "samples: ⟦[100, 200]", "P072"),
    WrongFile(
      "number for a map", [("  scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}, {k: 0.004, b: 1.0}]}", "  scaling: {sweep: [⟦5, ⟦6]}")],
      ["P072", "P072"]),
    WrongFile("out of range", "samples: 100", "samples: ⟦0", "P073"),
    WrongFile("lambda out of range", "b: 1.02", "b: ⟦10.2", "P073"),
    WrongFile("number too large for 64 bits", "samples: 100", "samples: ⟦100000000000000000000", "P072"),
    WrongFile("unknown choice", "sampler: ddpm", "sampler: ⟦dpm", "P074 ddpm"),
    WrongFile("unknown choice in a list", "[fd]", "[fd, ⟦clas-score]", "P074 class-score"),
    WrongFile("too few items", "[fd]", "⟦[]", "P075"),
    WrongFile("no value", "sampler: ddpm", "⟦sampler:", "P077"),
    WrongFile("bad digest", "{file: images.npz}", "{file: images.npz, sha256: ⟦abc}", "P072"),
    WrongFile(
      "after other alphabets",
      [("file: weights.pt\n", "file: \"βάρη/重み.pt\"  # 重み\n"), ("{image_size: 8}", "{größe: 8, ключ: x-⟦$(scaling)}")], ["P035"]),
    WrongFile("field that is an input", "{metrics: [fd]}", "{metrics: [fd], ⟦reference: images}", "P070"),
    WrongFile(
      "many at once",
      [
        ("plumb: 1", "plumb: ⟦one"), ("[10, 20]", "[10, ⟦x]"), ("uses: load-dataset", "uses: ⟦load-datasets"),
        ("sampler: ddpm", "sampler: ⟦ddmp"),
        ("[table]", "[⟦tables]"),
      ], ["P018", "P072", "P050 load-dataset", "P074 ddpm", "P051 table"]),
  ]

  /// Further edits, with the messages they add.
  func with(_ more: [(String, String)], _ messages: [String]) -> WrongFile { WrongFile(name, edits + more, expected + messages) }

  func moved(_ old: String, _ new: String) -> WrongFile { WrongFile(name, edits + [(old, new)], expected) }
}
