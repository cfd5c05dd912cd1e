/// The number of a kind of message. A number never changes its meaning; one that is no longer given stays in the
/// table. Open: later phases may add their own.
public struct DiagnosticCode: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let number: Int
  /// One line on what the code means.
  public let meaning: String

  public init(_ number: Int, _ meaning: String) {
    self.number = number
    self.meaning = meaning
  }

  /// `P014`.
  public var description: String {
    let digits = String(number)
    return "P" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  public static func == (left: Self, right: Self) -> Bool { left.number == right.number }
  public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

extension DiagnosticCode {
  // The text: these stand alone.
  public static let unreadableFile = DiagnosticCode(1, "The file cannot be read.")
  public static let badCharacters = DiagnosticCode(2, "The file is not UTF-8, or holds control characters.")
  public static let syntax = DiagnosticCode(3, "The file is not YAML.")
  public static let tab = DiagnosticCode(4, "A tab stands where YAML wants spaces.")
  public static let unclosed = DiagnosticCode(5, "A bracket or quote is never closed.")
  public static let conflictMarker = DiagnosticCode(6, "A merge conflict was left in the file.")
  public static let severalDocuments = DiagnosticCode(7, "The file holds several YAML documents.")
  public static let emptyFile = DiagnosticCode(8, "The file holds nothing.")
  public static let limit = DiagnosticCode(9, "The file is too large, too deep, or its aliases expand to too much.")

  // The tree.
  public static let duplicateKey = DiagnosticCode(10, "A key stands twice in one mapping.")
  public static let mergeKey = DiagnosticCode(11, "Merge keys (<<) are not part of the language.")
  public static let unknownTag = DiagnosticCode(12, "A tag is not one of the YAML core schema.")
  public static let badAlias = DiagnosticCode(13, "An alias names no anchor before it.")
  public static let unknownKey = DiagnosticCode(14, "A key is not one of the keys known here.")
  public static let badKey = DiagnosticCode(15, "A key is not plain text.")
  public static let wrongShape = DiagnosticCode(16, "A mapping, a list or a text was expected here.")
  public static let missingKey = DiagnosticCode(17, "A key that must be given is missing.")
  public static let formatVersion = DiagnosticCode(18, "The file is written in another version of the format.")
  public static let badName = DiagnosticCode(19, "A name holds characters a name cannot have.")
  public static let notAvailable = DiagnosticCode(20, "The key is not available in this version: no longer given.")
  public static let missingSpace = DiagnosticCode(21, "A key is not followed by a colon and a space.")
  public static let shadowedName = DiagnosticCode(22, "A stage and a parameter have the same name.")
  public static let badHint = DiagnosticCode(23, "A run hint has a value it cannot have.")
  public static let importCycle = DiagnosticCode(24, "A file imports itself, perhaps through others.")
  public static let importOutside = DiagnosticCode(25, "An import leads out of the folder of the pipeline that is run.")
  public static let badImport = DiagnosticCode(26, "An import is named by address without its SHA-256, or is another file than was meant.")
  public static let unknownBinding = DiagnosticCode(27, "An import binds a parameter its file does not have.")

  // Parameters and references.
  public static let unknownParameter = DiagnosticCode(30, "A reference names no parameter.")
  public static let unknownParameterField = DiagnosticCode(31, "A reference names a field its parameter does not have.")
  public static let badReference = DiagnosticCode(32, "A dollar sign begins nothing that is a reference.")
  public static let unusedParameter = DiagnosticCode(33, "A parameter is used nowhere.")
  public static let parameterCycle = DiagnosticCode(34, "Parameters refer to each other in a circle.")
  public static let notText = DiagnosticCode(35, "A list or mapping cannot be put into a text.")
  public static let emptySweep = DiagnosticCode(40, "A sweep has no values.")
  public static let repeatedValue = DiagnosticCode(41, "A sweep has the same value twice.")
  public static let badRange = DiagnosticCode(42, "A range has no step, or one that leads away from its end.")
  public static let misplacedSweep = DiagnosticCode(43, "A sweep stands elsewhere than under params.")
  public static let tooManyValues = DiagnosticCode(44, "A sweep, or a product of sweeps, has too many values.")

  // Stages and edges.
  public static let unknownStageKind = DiagnosticCode(50, "`uses` names no stage of the catalogue.")
  public static let unknownStage = DiagnosticCode(51, "An edge names no stage of the file.")
  public static let unknownOutput = DiagnosticCode(52, "A stage has no such output.")
  public static let unknownInput = DiagnosticCode(53, "A stage has no such input.")
  public static let missingInput = DiagnosticCode(54, "An input that must be given is missing.")
  public static let wrongPortType = DiagnosticCode(55, "An output flows into an input that does not take it.")
  public static let cycle = DiagnosticCode(56, "Stages feed each other in a circle.")
  public static let badEdge = DiagnosticCode(57, "The text is not of the form stage[axis=value].output.")
  public static let unknownGather = DiagnosticCode(58, "`gather` names an axis that no input has.")
  public static let unknownAxis = DiagnosticCode(59, "A stage has no such axis.")
  public static let unknownAxisValue = DiagnosticCode(60, "An axis has no such value.")
  public static let ambiguousPick = DiagnosticCode(61, "A pick matches several values of an axis.")
  public static let idleExclude = DiagnosticCode(62, "An exclude matches no cell.")
  public static let noCells = DiagnosticCode(63, "A stage is left without cells.")

  // Fields.
  public static let unknownField = DiagnosticCode(70, "A stage has no such field.")
  public static let missingField = DiagnosticCode(71, "A field that must be given is missing.")
  public static let wrongType = DiagnosticCode(72, "A value is not of the type of the field it fills.")
  public static let outOfRange = DiagnosticCode(73, "A number is outside the range of the field it fills.")
  public static let unknownChoice = DiagnosticCode(74, "A value is none of the choices of the field it fills.")
  public static let wrongCount = DiagnosticCode(75, "A list has too few or too many items.")
  public static let noValue = DiagnosticCode(77, "A key is given without a value.")

  // The command line.
  public static let badOverride = DiagnosticCode(80, "A --set is not of the form NAME=VALUE[,VALUE...].")
  public static let unknownOverride = DiagnosticCode(81, "A --set names nothing that can be set.")
  public static let repeatedOverride = DiagnosticCode(82, "Two --set flags set the same thing.")

  // What later phases find at a position of the file.
  public static let missingFile = DiagnosticCode(100, "A file named in a field does not exist or cannot be opened.")
  public static let damagedFile = DiagnosticCode(101, "A file's header cannot be read.")
  public static let wrongConfiguration = DiagnosticCode(102, "A network refuses its configuration.")
  public static let wrongWeights = DiagnosticCode(103, "Weights do not fit the network.")
  public static let wrongDimensions = DiagnosticCode(104, "The shapes of two inputs do not agree.")
  public static let refused = DiagnosticCode(105, "A stage refuses its parameters.")

  /// Every code of the language, in order.
  public static let all: [DiagnosticCode] = [
    unreadableFile, badCharacters, syntax, tab, unclosed, conflictMarker, severalDocuments, emptyFile, limit,
    duplicateKey, mergeKey, unknownTag, badAlias, unknownKey, badKey, wrongShape, missingKey, formatVersion, badName, notAvailable,
    missingSpace, shadowedName, badHint, importCycle, importOutside, badImport, unknownBinding,
    unknownParameter, unknownParameterField, badReference, unusedParameter, parameterCycle, notText,
    emptySweep, repeatedValue, badRange, misplacedSweep, tooManyValues,
    unknownStageKind, unknownStage, unknownOutput, unknownInput, missingInput, wrongPortType, cycle, badEdge, unknownGather, unknownAxis,
    unknownAxisValue, ambiguousPick, idleExclude, noCells,
    unknownField, missingField, wrongType, outOfRange, unknownChoice, wrongCount, noValue,
    badOverride, unknownOverride, repeatedOverride,
    missingFile, damagedFile, wrongConfiguration, wrongWeights, wrongDimensions, refused,
  ]
}
