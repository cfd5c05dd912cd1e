import Foundation
import Trials

// Started by itself to replay one input.
if let status = TrialProcess.child() { exit(status) }
exit(PlumbFuzz.status())
