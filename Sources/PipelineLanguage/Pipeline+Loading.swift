import Foundation
public import StageSchema

extension Pipeline {
  /// What reading a pipeline gives: the pipeline when there is no error, and every message.
  public struct Loaded: Sendable {
    public let pipeline: Pipeline?
    public let diagnostics: [Diagnostic]
  }

  /// What is laid over a file before it means anything.
  public struct Overlays: Sendable {
    /// The files after each `--params`; later ones win.
    public var parameterFiles: [String]
    /// What stands after each `--set` of the command line: `steps=10,20`. It wins over files.
    public var flags: [String]
    /// What relative paths in them are relative to; nil for the process's own folder.
    public var workingDirectory: String?

    public init(parameterFiles: [String] = [], flags: [String] = [], workingDirectory: String? = nil) {
      self.parameterFiles = parameterFiles
      self.flags = flags
      self.workingDirectory = workingDirectory
    }
  }

  /// Reads a file and what it imports.
  /// - Parameters:
  ///   - catalogue: the stages there are.
  ///   - files: where imported files come from.
  public static func load(
    path: String, catalogue: [StageDescriptor], overlays: Overlays = Overlays(), files: FileSource = FileSource()
  ) -> Loaded {
    let working = overlays.workingDirectory ?? FileManager.default.currentDirectoryPath
    let source: SourceText
    do {
      source = try SourceText.read(path: PathText.absolute(path, in: working), name: path)
    } catch {
      return Loaded(pipeline: nil, diagnostics: [error.diagnostic])
    }
    return load(source, catalogue: catalogue, overlays: overlays, working: working, files: files)
  }

  /// Reads a text.
  /// - Parameter directory: the absolute folder that relative paths in the text are relative to.
  public static func load(
    text: String, name: String, directory: String, catalogue: [StageDescriptor], overlays: Overlays = Overlays(),
    files: FileSource = FileSource()
  ) -> Loaded {
    let source = SourceText(name: name, directory: directory, text: text)
    return load(source, catalogue: catalogue, overlays: overlays, working: overlays.workingDirectory ?? directory, files: files)
  }

  private static func load(
    _ source: SourceText, catalogue: [StageDescriptor], overlays: Overlays, working: String, files: FileSource
  ) -> Loaded {
    var (root, notes) = TreeReader.readMended(source)
    guard let root else { return Loaded(pipeline: nil, diagnostics: notes) }
    let catalogue = StageCatalogue(catalogue)
    var (syntax, shape) = SyntaxReader.read(root)
    notes += shape
    guard root.mapping != nil else { return Loaded(pipeline: nil, diagnostics: notes) }

    var loader = ImportLoader(files: files, root: source.directory)
    syntax = loader.load(syntax, path: source.path)
    notes += loader.notes

    for path in overlays.parameterFiles {
      let (source, values) = ParameterFile.read(path, in: working, notes: &notes)
      syntax.overlays.append(source)
      notes += syntax.apply(values, catalogue: catalogue)
    }
    let flags = overlays.flags.compactMap { Override($0, directory: working, notes: &notes) }
    notes += syntax.apply(flags, catalogue: catalogue)

    let analysis = Analysis(syntax, catalogue: catalogue)
    notes += Rules.check(analysis)
    let diagnostics = notes.map { $0.told(in: syntax.imports) }.tidied()
    guard !diagnostics.hasErrors else { return Loaded(pipeline: nil, diagnostics: diagnostics) }
    return Loaded(pipeline: Pipeline(analysis), diagnostics: diagnostics)
  }
}
