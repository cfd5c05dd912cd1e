/// The ways in which fingers miss a name.
enum Misspelling {
  /// Each slip at one letter, another one for each `turn`, and those of the whole name; without the name itself.
  static func all(of name: String, turn: Int) -> [String] {
    let letters = Array(name)
    var slips: [String] = []
    for index in letters.indices where !letters.isEmpty && index == turn % letters.count {
      var slip = letters
      slip.remove(at: index)
      slips.append(String(slip))
      slip = letters
      slip.insert(letters[index], at: index)
      slips.append(String(slip))
      slip = letters
      slip[index] = letters[index] == "x" ? "q" : "x"
      slips.append(String(slip))
      if index + 1 < letters.count {
        slip = letters
        slip.swapAt(index, index + 1)
        slips.append(String(slip))
      }
    }
    slips += [
      name.uppercased(), name.prefix(1).uppercased() + name.dropFirst(), name.replacing("_", with: "-"), name.replacing("-", with: "_"),
      name.replacing("_", with: ""), name.replacing("-", with: ""), name.hasSuffix("s") ? String(name.dropLast()) : name + "s",
    ]
    var seen: Set<String> = [name, ""]
    return slips.filter { seen.insert($0).inserted && isName($0) }
  }

  /// Whether it begins as a name does; a digit or hyphen makes another kind of mistake.
  private static func isName(_ text: String) -> Bool { text.first.map { $0.isLetter || $0 == "_" } ?? false }
}
