//go:build !unix

package usage

import "os"

// peak is not known on these systems.
func peak(*os.ProcessState) int64 { return 0 }
