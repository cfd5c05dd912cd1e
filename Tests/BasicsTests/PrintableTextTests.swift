import Basics
import Testing

@Suite struct PrintableTextTests {
  @Test func ordinaryTextStaysAsItIs() {
    for text in ["", "naïve ☃", "ключ", "a/b.c [1, 2]"] { #expect(text.printable() == text) }
  }

  @Test func whatSteersATerminalIsSpelledOut() {
    #expect("a\u{1B}[31m\nb\u{202E}c\u{7F}".printable() == "a\\u{1b}[31m\\u{a}b\\u{202e}c\\u{7f}")
  }

  @Test func longTextIsCutAndSaysSo() {
    #expect("abcdef".printable(limit: 5) == "abcde…")
    #expect("abcde".printable(limit: 5) == "abcde")
    // One character of a million scalars is no way around the limit.
    #expect(("e" + String(repeating: "\u{301}", count: 1000)).printable(limit: 10).unicodeScalars.count == 11)
  }
}
