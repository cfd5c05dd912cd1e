import Foundation
import Testing

/// The manifest is the truth about what rests on what: targets import what they declare and declare what they import.
@Suite struct ManifestTests {
  private let manifest: Manifest

  init() throws { manifest = try Manifest(repository: Program.repository) }

  @Test func everyImportIsDeclaredAndEveryDeclarationIsImported() throws {
    for target in manifest.targets {
      let imported = try manifest.imports(of: target)
      let declared = Set(target.dependencies)
      #expect(imported.subtracting(declared).isEmpty, "\(target.name) imports what Package.swift does not declare")
      #expect(declared.subtracting(imported).isEmpty, "Package.swift declares for \(target.name) what no file of it imports")
    }
  }

  @Test func importsPointDownTheListOfTargets() {
    var above: Set<String> = []
    for target in manifest.targets {
      #expect(above.isDisjoint(with: target.dependencies), "\(target.name) imports a target that stands above it")
      above.insert(target.name)
    }
  }

  @Test(arguments: ["PipelineLanguage", "Planning"])
  func theEngineIsNotBelow(target: String) {
    let below = manifest.below(target)
    #expect(below.contains("StageSchema"), "\(target) is not in the manifest as this test knows it")
    for engine in ["Engine", "EngineCPU", "CKernels", "Networks", "Diffusion", "Checkpoints", "StageRuntime", "Scoring"] {
      #expect(!below.contains(engine), "\(target) cannot be built without \(engine)")
    }
  }

  @Test func oneTargetImportsEachLibraryInC() {
    for library in manifest.libraries {
      let importers = manifest.targets.filter { $0.dependencies.contains(library) && !$0.name.hasPrefix("plumb-benchmark") }.map(\.name)
      #expect(importers.count <= 1, "\(library) is imported by \(importers.joined(separator: ", "))")
    }
  }
}

/// Package.swift as far as these tests ask it: its targets from top to bottom with what they declare.
private struct Manifest {
  struct Target {
    let name: String
    let dependencies: [String]
  }

  let targets: [Target]
  /// Modules written in C.
  let libraries: [String]
  private let repository: String
  /// Names of products that are declared by a constant.
  private let products: [String: String]

  init(repository: String) throws {
    let text = try String(contentsOfFile: repository + "/Package.swift", encoding: .utf8)
    self.repository = repository
    let products = Dictionary(
      text.matches(of: /let (\w+): Target\.Dependency = \.product\(name: "(\w+)"/).map { (String($0.1), String($0.2)) },
      uniquingKeysWith: { first, _ in first })
    self.products = products
    var targets: [Target] = []
    for declaration in text.matches(of: /(?:room|program)\(\s*"([\w-]+)",\s*\[([^\]]*)\]/) {
      let listed = declaration.2.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
      let names = listed.map { item in item.hasPrefix("\"") ? String(item.dropFirst().dropLast()) : products[item] ?? item }
      targets.append(Target(name: String(declaration.1), dependencies: names))
    }
    self.targets = targets
    libraries = text.matches(of: /\.(?:systemLibrary|target)\(\s*name: "(C[A-Z]\w+)"/).map { String($0.1) }
  }

  /// Everything a target needs to be built, itself left out.
  func below(_ name: String) -> Set<String> {
    var found: Set<String> = []
    var waiting = [name]
    while let next = waiting.popLast() {
      for dependency in targets.first(where: { $0.name == next })?.dependencies ?? [] where found.insert(dependency).inserted {
        waiting.append(dependency)
      }
    }
    return found
  }

  /// Modules that the files of a target import, those of the toolchain left out.
  func imports(of target: Target) throws -> Set<String> {
    let ours = Set(targets.map(\.name) + libraries + products.values)
    let folder = repository + "/Sources/" + target.name
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
    var imported: Set<String> = []
    for file in files {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      imported.formUnion(text.matches(of: /(?m)^(?:(?:public|package|internal|@\w+) )*import (\w+)/).map { String($0.1) })
    }
    return imported.intersection(ours)
  }
}
