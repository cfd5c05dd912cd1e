import Basics
import Foundation
import PipelineLanguage
import StageSchema
import Stages
import Testing

/// A pipeline that the project ships, to be damaged in one place at a time.
struct ShippedPipeline: Sendable, CustomTestStringConvertible {
  /// Below the repository.
  let path: String
  var testDescription: String { path }

  static let all: [ShippedPipeline] = {
    let folder = Program.repository + "/Pipelines"
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".plumb.yaml") }.sorted().map { ShippedPipeline(path: "Pipelines/\($0)") }
  }()

  var directory: String { (Program.repository + "/" + path as NSString).deletingLastPathComponent }

  func text() throws -> String { String(decoding: try AtomicFile.read("\(Program.repository)/\(path)"), as: UTF8.self) }

  func source() throws -> SourceText { SourceText(name: "shipped", directory: directory, text: try text()) }

  func root() throws -> YAMLNode { try #require(TreeReader.read(try source()).root) }

  /// Every node of a tree, keys left out.
  func nodes(of node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .scalar: [node]
    case .sequence(let items): [node] + items.flatMap { nodes(of: $0) }
    case .mapping(let entries): [node] + entries.flatMap { nodes(of: $0.value) }
    }
  }

  /// Every node in brackets, and the one that is left open when its closing bracket is lost: the next bracket of the kind
  /// closes it instead, so it is the outermost of those around it that are of its kind.
  func brackets(in node: YAMLNode, inside outer: YAMLNode? = nil) -> [(node: YAMLNode, open: YAMLNode)] {
    guard node.scalar == nil else { return [] }
    let children = node.sequence ?? node.mapping?.map(\.value) ?? []
    guard let bracket = node.range.text.first, "[{".contains(bracket) else { return children.flatMap { brackets(in: $0) } }
    let open = outer.flatMap { $0.range.text.first == bracket ? $0 : nil } ?? node
    return [(node, open)] + children.flatMap { brackets(in: $0, inside: open) }
  }

  /// Every key of a tree with its value.
  func entries(of node: YAMLNode) -> [YAMLEntry] {
    nodes(of: node).flatMap { $0.mapping ?? [] }
  }

  /// What the language says of a text that stands in the place of this file.
  func load(_ text: String) -> Pipeline.Loaded {
    Pipeline.load(text: text, name: "mutant", directory: directory, catalogue: StageTable.plumbline.descriptors)
  }

  /// Every word of the file that means something to the program.
  func words() throws -> [MutantWord] {
    let text = try text()
    let root = try #require(TreeReader.read(SourceText(name: "shipped", directory: directory, text: text)).root)
    let pipeline = try #require(load(text).pipeline, "\(path) has mistakes of its own")
    var reader = WordReader(pipeline: pipeline, texts: nodes(of: root).compactMap(\.scalar?.text))
    reader.read(root, at: [])
    return reader.words
  }
}

extension ShippedPipeline {
  /// A number of the file that a field of the language takes.
  struct Number {
    let path: [String]
    let range: SourceRange
    let isInFlow: Bool
  }

  /// Numbers, but for those that only a network's constructor looks at.
  func numbers(of root: YAMLNode, in pipeline: Pipeline) -> [Number] {
    var found: [Number] = []
    let open = Set(pipeline.parameters.map(\.name).filter { isOpen($0, in: root) })
    func visit(_ node: YAMLNode, _ path: [String], _ isInFlow: Bool) {
      let isFlow = isInFlow || "[{".contains(node.range.text.first ?? " ")
      switch node.content {
      case .scalar(let scalar):
        let isOpen = path.contains("config") || path.count > 1 && open.contains(path[1])
        if scalar.isPlain, CoreSchema.number(scalar.text) != nil, !isOpen {
          found.append(Number(path: path, range: node.range, isInFlow: isFlow))
        }
      case .sequence(let items): for item in items { visit(item, path, isFlow) }
      case .mapping(let entries): for entry in entries { visit(entry.value, path + [entry.key.value], isFlow) }
      }
    }
    visit(root, [], false)
    return found
  }

  /// Whether a parameter is used under `config`.
  private func isOpen(_ parameter: String, in root: YAMLNode) -> Bool {
    entries(of: root).filter { $0.key.value == "config" }.contains { entry in
      nodes(of: entry.value).contains { $0.scalar?.text == "$" + parameter }
    }
  }
}

extension SourceText {
  /// The byte at which a line, counted from 1, begins.
  func start(ofLine number: Int) -> Int {
    (1..<number).reduce(0) { $0 + line($1).utf8.count + 1 }
  }

  func lineStart(of range: SourceRange) -> Int { start(ofLine: range.start.line) }
}

/// A word of a pipeline, and what happens when it is misspelt.
struct MutantWord {
  enum Role: Equatable {
    /// A name that is looked up: the message stands at `place` and suggests the name.
    case name(code: DiagnosticCode)
    /// A name that others look up: the messages stand where they do, and suggest the misspelt one.
    case declaration(code: DiagnosticCode)
    /// Text or a name that may be anything; nothing is wrong with another one.
    case free
  }

  let role: Role
  let text: String
  /// Bytes of the word in the file.
  let bytes: Range<Int>
  /// Where the message stands; the dollar sign for a reference.
  let place: Int
  /// Every name that could stand here instead.
  let others: Set<String>
  /// What is suggested, when it is more than the word.
  var suggestion: String?
}

/// Finds the words of a pipeline in its tree, and what each is by where it stands.
private struct WordReader {
  let pipeline: Pipeline
  var words: [MutantWord] = []

  private var stageNames: Set<String> { Set(pipeline.stages.map(\.name)) }
  private var parameterNames: Set<String> { Set(pipeline.parameters.map(\.name)) }

  /// Stages that something names; what an imported file declares is for others.
  private let mentioned: Set<String>

  init(pipeline: Pipeline, texts: [String]) {
    self.pipeline = pipeline
    mentioned = Set(pipeline.stages.map(\.name).filter { name in texts.contains { $0 == name || $0.hasPrefix(name + ".") } })
  }

  mutating func read(_ node: YAMLNode, at path: [String]) {
    switch node.content {
    case .scalar(let scalar): if scalar.style == .plain { read(scalar.text, node.range, at: path) }
    case .sequence(let items): for item in items { read(item, at: path) }
    case .mapping(let entries):
      for entry in entries {
        let others = Set(entries.map(\.key.value))
        add(entry.key.value, keyRole(path, of: entry.key.value), at: entry.key.range, others: others.union(keys(path)))
        read(entry.value, at: path + [entry.key.value])
      }
    }
  }

  private mutating func add(_ text: String, _ role: MutantWord.Role, at range: SourceRange, from start: Int = 0, others: Set<String> = []) {
    let begin = range.start.byteOffset
    words.append(
      MutantWord(role: role, text: text, bytes: (begin + start)..<(begin + start + text.utf8.count), place: begin, others: others))
  }

  private func descriptor(_ path: [String]) -> StageDescriptor? {
    path.first == "stages" && path.count > 1 ? pipeline.stage(path[1])?.descriptor : nil
  }

  /// Other names that could stand in the place of a key.
  private func keys(_ path: [String]) -> Set<String> {
    switch path.count {
    case 1 where path[0] == "exclude": Set(pipeline.axes.map(\.name))
    case 0: ["plumb", "name", "about", "use", "params", "stages", "exclude", "default", "run"]
    case 1: parameterNames.union(stageNames)
    case 2 where path[0] == "stages": ["uses", "inputs", "with", "gather", "run"]
    default: Set(descriptor(path)?.parameters.map(\.name) ?? []).union(descriptor(path)?.inputs.map(\.name) ?? [])
    }
  }

  private func keyRole(_ path: [String], of key: String) -> MutantWord.Role {
    if path.isEmpty { return .name(code: .unknownKey) }
    if path == ["params"] { return .declaration(code: .unknownParameter) }
    if path == ["stages"], !mentioned.contains(key) { return .free }
    if path == ["stages"] { return .declaration(code: .unknownStage) }
    if path == ["exclude"] { return .name(code: .idleExclude) }
    // The name of an import is the beginning of its stages' names.
    if path == ["use"] { return .declaration(code: .unknownStage) }
    if path.first == "params" { return .name(code: path.count == 2 ? .unknownKey : .unknownField) }
    guard path.first == "stages" else { return .name(code: .unknownKey) }
    if path.count == 2 { return .name(code: .unknownKey) }
    guard let descriptor = descriptor(path) else { return .free }
    // The inputs of a table are named as one likes.
    if path[2] == "inputs" { return descriptor.openInputs == nil ? .name(code: .unknownInput) : .free }
    // Arguments of a network's constructor are its own business: the stage looks at them when it plans.
    return path.count > 3 && field(path) == .open ? .free : .name(code: .unknownField)
  }

  private func field(_ path: [String]) -> ParameterType? {
    guard path.count > 3, path[2] == "with" else { return nil }
    var type = descriptor(path)?.parameters.first { $0.name == path[3] }?.type
    for name in path.dropFirst(4) {
      guard case .record(let fields) = type else { return type }
      type = fields.first { $0.name == name }?.type
    }
    return type
  }

  private mutating func read(_ text: String, _ range: SourceRange, at path: [String]) {
    if text.hasPrefix("$") {
      let name = String(text.dropFirst().prefix { $0 != "." })
      return add(name, .name(code: .unknownParameter), at: range, from: 1, others: parameterNames)
    }
    if path.first == "use" { return path.last == "file" ? importedFile(text, range) : add(text, .free, at: range) }
    if path == ["default"] { return add(text, .name(code: .unknownStage), at: range, others: stageNames) }
    guard path.first == "stages", path.count > 2 else { return add(text, .free, at: range) }
    switch path[2] {
    case "uses": add(text, .name(code: .unknownStageKind), at: range, others: Set(StageTable.plumbline.descriptors.map(\.name)))
    case "gather": add(text, .name(code: .unknownGather), at: range, others: parameterNames)
    case "inputs": edge(text, range)
    default:
      var type = field(path)
      if case .list(let item, _) = type { type = item }
      guard case .choice(let names) = type else { return add(text, .free, at: range) }
      add(text, .name(code: .unknownChoice), at: range, others: Set(names))
    }
  }

  private mutating func edge(_ text: String, _ range: SourceRange) {
    // Names of imported stages have dots in them.
    guard let stage = stageNames.filter({ text == $0 || text.hasPrefix($0 + ".") }).max(by: { $0.count < $1.count }) else { return }
    addStage(stage, at: range)
    guard text != stage, let outputs = pipeline.stage(stage)?.descriptor.outputs.map(\.name) else { return }
    let start = range.start.byteOffset + stage.utf8.count + 1
    let output = String(text.dropFirst(stage.count + 1))
    words.append(
      MutantWord(
        role: .name(code: .unknownOutput), text: output, bytes: start..<(start + output.utf8.count), place: start, others: Set(outputs)))
  }

  /// A name, or those of an import and of its stage with a dot between them.
  private mutating func addStage(_ name: String, at range: SourceRange) {
    guard let dot = name.firstIndex(of: ".") else { return add(name, .name(code: .unknownStage), at: range, others: stageNames) }
    add(String(name[..<dot]), .name(code: .unknownStage), at: range)
    let own = String(name[name.index(after: dot)...])
    let end = range.start.byteOffset + name.utf8.count
    words.append(
      MutantWord(
        role: .name(code: .unknownStage), text: own, bytes: (end - own.utf8.count)..<end, place: range.start.byteOffset, others: [],
        suggestion: name))
  }

  private mutating func importedFile(_ text: String, _ range: SourceRange) {
    add(text, .name(code: .unreadableFile), at: range)
  }
}
