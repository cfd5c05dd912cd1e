import Foundation
import Trials

// Started by itself to read one file that may be hostile.
if let status = TrialProcess.child() { exit(status) }
exit(PlumbConformance.status())
