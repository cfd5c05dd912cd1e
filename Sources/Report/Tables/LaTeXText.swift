/// Plain text for LaTeX: what is special there is escaped, the signs this program writes become mathematics, so that a
/// table compiles with pdfLaTeX as it is.
package enum LaTeXText {
  package static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in symbols[scalar] ?? (scalar.properties.generalCategory == .control ? " " : String(scalar)) }.joined()
  }

  /// Text after `%`: only a line end could leave the comment.
  static func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  private static let symbols: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
    "\"": "\\textquotedbl{}", "`": "\\textasciigrave{}", "λ": "$\\lambda$", "δ": "$\\delta$", "Δ": "$\\Delta$", "ε": "$\\epsilon$",
    "σ": "$\\sigma$", "θ": "$\\theta$", "−": "$-$", "–": "--", "′": "$'$", "↓": "$\\downarrow$", "↑": "$\\uparrow$", "‖": "$\\|$",
    "₁": "$_1$", "₂": "$_2$", "±": "$\\pm$", "×": "$\\times$", "“": "``", "”": "''", "…": "\\dots{}",
  ]
}
