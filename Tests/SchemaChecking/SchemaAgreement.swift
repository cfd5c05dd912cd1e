import Basics
import PipelineLanguage

/// What the schema and the program say of one text, and whether the two agree.
///
/// The schema sees values, not references, edges or the text itself: what only the program can know is in `beyond`.
public struct SchemaAgreement: Sendable {
  /// Codes of what a schema cannot see.
  public static let beyond: Set<DiagnosticCode> = [
    // The text: it is read as values before a schema sees it.
    .unreadableFile, .badCharacters, .syntax, .tab, .unclosed, .conflictMarker, .severalDocuments, .emptyFile, .limit, .duplicateKey,
    .mergeKey, .unknownTag, .badAlias, .badKey, .missingSpace,
    // Other files.
    .importCycle, .importOutside, .badImport, .unknownBinding,
    // Names that stand elsewhere in the file, and what they stand for.
    .shadowedName, .unknownParameter, .unknownParameterField, .badReference, .unusedParameter, .parameterCycle, .notText,
    .repeatedValue, .badRange, .tooManyValues, .unknownStage, .unknownOutput, .wrongPortType, .cycle, .badEdge, .unknownGather,
    .unknownAxis, .unknownAxisValue, .ambiguousPick, .idleExclude, .noCells,
    // The command line.
    .badOverride, .unknownOverride, .repeatedOverride,
  ]

  public let schemaAccepts: Bool
  public let diagnostics: [Diagnostic]
  private let parameters: SourceRange?

  /// nil when the text is no YAML.
  public init?(_ source: SourceText, diagnostics: [Diagnostic], validator: SchemaValidator) {
    guard let root = TreeReader.read(source).root else { return nil }
    schemaAccepts = validator.accepts(root.coreJSON)
    self.diagnostics = diagnostics
    parameters = root.mapping?.first { $0.key.value == "params" }?.value.range
  }

  /// Messages the schema should have refused the text for. A value under `params` has no type before it is used.
  public var visible: [Diagnostic] {
    diagnostics.filter { note in
      let isInParameters = parameters.map { isInside(note.range, $0) } ?? false
      return note.severity == .error && !Self.beyond.contains(note.code) && !isInParameters
    }
  }

  /// What one of the two takes and the other does not.
  public var disagreement: String? {
    if !schemaAccepts, !diagnostics.hasErrors { return "the schema refuses what the program takes" }
    if schemaAccepts, let note = visible.first { return "the schema takes what the program refuses: \(note.rendered)" }
    return nil
  }

  private func isInside(_ range: SourceRange, _ outer: SourceRange) -> Bool {
    outer.start.byteOffset <= range.start.byteOffset && range.end.byteOffset <= outer.end.byteOffset
  }
}
