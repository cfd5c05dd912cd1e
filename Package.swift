// swift-tools-version: 6.2
import PackageDescription

/// One target per room of the house; a target imports those below it in this list, never above. What a file imports it says
/// itself, and hands on only what it says it does.
/// Tests see what the package shares between its rooms, never inside one: they run what is shipped, and share its build.
let existential: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]
let strict = existential + [.enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("InternalImportsByDefault")]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func testRoom(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies + [.target(name: name)], exclude: exclude, swiftSettings: existential)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let collections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let deques: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "plumbline",
  products: [
    .executable(name: "plumb", targets: ["plumb"]),
    .executable(name: "plumb-conformance", targets: ["plumb-conformance"]),
    .executable(name: "plumb-benchmark", targets: ["plumb-benchmark"]),
    .executable(name: "plumb-fuzz", targets: ["plumb-fuzz"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    // Without its bridges to Foundation, which nobody here calls.
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
  ],
  targets: [
    program(
      "plumb",
      [
        "Report", "Stages", "Bundles", "Downloads", "Execution", "Planning", "Results", "PipelineLanguage", "StageSchema",
        "ArtifactStore", "EngineCPU", "Networks",
        "Checkpoints", "Basics",
        argumentParser, logging,
      ]),
    program("plumb-conformance", ["Conformance", "EngineCPU", "Trials", "Basics", argumentParser]),
    program("plumb-fuzz", ["Trials", "ChildProcesses", "Basics", argumentParser]),
    program(
      "plumb-benchmark",
      [
        "Stages", "Planning", "ArtifactStore", "StageSchema", "Networks", "EngineCPU",
        "Engine", "Checkpoints", "Basics", "COneDNN", argumentParser,
      ]),

    room(
      "Bundles",
      ["Execution", "Planning", "Results", "PipelineLanguage", "StageSchema", "ArtifactStore", "Checkpoints", "Basics"]),
    room(
      "Report",
      [
        "PipelineLanguage", "Execution", "Results", "StageSchema", "ArtifactStore", "Scoring", "Checkpoints", "Pictures",
        "ChildProcesses",
        "Basics",
        mustache, collections,
      ]),
    room("Conformance", ["Stages", "StageRuntime", "StageSchema", "Diffusion", "Networks", "Engine", "Trials", "Checkpoints", "Basics"]),
    room(
      "Stages",
      [
        "Results", "StageRuntime", "StageSchema", "ArtifactStore", "Scoring", "Diffusion", "Networks", "Engine",
        "Checkpoints", "Downloads", "Pictures", "ChildProcesses", "Basics",
      ]),
    room(
      "Execution",
      ["Planning", "PipelineLanguage", "Results", "StageRuntime", "StageSchema", "ArtifactStore", "Checkpoints", "Basics", deques, logging]),
    room("StageRuntime", ["StageSchema", "ArtifactStore", "Diffusion", "Networks", "Engine", "Checkpoints", "Basics"]),
    room("Planning", ["PipelineLanguage", "StageSchema", "Results", "ArtifactStore", "Basics"]),
    room("PipelineLanguage", ["StageSchema", "Basics", "CLibYAML", collections]),
    room("StageSchema", ["Basics"]),
    room("Results", ["Basics"]),
    room("ArtifactStore", ["Basics"]),
    room("Scoring", ["Diffusion", "Basics", "CLAPACKE"]),
    room("Diffusion", ["Basics"]),
    room("Downloads", ["Basics", "CLibCurl"]),
    room("Pictures", ["Basics", "CLibPNG"]),
    room("Networks", ["Engine", "Checkpoints", "Basics"]),
    room("EngineCPU", ["Engine", "Checkpoints", "Basics", "CKernels"]),
    room("Engine", ["Checkpoints", "Basics"]),
    room("Trials", ["Checkpoints", "ChildProcesses", "Basics"]),
    room("Checkpoints", ["Basics", "CLibZip"]),
    room("ChildProcesses", ["Basics", subprocess, system]),
    room("Basics", ["CLibCrypto", system]),

    .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLibZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
    .target(name: "CLibPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CLibCurl", linkerSettings: [.linkedLibrary("curl")]),
    // The peer of the engine's own convolution: for measurements and tests, not for the program.
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    // -O3 also in debug builds (it follows -O0 on the command line and wins); the order of additions is written
    // out in C and contraction is off, so that a result does not change with the compiler.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]),

    // System calls that fail, for the tests of everything that writes files.
    .target(name: "FileFaults", dependencies: ["Basics"], path: "Tests/FileFaults", swiftSettings: existential),
    testRoom("Basics", ["FileFaults"]),
    testRoom("Checkpoints", ["FileFaults", "Basics"]),
    testRoom("ChildProcesses", ["Basics"]),
    testRoom("Trials", ["Checkpoints", "ChildProcesses", "Basics"]),
    // A second device, in plain float64, that other devices are held against; optimised also in debug builds, as kernels are.
    .target(
      name: "ReferenceDevice", dependencies: ["Engine", "Checkpoints", "Basics"], path: "Tests/ReferenceDevice",
      swiftSettings: existential + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    testRoom("EngineCPU", ["ReferenceDevice", "Engine", "Checkpoints", "Basics", "CKernels", "COneDNN"]),
    testRoom("Engine", ["ReferenceDevice", "Basics"]),
    testRoom("Networks", ["EngineCPU", "Engine", "Checkpoints", "Basics"]),
    testRoom("Diffusion", ["Checkpoints", "Basics"]),
    testRoom("Downloads", ["FileFaults", "Basics"]),
    testRoom("Scoring", ["Diffusion", "Checkpoints", "Basics"]),
    testRoom("ArtifactStore", ["FileFaults", "Basics"]),
    // A checker of JSON Schemas, for the tests of two rooms.
    .target(
      name: "SchemaChecking", dependencies: ["PipelineLanguage", "StageSchema", "Basics"], path: "Tests/SchemaChecking",
      swiftSettings: existential),
    testRoom("PipelineLanguage", ["SchemaChecking", "StageSchema", "Basics"], exclude: ["YAMLSuite/differences.md", "Mistakes/cases"]),
    testRoom("Planning", ["PipelineLanguage", "StageSchema", "ArtifactStore", "Basics"]),
    testRoom("Execution", ["Planning", "PipelineLanguage", "StageRuntime", "StageSchema", "ArtifactStore", "Basics"]),
    testRoom(
      "Stages",
      [
        "ReferenceDevice", "Execution", "Planning", "Results", "StageRuntime", "StageSchema", "ArtifactStore", "Scoring", "Diffusion",
        "Networks", "EngineCPU", "Engine", "Checkpoints", "Pictures", "Basics",
      ],
      exclude: ["Pins"]),
    testRoom("Conformance", ["EngineCPU", "Basics", "Checkpoints"]),
    testRoom("Results", ["Basics"]),
    testRoom("Report", ["Results", "ArtifactStore", "Pictures", "FileFaults", "Basics"]),
    testRoom(
      "plumb",
      [
        "SchemaChecking", "Stages", "EngineCPU", "PipelineLanguage", "StageRuntime", "StageSchema", "Checkpoints", "ChildProcesses",
        "Basics",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
