import Basics
import Foundation
import Testing

/// A file named by its address: fetched when its stage runs, with progress.
@Suite struct FetchTests {
  @Test func aRunTellsHowFarAFileHasBeenFetched() throws {
    let folder = try Program.Folder()
    let pictures = Program.repository + "/Pipelines/digits/digits.npz"
    let (digest, size) = try AtomicFile.digest(pictures)
    let file = try folder.write(
      """
      plumb: 1
      name: fetch
      stages:
        images: {uses: load-dataset, with: {url: "file://\(pictures)", sha256: \(digest.hex), shape: [1797, 1, 8, 8]}}
      """, to: "p.plumb.yaml")
    let ending = try Program.run(["run", file, "--store", folder.path + "/store", "--format", "json"], in: folder.path)
    #expect(ending.status == 0, "\(ending.output)\(ending.errors)")
    let events = try ending.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    let fetched = events.filter { $0["event"]?.text == "fetching" }
    #expect(fetched.contains { $0["cell"]?.text == "images" && $0["received"]?.integer == size }, "\(ending.output)")
  }
}
