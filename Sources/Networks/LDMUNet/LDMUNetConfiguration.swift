import Basics

/// The arguments of LDM's `UNetModel`, under their original names and with their original defaults: those of
/// guided-diffusion's, and what cross-attention adds.
struct LDMUNetConfiguration: Sendable, Hashable {
  /// Where the network's context comes from.
  enum Context: Sendable, Hashable {
    case none
    /// One token, a row of a table: LDM's `ClassEmbedder(n_classes)`.
    case classes(Int)
    /// A given number of tokens, fed from outside.
    case tokens(Int)
  }

  let unet: ADMUNetConfiguration
  /// Blocks of a spatial transformer; nil where there is plain attention.
  let transformerDepth: Int?
  /// Channels of a token of the context.
  let contextDim: Int
  let context: Context
  /// Without effect but for `num_heads_upsample`, which only the legacy code knows.
  let legacy: Bool

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    unet = ADMUNetConfiguration(&reader, defaultHeads: -1)
    let isTransformer = reader.flag("use_spatial_transformer", default: false)
    let depth = reader.integer("transformer_depth", in: 1...64, default: 1)
    let width = reader.optionalInteger("context_dim", in: 1...65536)
    legacy = reader.flag("legacy", default: true)
    let codebook = reader.optionalInteger("n_embed", in: 1...1 << 24)
    let (classes, tokens) = (
      reader.optionalInteger("n_classes", in: 1...1 << 24), reader.optionalInteger("context_tokens", in: 1...65536)
    )
    try reader.finish()
    try unet.check()
    guard codebook == nil else {
      throw PlumbError("networks that predict entries of a codebook are not supported", kind: .input, at: "n_embed", expected: "none")
    }
    guard isTransformer == (width != nil) else {
      throw PlumbError(
        "use_spatial_transformer and context_dim go together", kind: .input, at: "context_dim",
        expected: isTransformer ? "channels of the context" : "none", found: width.map { "\($0)" } ?? "none")
    }
    transformerDepth = isTransformer ? depth : nil
    contextDim = width ?? 0
    switch (classes, tokens) {
    case (let classes?, nil) where isTransformer: context = .classes(classes)
    case (nil, let tokens?) where isTransformer: context = .tokens(tokens)
    case (nil, nil) where !isTransformer: context = .none
    default:
      throw PlumbError(
        "the context has to come from one place", kind: .input, at: "n_classes",
        expected: isTransformer ? "n_classes or context_tokens" : "neither n_classes nor context_tokens")
    }
    guard unet.numClasses == nil || !isTransformer else {
      throw PlumbError("classes are given twice", kind: .input, at: "num_classes", expected: "none beside a context")
    }
  }

  /// Heads of an attention layer of this width.
  func heads(width: Int, isUpward: Bool) -> Int {
    unet.heads(width: width, isUpward: isUpward && legacy && transformerDepth == nil)
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue {
    var fields = unet.canonical.object ?? [:]
    fields["use_spatial_transformer"] = .bool(transformerDepth != nil)
    fields["transformer_depth"] = JSONValue(transformerDepth ?? 1)
    fields["context_dim"] = transformerDepth == nil ? .null : JSONValue(contextDim)
    fields["legacy"] = .bool(legacy)
    fields["n_embed"] = .null
    if case .classes(let count) = context { fields["n_classes"] = JSONValue(count) }
    if case .tokens(let count) = context { fields["context_tokens"] = JSONValue(count) }
    return .object(fields)
  }
}
