package import Basics

/// Files outside of the store, as a running stage reads them: their content is what planning put into the key, or nothing is
/// read. This is the only place where the two are compared.
extension StageInputs {
  /// The file behind a name of `StageInference.files`, opened, every byte of it checked when it is read: one that was replaced
  /// since it was planned is refused, and so is one that changes while it is read. The error names both digests.
  package func open(_ name: String, at path: String) throws -> VerifiedBytes {
    let expected = try planned(name, at: path)
    return try VerifiedBytes(RandomAccessFile(path: path), expecting: expected) { found in
      DigestCache.user.forget(path)
      return Self.changed(path, expected, found)
    }
  }

  /// Throws unless `found`, the content of what is at `path`, is what planning found there.
  package func check(_ name: String, found: Digest, at path: String) throws {
    let expected = try planned(name, at: path)
    guard found == expected else { throw Self.changed(path, expected, found) }
  }

  /// The error for a file that is not what it was.
  package static func changed(_ path: String, _ expected: Digest, _ found: Digest) -> PlumbError {
    PlumbError(
      "the file does not have the content it was planned with; nothing of it was kept", at: path, expected: "sha256 \(expected.hex)",
      found: found.hex)
  }

  private func planned(_ name: String, at path: String) throws -> Digest {
    guard let expected = files[name] else { throw PlumbError("planning put no digest of the file into the key", at: path, expected: name) }
    return expected
  }
}
