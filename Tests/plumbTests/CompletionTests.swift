import Basics
import Foundation
import Testing

/// What bash offers after the completion script was loaded: commands, files, stages, cells, names to set, runs.
@Suite struct CompletionTests {
  /// Completes the last of some words as bash does.
  private func offers(_ words: [String], in folder: Program.Folder) throws -> [String] {
    let completions = try Program.run(["--generate-completion-script", "bash"], in: folder.path).output
    let path = try folder.write(completions, to: "plumb.bash")
    let directory = (try Program.path as NSString).deletingLastPathComponent
    let script = """
      PATH=$1:$PATH; source "$2"; shift 2
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
      _plumb "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let ending = try Program(["-c", script, "bash", directory, path] + words, in: folder.path, program: "/bin/bash").finish()
    return (ending.output + ending.errors).split(separator: "\n").map(String.init)
  }

  @Test func theShellOffersWhatThePipelineHolds() throws {
    let folder = try Program.Folder()
    _ = try folder.write(SmallPipeline.text(), to: "p.plumb.yaml")
    #expect(try offers(["plumb", "expl"], in: folder) == ["explain"])
    #expect(try offers(["plumb", "plan", "p"], in: folder).contains("p.plumb.yaml"))
    #expect(try offers(["plumb", "plan", "p.plumb.yaml", "s"], in: folder) == ["sample", "score"])
    #expect(
      try offers(["plumb", "plan", "p.plumb.yaml", "sample["], in: folder) == ["sample[scaling.b=1]", "sample[scaling.b=1.02]"])
    #expect(try offers(["plumb", "run", "p.plumb.yaml", "--force", "tab"], in: folder) == ["table"])
    #expect(try offers(["plumb", "plan", "p.plumb.yaml", "--set", "sample.with.see"], in: folder) == ["sample.with.seed="])
    #expect(try offers(["plumb", "report", "la"], in: folder) == ["latest"])
  }

  @Test func theShellOffersWhatTheStoreHolds() throws {
    let folder = try Program.Folder()
    _ = try folder.write(SmallPipeline.text(), to: "p.plumb.yaml")
    let run = try Program.run(["run", "p.plumb.yaml", "sample", "--tag", "draft", "--store", "store"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try offers(["plumb", "report", "--store", "store", "dr"], in: folder) == ["draft"])
    #expect(
      try offers(["plumb", "verify", "draft", "--store", "store", "--cell", "sample["], in: folder)
        == ["sample[scaling.b=1]", "sample[scaling.b=1.02]"])
  }

  @Test func aWrongPipelineOffersNothingAndSaysNothing() throws {
    let folder = try Program.Folder()
    _ = try folder.write("plumb: 1\nstages: [", to: "p.plumb.yaml")
    #expect(try offers(["plumb", "plan", "p.plumb.yaml", "s"], in: folder) == [])
  }
}
