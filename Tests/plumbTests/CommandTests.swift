import Basics
import Foundation
import Testing

/// The stage `command`: an external program, run as a pipeline runs it.
@Suite struct CommandTests {
  /// A folder with a script and a pipeline whose stage `mine` runs it; nothing flows in.
  private func folder(_ script: String, _ with: String, further: String = "", default wanted: String = "mine") throws -> Program.Folder {
    let folder = try Program.Folder()
    _ = try folder.write(script, to: "mine.sh")
    let text = """
      plumb: 1
      name: mine
      stages:
        mine:
          uses: command
          with: {script: mine.sh, run: [sh, mine.sh], \(with)}
      \(further)
      default: [\(wanted)]
      """
    _ = try folder.write(text, to: "p.plumb.yaml")
    return folder
  }

  private func plumb(_ command: String, _ folder: Program.Folder, _ further: [String] = [], environment: [String: String] = [:]) throws
    -> Program.Ending
  {
    try Program([command, "p.plumb.yaml", "--store", folder.path + "/store"] + further, in: folder.path, environment: environment).finish()
  }

  /// The newest result of an output called `name`, as its object holds it.
  private func output(_ name: String, of stage: String, _ folder: Program.Folder) throws -> JSONValue {
    let record = try #require(folder.files(below: "store/runs").filter { $0.hasSuffix("run.json") }.last)
    let cells = try JSONValue(parsing: AtomicFile.read("\(folder.path)/store/runs/\(record)"))["cells"]?.list ?? []
    let cell = try #require(cells.first { $0["stage"]?.text == stage })
    let key = try #require(cell["key"]?.text)
    let result = try #require(folder.files(below: "store/results/\(key)").first)
    let manifest = try JSONValue(parsing: AtomicFile.read("\(folder.path)/store/results/\(key)/\(result)"))
    let part = try #require(manifest["outputs"]?[name]?["parts"]?.list?.first?["object"])
    let digest = try #require((part["sha256"] ?? part["digest"])?.text)
    return try JSONValue(parsing: AtomicFile.read("\(folder.path)/store/objects/\(digest.prefix(2))/\(digest.dropFirst(2))"))
  }

  private func expectClean(_ folder: Program.Folder) {
    #expect(folder.files(below: "store/tmp") == [], "the program's folder is left behind")
    let left = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/store/tmp")
    #expect((left ?? []).isEmpty, "the program's folder is left behind")
  }

  // MARK: What works

  @Test func `a program's end is heard of although the run was started with the ends of children ignored`() throws {
    let folder = try folder("printf '{\"metrics\": {\"x\": 1}}' > s.json", "outputs: {scores: s.json}")
    let run = try Program(
      ["-c", "trap '' CHLD; exec \"$0\" run p.plumb.yaml --store store", Program.path], in: folder.path, program: "/bin/sh")
    let deadline = Date(timeIntervalSinceNow: 60)
    while run.isRunning, Date() < deadline { usleep(20_000) }
    if run.isRunning { run.send(SIGKILL) }
    let ending = run.finish()
    #expect(ending.status == 0, "\(ending)")
  }

  @Test func `a script scores samples, and its scores stand in the table`() throws {
    let folder = try Program.Folder()
    // Sees its inputs as files, and can rely on their formats: the dataset's and the samples' parts start with a header's length.
    let script = """
      set -e
      test -f inputs/norms.json
      test -f inputs/images/facts.json
      grep -q '"type":"samples"' inputs/samples/facts.json
      count=$(ls inputs/samples/*.safetensors | wc -l)
      grep -q images inputs/samples/00000.safetensors
      test "$(stat -c %a inputs/samples/00000.safetensors)" = 444
      echo "{\\"metrics\\": {\\"fid\\": 12.5, \\"parts\\": $count, \\"threads\\": $OMP_NUM_THREADS}, \\"samples\\": 40}" > results/scores.json
      cp inputs/samples/00000.safetensors copy.safetensors
      echo '{"kind": "own", "values": [1, 2.5, null]}' > own.json
      echo notes > undeclared.txt
      """
    _ = try folder.write(script, to: "score.sh")
    let text = SmallPipeline.text(samples: 40, steps: 2).replacing(
      "  table:",
      with: """
          mine:
            uses: command
            inputs: {samples: sample.images, norms: sample.epsilon-norms, images: images}
            with:
              script: score.sh
              run: [sh, score.sh]
              environment: {OMP_NUM_THREADS: 3}
              timeout: 100
              outputs:
                scores: results/scores.json
                curve: own.json
                samples: {file: copy.safetensors, count: 32, image: [1, 8, 8]}
          again: {uses: score, inputs: {samples: mine.samples, reference: images, features: features}}
          table:
        """
    ).replacing("{score: score,", with: "{score: score, mine: mine, again: again, own: mine.curve,")
    _ = try folder.write(text, to: "p.plumb.yaml")
    let ending = try plumb("run", folder)
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.contains("12.5"), "the table lacks the score:\n\(ending.output)")
    #expect(try output("scores", of: "mine", folder)["metrics"] == ["fid": 12.5, "parts": 2, "threads": 3])
    #expect(try output("curve", of: "mine", folder) == ["kind": "own", "values": [1, 2.5, .null]])
    expectClean(folder)
    #expect(try plumb("plan", folder, ["--check"]).status == 0, "a finished run is not cached")
  }

  @Test func `gathered inputs are listed with their coordinates`() throws {
    let folder = try Program.Folder()
    _ = try folder.write(
      "echo \"{\\\"metrics\\\": {\\\"lines\\\": $(grep -o scaling inputs/norms/index.json | wc -l)}}\" > s.json; test -f inputs/norms/1.json",
      to: "mine.sh")
    let text = SmallPipeline.text(samples: 8, steps: 2).replacing(
      "  table:",
      with: """
          mine:
            uses: command
            gather: [scaling]
            inputs: {norms: sample.epsilon-norms}
            with: {script: mine.sh, run: [sh, mine.sh], outputs: {scores: s.json}}
          table:
        """)
    _ = try folder.write(text, to: "p.plumb.yaml")
    let ending = try plumb("run", folder, ["mine"])
    #expect(ending.status == 0, "\(ending.errors)")
    #expect((try output("scores", of: "mine", folder)["metrics"]?["lines"]?.integer ?? 0) >= 2)
  }

  @Test func `a program sees what is declared of the environment and little else`() throws {
    let folder = try folder(
      """
      files=$(ls | wc -l)
      test "$LANG" = C.UTF-8 && test "$TZ" = UTC && test -d "$TMPDIR" && test "$PWD" != "$HOME" || exit 3
      echo "{\\"metrics\\": {\\"declared\\": $DECLARED, \\"secret\\": ${SECRET:-0}, \\"files\\": $files}}" > s.json
      """, "outputs: {scores: s.json}, environment: {DECLARED: \"7\"}")
    let ending = try plumb("run", folder, environment: ["SECRET": "5"])
    #expect(ending.status == 0, "\(ending.errors)")
    // The script, inputs and tmp.
    #expect(try output("scores", of: "mine", folder)["metrics"] == ["declared": 7, "secret": 0, "files": 3])
    let record = try #require(folder.files(below: "store/runs").filter { $0.hasSuffix("run.json") }.last)
    let environment = try JSONValue(parsing: AtomicFile.read("\(folder.path)/store/runs/\(record)"))["environment"]?.object
    #expect(environment?["PATH"] != nil && environment?["SECRET"] == nil)
  }

  @Test func `a program that writes into its inputs does not reach the store`() throws {
    let folder = try folder(
      "chmod -R u+w inputs; for f in inputs/images/*; do echo broken > $f; done; echo '{\"metrics\": {\"a\": 1}}' > s.json",
      "outputs: {scores: s.json}}\n    inputs: {images: images",
      further: "  images: {uses: load-dataset, with: {file: \(Program.repository)/Pipelines/digits/digits.npz}}")
    let ending = try plumb("run", folder)
    #expect(ending.status == 0, "\(ending.errors)")
    for name in folder.files(below: "store/objects") {
      let digest = try AtomicFile.digest("\(folder.path)/store/objects/\(name)").digest.hex
      #expect(digest == name.replacing("/", with: ""), "an object of the store was changed")
    }
  }

  // MARK: What is refused

  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var script = "echo '{\"metrics\": {\"a\": 1}}' > s.json"
    var with = "outputs: {scores: s.json}"
    var status: Int32 = 1
    let words: [String]
  }

  static let mistakes = [
    Mistake(
      testDescription: "a failure shows its status and the last lines",
      script: "for i in $(seq 40); do echo line $i; done; printf '\\033[31mlast\\n' >&2; exit 7",
      words: ["exit status 7", "line 40", "last"]),
    Mistake(testDescription: "a signal is named", script: "kill -9 $$", words: ["signal 9"]),
    Mistake(testDescription: "a missing output is named", script: "echo x > t.json", words: ["output scores", "s.json", "t.json"]),
    Mistake(
      testDescription: "a link out of the folder", script: "ln -s /etc/passwd s.json", words: ["output scores", "leads out", "/etc/passwd"]),
    Mistake(testDescription: "a folder for a file", script: "mkdir s.json", words: ["output scores", "no file"]),
    Mistake(testDescription: "a pipe for a file", script: "mkfifo s.json", words: ["output scores", "no file"]),
    Mistake(testDescription: "no JSON", script: "echo '{metrics' > s.json", words: ["output scores", "s.json"]),
    Mistake(testDescription: "no scores", script: "echo '{\"fid\": 3}' > s.json", words: ["these are no scores", "metrics"]),
    Mistake(
      testDescription: "no numbers", script: "echo '{\"metrics\": {\"fid\": \"3\"}}' > s.json", words: ["fid is not a number", "\"3\""]),
    Mistake(
      testDescription: "a number that is none", script: "echo '{\"metrics\": {\"fid\": NaN, \"is\": 2}}' > s.json", words: ["fid is NaN"]),
    Mistake(
      testDescription: "no curve", script: "echo '{\"kind\": \"own\"}' > c.json", with: "outputs: {curve: c.json}",
      words: ["this is no curve"]),
    Mistake(
      testDescription: "no array", script: "echo text > a.npy",
      with: "outputs: {samples: {file: a.npy, count: 1, image: [1, 8, 8]}}", words: ["output samples", "a.npy"]),
    Mistake(
      testDescription: "a timeout", script: "echo working; sleep 60", with: "outputs: {scores: s.json}, timeout: 0.3",
      words: ["timeout of 0.3 s", "working"]),
    Mistake(
      testDescription: "a program that is not there", with: "outputs: {scores: s.json}, run: [no-such-program-here]",
      words: ["no such program", "no-such-program-here"]),
    Mistake(testDescription: "..", with: "outputs: {scores: ../s.json}", status: 2, words: ["p.plumb.yaml:6", "../s.json"]),
    Mistake(
      testDescription: "an absolute path", with: "outputs: {scores: /tmp/s.json}", status: 2, words: ["p.plumb.yaml:6", "/tmp/s.json"]),
    Mistake(testDescription: "an output among the inputs", with: "outputs: {scores: inputs/s.json}", status: 2, words: ["inputs/s.json"]),
    Mistake(testDescription: "the script as output", with: "outputs: {scores: mine.sh}", status: 2, words: ["mine.sh"]),
    Mistake(
      testDescription: "one file for two outputs", with: "outputs: {scores: s.json, curve: s.json}", status: 2,
      words: ["two outputs are one file"]),
    Mistake(testDescription: "no outputs", with: "outputs: {}", status: 2, words: ["declares no output", "scores, samples, curve"]),
    Mistake(
      testDescription: "a file that is not there", with: "outputs: {scores: s.json}, files: [other.py]", status: 2,
      words: ["other.py", "no such file"]),
    Mistake(
      testDescription: "two files of one name", with: "outputs: {scores: s.json}, files: [./mine.sh]", status: 2,
      words: ["of one name", "mine.sh"]),
    Mistake(
      testDescription: "a variable that is no text", with: "outputs: {scores: s.json}, environment: {A: yes, B: true}", status: 2,
      words: ["a variable is text", "true"]),
    Mistake(
      testDescription: "a variable without a name", with: "outputs: {scores: s.json}, environment: {A=B: x}", status: 2, words: ["A=B"]),
    Mistake(
      testDescription: "an input that cannot be a file", with: "outputs: {scores: s.json}}\n    inputs: {../up: other", status: 2,
      words: ["../up", "cannot be a file's"]),
  ]

  @Test(arguments: mistakes) func `a mistake gets one clear error and nothing is kept`(_ mistake: Mistake) throws {
    let other = "  other: {uses: load-dataset, with: {file: \(Program.repository)/Pipelines/digits/digits.npz}}"
    let folder = try folder(mistake.script, mistake.with, further: other)
    if mistake.with.contains("run:") {
      let text = try String(contentsOfFile: folder.path + "/p.plumb.yaml", encoding: .utf8)
      _ = try folder.write(text.replacing("run: [sh, mine.sh], ", with: ""), to: "p.plumb.yaml")
    }
    let ending = try plumb("run", folder)
    #expect(ending.status == mistake.status, "\(ending.errors)")
    for word in mistake.words { #expect(ending.errors.contains(word), "no “\(word)” in\n\(ending.errors)") }
    #expect(!ending.errors.contains("\u{1b}"), "what a program says can steer the terminal")
    #expect(!ending.errors.contains("line 10\n"), "more than the last lines is shown")
    #expect(folder.files(below: "store/results").isEmpty || mistake.with.contains("inputs: {"), "a failed stage left a result")
    expectClean(folder)
  }

  @Test func `an output that is not declared cannot be taken`() throws {
    let folder = try folder(
      "echo '{\"kind\": \"own\", \"values\": [1]}' > c.json", "outputs: {curve: c.json}",
      further: "  table: {uses: table, inputs: {mine: mine}}", default: "table")
    let ending = try plumb("check", folder)
    let planned = try plumb("plan", folder)
    #expect(planned.status == 2, "\(ending.output)\(planned.output)")
    for word in ["p.plumb.yaml:7", "does not declare the output 'scores'", "mine.curve"] {
      #expect(planned.errors.contains(word), "no “\(word)” in\n\(planned.errors)")
    }
  }

  @Test func `samples of another shape than declared are refused`() throws {
    let folder = try folder(
      "cp inputs/images/00000.safetensors x.safetensors",
      "outputs: {samples: {file: x.safetensors, count: 5, image: [1, 8, 8]}}}\n    inputs: {images: images",
      further: "  images: {uses: load-dataset, with: {file: \(Program.repository)/Pipelines/digits/digits.npz}}")
    let ending = try plumb("run", folder)
    #expect(ending.status == 1)
    #expect(ending.errors.contains("expected 5 of 1x8x8, found "), "\(ending.errors)")
  }

  @Test func `a program that talks without end is not kept in memory`() throws {
    let folder = try folder("yes | head -c 300000000; exit 4", "outputs: {scores: s.json}")
    let ending = try plumb("run", folder)
    #expect(ending.status == 1)
    #expect(ending.errors.contains("exit status 4") && ending.errors.utf8.count < 10_000)
  }

  // MARK: Interruption

  /// How `plumb` may be ended: the signals it gets, and its status then.
  enum End: CaseIterable {
    case interrupted, twice, hangup, killed

    var signals: [Int32] {
      switch self {
      case .interrupted: [SIGINT]
      case .twice: [SIGINT, SIGINT]
      case .hangup: [SIGHUP, SIGHUP]
      case .killed: [SIGKILL]
      }
    }

    var status: Int32 { self == .killed ? -SIGKILL : 130 }
  }

  @Test(arguments: End.allCases)
  func `whatever ends plumb, the program and all it started go with it, and so does its folder`(_ end: End) throws {
    let marks = try Program.Folder()
    let folder = try folder(
      """
      trap '' TERM HUP
      sleep 600 & echo $! > \(marks.path)/child
      setsid sleep 600 & echo $! > \(marks.path)/stranger
      echo $$ > \(marks.path)/parent.tmp; mv \(marks.path)/parent.tmp \(marks.path)/parent
      wait; sleep 600
      """, "outputs: {scores: s.json}")
    let program = try Program(["run", "p.plumb.yaml", "--store", folder.path + "/store"], in: folder.path)
    let deadline = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: marks.path + "/parent"), Date() < deadline { usleep(20_000) }
    for signal in end.signals {
      program.send(signal)
      usleep(300_000)
    }
    let ending = program.finish()
    #expect(ending.status == end.status, "\(ending)")
    for name in ["parent", "child", "stranger"] {
      let text = try String(contentsOfFile: "\(marks.path)/\(name)", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      let process = try #require(Int32(text))
      let isGone = Self.comesTrue {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // A killed orphan may wait for init to look at it.
        return status.isEmpty || status.contains(") Z ")
      }
      #expect(isGone, "the \(name) is still running")
    }
    let isClean = Self.comesTrue { (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/store/tmp"))?.isEmpty ?? true }
    #expect(isClean, "the program's folder is left behind")
    #expect(folder.files(below: "store/results").isEmpty)
  }

  /// Something that another process does, not at once.
  private static func comesTrue(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
      if condition() { return true }
      usleep(20_000)
    }
    return condition()
  }

  @Test func `a child in the background, in a session of its own, does not keep the stage`() throws {
    let folder = try folder(
      "setsid sleep 600 &\necho '{\"metrics\": {\"x\": 1}}' > s.json", "outputs: {scores: s.json}, timeout: 60")
    let start = Date()
    let ending = try plumb("run", folder)
    #expect(ending.status == 0, "\(ending)")
    #expect(-start.timeIntervalSinceNow < 30, "the stage waited for it")
    expectClean(folder)
  }

  // MARK: Keys

  /// The key of the stage `mine`.
  private func key(_ folder: Program.Folder, environment: [String: String] = [:]) throws -> String {
    let ending = try plumb("plan", folder, ["--format", "json"], environment: environment)
    #expect(ending.status == 0, "\(ending.errors)")
    let cells = try JSONValue(parsing: Array(ending.output.utf8))["cells"]?.list ?? []
    return try #require(cells.first { $0["name"]?.text == "mine" }?["recipe_key"]?.text)
  }

  @Test func `keys change with script, files, arguments and declared environment, and with nothing else`() throws {
    let with = "outputs: {scores: s.json}, files: [util.py], environment: {A: one}, timeout: 5"
    func make(_ script: String = "exit 0", _ with: String, util: String = "pass") throws -> Program.Folder {
      let folder = try folder(script, with)
      _ = try folder.write(util, to: "util.py")
      return folder
    }
    let first = try make("exit 0", with)
    let original = try key(first)
    // Another folder is another path.
    #expect(try key(make("exit 0", with)) == original)
    #expect(try key(first, environment: ["A": "two", "HOME": "/", "OTHER": "x"]) == original)
    #expect(try key(make("exit 0", with.replacing("timeout: 5", with: "timeout: 6"))) == original)
    let moved = try make("exit 0", with.replacing("util.py", with: "deep/util.py"))
    try AtomicFile.makeDirectory(moved.path + "/deep")
    _ = try moved.write("pass", to: "deep/util.py")
    #expect(try key(moved) == original)
    #expect(try key(make("exit 1", with)) != original)
    #expect(try key(make("exit 0", with, util: "other")) != original)
    #expect(try key(make("exit 0", with.replacing("one", with: "two"))) != original)
    #expect(try key(make("exit 0", with.replacing("s.json", with: "t.json"))) != original)
    let text = try String(contentsOfFile: first.path + "/p.plumb.yaml", encoding: .utf8)
    _ = try first.write(text.replacing("[sh, mine.sh]", with: "[sh, mine.sh, -v]"), to: "p.plumb.yaml")
    #expect(try key(first) != original)
  }
}
