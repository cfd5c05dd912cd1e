import Basics

extension JSONValue {
  /// As people read it: text without quotes, anything else as JSON.
  var plain: String { text ?? String(decoding: encoded(), as: UTF8.self) }
}
