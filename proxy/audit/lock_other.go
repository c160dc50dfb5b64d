//go:build !unix

package audit

import "os"

// lock is not there on this system: that no other process writes to the file is
// the operator's to see to.
func lock(*os.File) error { return nil }
