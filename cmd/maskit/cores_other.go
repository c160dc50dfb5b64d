//go:build !linux

package main

// noCoreDumps leaves it to the system: elsewhere core dumps are off unless
// somebody has switched them on.
func noCoreDumps() error { return nil }
