package import Basics

/// A result that is kept as one canonical JSON document and recognised by its `kind`, never by the name of a port or a file.
package protocol ResultDocument: Sendable, Hashable {
  /// The kind as it is written: "scores", "table", "delta".
  var kindName: String { get }
  /// The document. Two equal values have the same bytes.
  var json: JSONValue { get }
  /// Reads a document. Throws a `PlumbError` that says what is wrong with it: another kind, a newer format, a field.
  init(json: JSONValue) throws
}

/// A result as it was kept: passed on byte for byte by whoever need not understand it, decoded by whoever does.
package struct StoredResult: Sendable, Hashable {
  package let json: JSONValue

  package init(_ json: JSONValue) { self.json = json }

  /// What it is. Throws when it is of no kind that is known, or not readable as what it says it is.
  package func decoded() throws -> ResultValue {
    switch json[ResultKind.key]?.text {
    case nil: throw PlumbError("this says of itself no kind", found: json.brief)
    case Scores.kind?: .scores(try Scores(json: json))
    case GatheredTable.kind?: .table(try GatheredTable(json: json))
    case .some: .curve(try Curve(json: json))
    }
  }
}

/// A decoded result.
package enum ResultValue: Sendable, Hashable {
  case scores(Scores)
  case curve(Curve)
  case table(GatheredTable)
}

enum ResultKind {
  static let key = "kind"
}
