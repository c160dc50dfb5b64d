package main

import (
	"fmt"
	"runtime"
)

// version is set by the linker: see the Makefile.
var version = "dev"

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(std streams) error {
	_, err := fmt.Fprintf(std.out, "maskit %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
