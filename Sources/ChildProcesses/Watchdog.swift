import SystemPackage

/// Ends a program and removes its folder when this process ends without doing so itself: killed, crashed, told twice to stop.
///
/// prctl(PR_SET_PDEATHSIG) would do it for the program alone and not for what that started, and swift-subprocess offers no
/// hook between fork and exec to call it in. A shell that reads from a pipe which only this process holds open does it for
/// all of them, and for the folder.
final class Watchdog {
  private let shell: ChildProcess
  private let writer: FileDescriptor

  /// `$1`: the process group; `$2`: the folder; `$3`: the mark. A line means that all is well, the end of the pipe that this
  /// process is gone.
  private static let script = """
    read -r line && exit 0
    kill -9 -- "-$1"
    for place in $(grep -lzxFe "$3" /proc/[0-9]*/environ); do place=${place#/proc/}; kill -9 "${place%/environ}"; done
    rm -rf -- "$2"
    """

  /// Nil when there can be none: then the run goes on without.
  init?(process: Int32, mark: RunMark) {
    guard let pipe = try? FileDescriptor.pipe(options: .closeOnExec) else { return nil }
    defer { try? pipe.readEnd.close() }
    let invocation = Invocation(
      "/bin/sh", ["-c", Self.script, "plumb-watchdog", String(process), mark.folder, mark.text],
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"], folder: "/")
    guard let shell = try? ChildProcess(invocation, input: pipe.readEnd.rawValue) else {
      try? pipe.writeEnd.close()
      return nil
    }
    (self.shell, writer) = (shell, pipe.writeEnd)
  }

  /// All is well. Waits for its end, after which nothing of it can touch a folder of that name.
  func dismiss() {
    _ = try? writer.writeAll("\n".utf8)
    shell.wait(seconds: 5)
  }

  deinit { try? writer.close() }
}
