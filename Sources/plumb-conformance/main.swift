import Foundation

exit(PlumbConformance.status())
