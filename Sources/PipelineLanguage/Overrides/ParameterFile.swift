/// A file of values for a pipeline's parameters, given with `--params`: what `--set` sets, one line each, and in the words of
/// `params`.
///
///     steps: 20
///     scaling.b: {sweep: [1.0:1.03:0.005]}
///     sample.with.samples: 100
///
/// The lines may also stand under `params`, as in a pipeline.
enum ParameterFile {
  /// What the file sets; what is wrong with it is noted.
  static func read(_ path: String, in directory: String, notes: inout [Diagnostic]) -> (SourceText, [Override]) {
    let absolute = PathText.absolute(path, in: directory)
    let source: SourceText
    do {
      source = try SourceText.read(path: absolute, name: path)
    } catch {
      notes.append(error.diagnostic)
      return (error.diagnostic.range.source, [])
    }
    let (root, problems) = TreeReader.readMended(source)
    notes += problems
    guard let root, var entries = Shape.mapping(root, "a parameter file", notes: &notes) else {
      return (source, [])
    }
    if entries.contains(where: { $0.key.value == "params" && $0.value.mapping != nil }),
      entries.allSatisfy({ ["plumb", "params"].contains($0.key.value) })
    {
      entries = entries.first { $0.key.value == "params" }?.value.mapping ?? []
    }
    return (source, entries.compactMap { Override($0, notes: &notes) })
  }
}
