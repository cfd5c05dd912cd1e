import Foundation
import StageKit

extension Pipeline {
  /// What reading a pipeline gives: the pipeline when there is no error, and every message.
  public struct Loaded: Sendable {
    public let pipeline: Pipeline?
    public let diagnostics: [Diagnostic]
  }

  /// Reads a file.
  /// - Parameters:
  ///   - catalogue: the stages there are.
  ///   - overrides: what stands after each `--set` of the command line: `steps=10,20`.
  ///   - workingDirectory: what relative paths in overrides are relative to; nil for the process's own.
  public static func load(
    path: String, catalogue: [StageDescriptor], overrides: [String] = [], workingDirectory: String? = nil
  ) -> Loaded {
    let working = workingDirectory ?? FileManager.default.currentDirectoryPath
    let directory = PathText.absolute(PathText.directory(of: path), in: working)
    guard let data = FileManager.default.contents(atPath: PathText.absolute(path, in: working)) else {
      let source = SourceText(name: path, directory: directory, bytes: [])
      let isThere = FileManager.default.fileExists(atPath: PathText.absolute(path, in: working))
      let message = isThere ? "the file cannot be read" : "there is no such file"
      return Loaded(pipeline: nil, diagnostics: [Diagnostic(.unreadableFile, message, at: source.wholeRange)])
    }
    let source = SourceText(name: path, directory: directory, bytes: Array(data))
    return load(source, catalogue: catalogue, overrides: overrides, workingDirectory: working)
  }

  /// Reads a text.
  /// - Parameter directory: the absolute folder that relative paths in the text are relative to.
  public static func load(
    text: String, name: String, directory: String, catalogue: [StageDescriptor], overrides: [String] = [], workingDirectory: String? = nil
  ) -> Loaded {
    let source = SourceText(name: name, directory: directory, text: text)
    return load(source, catalogue: catalogue, overrides: overrides, workingDirectory: workingDirectory ?? directory)
  }

  private static func load(_ source: SourceText, catalogue: [StageDescriptor], overrides: [String], workingDirectory: String) -> Loaded {
    var (root, notes) = TreeReader.read(source)
    guard let root else { return Loaded(pipeline: nil, diagnostics: notes) }
    let catalogue = StageCatalogue(catalogue)
    var (syntax, shape) = SyntaxReader.read(root.withMissingSpaces(notes: &notes))
    notes += shape
    guard root.mapping != nil else { return Loaded(pipeline: nil, diagnostics: notes) }
    let flags = overrides.compactMap { Override($0, directory: workingDirectory, notes: &notes) }
    notes += syntax.apply(flags, catalogue: catalogue)
    let analysis = Analysis(syntax, catalogue: catalogue)
    notes += Rules.all.flatMap { $0.check(analysis) }
    let diagnostics = notes.tidied()
    guard !diagnostics.hasErrors else { return Loaded(pipeline: nil, diagnostics: diagnostics) }
    return Loaded(pipeline: Pipeline(analysis), diagnostics: diagnostics)
  }
}
