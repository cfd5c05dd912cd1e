import Basics

/// Which training steps a sampler visits, in the notation of guided-diffusion (and DiT):
///
/// - `""` keeps every step;
/// - `"20"` takes 20 equally strided steps, `"10,15,20"` cuts the steps into three sections and takes so many of each;
/// - `"ddim20"` takes 0, s, 2s, … for the integer stride s that gives exactly 20;
///
/// and in that of the projects that have no notation, under their names:
///
/// - `"ddim-uniform:20"` takes 0, s, 2s, … for s = T / 20 without its fraction, which may be more steps than 20;
///   `"ddim-quad:20"` takes 20 squares from 0 to 0.8 T without their fractions (ermongroup/ddim, `skip_type`);
/// - `"ldm-uniform:20"` and `"ldm-quad:20"` take the same steps plus one, and the step below the first of them is training
///   step 0 (latent diffusion, `make_ddim_timesteps`);
/// - `"first:10"` takes the ten least noisy steps (latent diffusion's `p_sample_loop` with `timesteps`).
public enum Respacing: Sendable, Hashable {
  case all
  case sections([Int])
  case strided(Int)
  case uniform(Int, plusOne: Bool)
  case quadratic(Int, plusOne: Bool)
  case first(Int)

  /// Reads the notation above; throws a `PlumbError` of kind `input` on anything else.
  public init(parsing text: String) throws {
    guard !text.isEmpty else {
      self = .all
      return
    }
    if let colon = text.firstIndex(of: ":") {
      self = try Self.named(text[..<colon], count: Self.count(text[text.index(after: colon)...], in: text), in: text)
    } else if text.hasPrefix("ddim") {
      self = .strided(try Self.count(text.dropFirst(4), in: text))
    } else {
      self = .sections(try text.split(separator: ",", omittingEmptySubsequences: false).map { try Self.count($0, in: text) })
    }
  }

  /// The notation this value is read from.
  public var text: String {
    switch self {
    case .all: ""
    case .sections(let counts): counts.map(String.init).joined(separator: ",")
    case .strided(let count): "ddim\(count)"
    case .uniform(let count, let plusOne): "\(plusOne ? "ldm" : "ddim")-uniform:\(count)"
    case .quadratic(let count, let plusOne): "\(plusOne ? "ldm" : "ddim")-quad:\(count)"
    case .first(let count): "first:\(count)"
    }
  }

  /// Whether the step below index 0 is training step 0 and not the image itself.
  var startsFromFirstStep: Bool {
    switch self {
    case .uniform(_, let plusOne), .quadratic(_, let plusOne): plusOne
    default: false
    }
  }

  private static func named(_ name: Substring, count: Int, in text: String) throws -> Respacing {
    switch name {
    case "ddim-uniform": .uniform(count, plusOne: false)
    case "ldm-uniform": .uniform(count, plusOne: true)
    case "ddim-quad": .quadratic(count, plusOne: false)
    case "ldm-quad": .quadratic(count, plusOne: true)
    case "first": .first(count)
    default: throw unreadable(text)
    }
  }

  private static func unreadable(_ text: String) -> PlumbError {
    PlumbError(
      "respacing is not understood", kind: .input,
      expected:
        "\"\", a count, counts with commas, ddim and a count, or ddim-uniform:, ddim-quad:, ldm-uniform:, ldm-quad: or first: and a count",
      found: "\"\(text)\"")
  }

  private static func count(_ digits: Substring, in text: String) throws -> Int {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(digits) else {
      throw unreadable(text)
    }
    return count
  }

  /// The retained steps of 0..<`steps`, ascending.
  ///
  /// Quadratic ones may repeat. Throws when a section is asked for more steps than it has, when no integer stride fits, when
  /// a step lies behind the last, or when nothing remains.
  public func timesteps(of steps: Int) throws -> [Int] {
    let kept: [Int]
    switch self {
    case .all: kept = Array(0..<max(steps, 0))
    case .strided(let count): kept = try Self.strided(steps, count: count)
    case .sections(let counts): kept = try Self.sectioned(steps, counts: counts)
    case .uniform(let count, let plusOne): kept = try Self.uniform(steps, count: count, plusOne: plusOne)
    case .quadratic(let count, let plusOne): kept = try Self.quadratic(steps, count: count, plusOne: plusOne)
    case .first(let count):
      try Self.check(count, of: steps)
      kept = Array(0..<count)
    }
    guard !kept.isEmpty else { throw PlumbError("respacing keeps no step", kind: .input, found: "\"\(text)\" of \(steps) steps") }
    return kept
  }

  private static func strided(_ steps: Int, count: Int) throws -> [Int] {
    if let size = (1..<max(steps, 1)).first(where: { (steps + $0 - 1) / $0 == count }) {
      return Array(stride(from: 0, to: steps, by: size))
    }
    throw PlumbError("no integer stride takes exactly \(count) of \(steps) steps", kind: .input, found: "\"ddim\(count)\"")
  }

  private static func sectioned(_ steps: Int, counts: [Int]) throws -> [Int] {
    let (size, longer) = steps.quotientAndRemainder(dividingBy: counts.count)
    var (kept, start): ([Int], Int) = ([], 0)
    for (position, count) in counts.enumerated() {
      let length = size + (position < longer ? 1 : 0)
      guard count <= length else {
        throw PlumbError(
          "respacing takes more steps than section \(position + 1) of \(counts.count) has", kind: .input, expected: "at most \(length)",
          found: "\(count)")
      }
      // The running position is a sum of the stride, not a product: that is where a half is rounded.
      let stride = count <= 1 ? 1 : Double(length - 1) / Double(count - 1)
      var offset = 0.0
      for _ in 0..<count {
        kept.append(start + Int(offset.rounded(.toNearestOrEven)))
        offset += stride
      }
      start += length
    }
    return kept
  }
}
