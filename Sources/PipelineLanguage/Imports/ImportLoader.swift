import Basics

/// Reads the files that `use` names, binds their parameters and takes their stages in, from the innermost out.
struct ImportLoader {
  /// Deepest chain of imports, and most imports altogether.
  static let depthLimit = 16
  static let countLimit = 256

  let files: FileSource
  /// The folder of the file that is run, without links: no import may lead out of it.
  let root: String
  private(set) var notes: [Diagnostic] = []
  private var count = 0

  init(files: FileSource, root: String) {
    self.files = files
    self.root = FileSource.canonical(root)
  }

  /// A file on the way from the one that is run to the one being read.
  private struct Step {
    /// Absolute path without links, or the address.
    let identity: String
    /// Where it is imported; nil for the file that is run.
    let range: SourceRange?
  }

  /// The file with everything it imports. `path` is its absolute path; nil for a text.
  mutating func load(_ syntax: PipelineSyntax, path: String?) -> PipelineSyntax {
    var whole = take(syntax, chain: [Step(identity: path.map(FileSource.canonical) ?? "", range: nil)])
    whole.joinImportedNames()
    return whole
  }

  private mutating func take(_ syntax: PipelineSyntax, chain: [Step]) -> PipelineSyntax {
    var whole = syntax
    for entry in syntax.uses {
      whole.lostImports.insert(entry.alias.value)
      guard entry.isReadable, let (source, identity, place) = open(entry, from: syntax.source) else { continue }
      if let start = chain.firstIndex(where: { $0.identity == identity }) {
        report(cycle: chain[(start + 1)...], at: place)
        continue
      }
      count += 1
      guard chain.count < Self.depthLimit, count <= Self.countLimit else {
        let limit = chain.count < Self.depthLimit ? "more than \(Self.countLimit) imports" : "imports more than \(Self.depthLimit) deep"
        notes.append(Diagnostic(.limit, limit, at: place))
        continue
      }
      guard let imported = read(source, place: place) else { continue }
      var inner = take(imported, chain: chain + [Step(identity: identity, range: place)])
      let file = ImportedFile(
        alias: entry.alias.value, source: source, range: entry.alias.range, version: imported.version, keys: imported.keys)
      inner = inner.prefixed(by: entry.alias.value)
      bind(entry, in: &inner)
      whole.lostImports.remove(entry.alias.value)
      whole.take(inner, as: file)
    }
    return whole
  }

  /// The text an import names, who it is, and where it is named.
  private mutating func open(_ entry: ImportSyntax, from source: SourceText) -> (SourceText, identity: String, SourceRange)? {
    if let url = entry.url { return openRemote(url, entry, from: source) }
    guard let file = entry.file else { return nil }
    if let sha256 = entry.sha256, digest(sha256) == nil { return nil }
    if file.value.contains("://") {
      notes.append(
        Diagnostic(.badImport, "'file' is a path; '\(file.value.shortened)' is an address", at: file.range, help: "write url: and sha256:"))
      return nil
    }
    let path = FileSource.canonical(PathText.absolute(file.value, in: source.directory))
    guard !file.value.hasPrefix("/"), path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
      notes.append(
        Diagnostic(
          .importOutside, "'\(file.value.shortened)' leads out of the folder of the pipeline that is run", at: file.range,
          help: "imports are relative to the importing file and stay in or below the folder of the file that is run"))
      return nil
    }
    let text: SourceText
    do {
      text = try SourceText.read(path: path, name: Self.displayed(file.value, from: source))
    } catch {
      notes.append(FileSource.exists(path) ? error.diagnostic.inside("imported here", at: file.range) : missing(file, from: source))
      return nil
    }
    if let sha256 = entry.sha256, let expected = digest(sha256), case let found = Digest(of: text.bytes), found != expected {
      notes.append(
        Diagnostic(
          .badImport, "'\(file.value.shortened)' is not the file that was meant: its SHA-256 is \(found.hex)", at: sha256.range,
          help: "if the change is meant, write the new digest here"))
      return nil
    }
    return (text, path, file.range)
  }

  private func missing(_ file: Located<String>, from source: SourceText) -> Diagnostic {
    Diagnostic(
      .unreadableFile, "there is no file '\(file.value.shortened)' to import", at: file.range,
      suggestion: FileSource.nearest(to: file.value, in: source.directory))
  }

  private mutating func openRemote(
    _ url: Located<String>, _ entry: ImportSyntax, from source: SourceText
  ) -> (SourceText, identity: String, SourceRange)? {
    if let file = entry.file {
      notes.append(
        Diagnostic(.badImport, "the import '\(entry.alias.value)' names a file and an address", at: file.range, help: "keep one of them"))
      return nil
    }
    guard let sha256 = entry.sha256 else {
      notes.append(
        Diagnostic(
          .badImport, "an import by address needs the SHA-256 of the file", at: url.range, help: "write sha256: beside url:"))
      return nil
    }
    guard let expected = digest(sha256) else { return nil }
    guard let fetch = files.fetch else {
      notes.append(Diagnostic(.badImport, "nothing can be fetched here", at: url.range))
      return nil
    }
    do {
      let bytes = try fetch(url.value, expected)
      // Paths in a file without a folder of its own are relative to the importing file.
      return (SourceText(name: url.value, directory: source.directory, bytes: bytes), url.value, url.range)
    } catch {
      notes.append(Diagnostic(.badImport, "'\(url.value.shortened)' could not be fetched: \(error)", at: url.range))
      return nil
    }
  }

  private mutating func digest(_ text: Located<String>) -> Digest? {
    if let digest = Digest(hex: text.value.lowercased()) { return digest }
    notes.append(Diagnostic(.badImport, "a SHA-256 has 64 hexadecimal digits; found '\(text.value.shortened)'", at: text.range))
    return nil
  }

  private mutating func read(_ source: SourceText, place: SourceRange) -> PipelineSyntax? {
    let (root, problems) = TreeReader.readMended(source)
    var found = problems
    defer { notes += found.map { $0.inside("imported here", at: place) } }
    guard let root else { return nil }
    let (syntax, shape) = SyntaxReader.read(root)
    found += shape
    return root.mapping == nil ? nil : syntax
  }

  /// Gives parameters of the imported file the values the importing one has for them.
  private mutating func bind(_ entry: ImportSyntax, in inner: inout PipelineSyntax) {
    let prefix = entry.alias.value + "."
    for binding in entry.bindings {
      guard let index = inner.parameters.firstIndex(where: { $0.name == prefix + binding.name }) else {
        let names = inner.parameters.map { String($0.name.dropFirst(prefix.count)) }.filter { !$0.contains(".") }
        let suggestion = NearestName.of(binding.name, among: names)
        notes.append(
          Diagnostic(
            .unknownBinding, "the import '\(entry.alias.value)' has no parameter '\(binding.name.shortened)'", at: binding.range,
            suggestion: suggestion, help: suggestion == nil ? NearestName.listing(names) : nil))
        continue
      }
      let declared = inner.parameters[index]
      inner.replacedReferences += declared.values.flatMap(\.mentions)
      inner.parameters[index] = ParameterSyntax(
        name: declared.name, range: declared.range, isAxis: binding.isAxis, values: binding.values)
    }
  }

  private mutating func report(cycle: ArraySlice<Step>, at place: SourceRange) {
    notes.append(
      Diagnostic(
        .importCycle, "a file imports itself" + (cycle.isEmpty ? "" : " through others"), at: place,
        related: cycle.compactMap { step in step.range.map { .init("which is imported here", at: $0) } }))
  }

  /// How messages name an imported file: as one would write it from where the first file was named.
  private static func displayed(_ file: String, from source: SourceText) -> String {
    guard let slash = source.name.lastIndex(of: "/"), !source.name.contains("://") else { return file }
    return source.name[...slash] + file
  }
}

extension Diagnostic {
  /// The message with the place through which its file came in.
  func inside(_ words: String, at place: SourceRange) -> Diagnostic {
    var copy = self
    copy.related.append(Related(words, at: place))
    return copy
  }

  /// A message about an imported file, in the words of that file: names without the prefix they have outside.
  func told(in imports: [ImportedFile]) -> Diagnostic {
    guard let file = imports.first(where: { $0.source === range.source }) else { return self }
    var copy = self
    let prefix = file.alias + "."
    func own(_ text: String) -> String {
      text.replacing("'\(prefix)", with: "'").replacing("$\(prefix)", with: "$").replacing(" \(prefix)", with: " ")
    }
    copy.message = own(message)
    copy.help = help.map(own)
    copy.related = related.map { Related(own($0.message), at: $0.range) }
    if let suggestion { copy.suggestion = suggestion.hasPrefix(prefix) ? String(suggestion.dropFirst(prefix.count)) : suggestion }
    let place = Related("imported here", at: file.range)
    let isTold = copy.related.contains { $0.message == place.message && $0.range.source === place.range.source }
    if !isTold { copy.related.append(place) }
    return copy
  }
}
