package main

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// noCoreDumps keeps what is in memory, values and keys, from being written to a
// disk by a crash, and from being read by other processes of the same user
// (ptrace, /proc/PID/mem). The limit alone does not stop systemd-coredump and
// others to which the kernel pipes; being not dumpable does, and ends with exec, so
// that what `maskit run` starts is as it was. Its limit is the soft one, which any
// process may raise again.
func noCoreDumps() error {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit)
	if err == nil {
		limit.Cur = 0
		err = syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
	}
	return errors.Join(err, unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0))
}
