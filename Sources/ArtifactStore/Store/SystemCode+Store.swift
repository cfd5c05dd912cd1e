import Basics

extension SystemCode {
  /// For people: the system's words, and what can be done where something can.
  var storeWords: String {
    if meansNotWritable { return explanation + "; another store can be named with --store or PLUMB_STORE" }
    return explanation + (meansNoRoom ? "; what was finished before is kept" : "")
  }
}

extension Result where Failure == SystemCode {
  /// The value, or an error for people.
  func orThrow(_ action: String, _ path: String) throws -> Success { try orFail(action, path, words: \.storeWords) }
}
