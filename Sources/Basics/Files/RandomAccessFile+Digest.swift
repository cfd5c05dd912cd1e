extension RandomAccessFile {
  /// SHA-256 of the content. Throws when the file changed since it was opened, or changes meanwhile.
  ///
  /// Of a big file that is as it was when it was last hashed, `cache` answers.
  package func contentDigest(_ cache: DigestCache = .user) throws -> Digest {
    try checkUnchanged()
    if size >= DigestCache.smallest, let known = cache.digest(of: path, stamp) { return known }
    let begun = FileStamp.now
    var digester = Digester()
    try forEachPiece(of: 1 << 20) { digester.update($0) }
    let digest = digester.finish()
    try checkUnchanged()
    if size >= DigestCache.smallest { cache.keep(digest, of: path, stamp, hashedFrom: begun) }
    return digest
  }

  private func checkUnchanged() throws {
    guard try currentStamp() == stamp else { throw PlumbError("the file changed while it was read", at: path) }
  }
}
