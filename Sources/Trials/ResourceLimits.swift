import Foundation

/// Limits a process puts on itself before it touches a file that may be hostile.
public struct ResourceLimits: Sendable {
  /// Bytes of address space beyond what the program takes before it starts.
  public var memory: Int
  /// Seconds of processor time; nil for no limit.
  public var seconds: Int?

  public init(memory: Int = 512 << 20, seconds: Int? = 10) {
    self.memory = memory
    self.seconds = seconds
  }

  /// Applies the limits to this process, for good. What goes beyond the memory fails to be allocated (Swift then traps),
  /// what goes beyond the time is killed by a signal.
  public func apply() {
    // A trap is expected here: it must not leave a core file behind.
    Self.limit(RLIMIT_CORE, to: 0)
    if let seconds { Self.limit(RLIMIT_CPU, to: seconds) }
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    Self.limit(RLIMIT_AS, to: pages * Int(sysconf(Int32(_SC_PAGESIZE))) + memory)
  }

  private static func limit(_ resource: __rlimit_resource, to value: Int) {
    var limits = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    setrlimit(__rlimit_resource_t(resource.rawValue), &limits)
  }
}
