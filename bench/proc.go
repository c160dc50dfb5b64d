package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cpuOf returns the CPU time, user and system, that processes have used, with
// the threads of them that ended: by the kernel's clock of each, which counts
// nanoseconds where /proc/PID/stat counts hundredths of a second.
func cpuOf(pids []int) (time.Duration, error) {
	// See clock_getcpuclockid(3): the id of a process's clock is made of its
	// pid, inverted, and of the kind of clock, which is CPUCLOCK_SCHED.
	const sched = 2
	var total time.Duration
	for _, pid := range pids {
		var ts unix.Timespec
		if err := unix.ClockGettime(int32(^pid<<3|sched), &ts); err != nil {
			return 0, fmt.Errorf("the CPU time of process %d: %w", pid, err)
		}
		total += time.Duration(ts.Nano())
	}
	return total, nil
}

// tick is the unit of /proc's times; Linux shows 100 a second on all its
// architectures (USER_HZ).
const tick = 10 * time.Millisecond

// machineCPU returns the CPU time that processes of this machine have used and
// that other machines on its host have taken. Interrupts are left out: those
// of loopback are ours and counted to nobody.
func machineCPU() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	fields := strings.Fields(line) // cpu user nice system idle iowait irq softirq steal ...
	if len(fields) < 9 {
		return 0, fmt.Errorf("/proc/stat has %d fields", len(fields))
	}
	var total time.Duration
	for _, i := range []int{1, 2, 3, 8} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/stat: %w", err)
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}

// family returns a process and its children.
func family(pid int) []int {
	pids := []int{pid}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is good
	for _, l := range lists {
		b, err := os.ReadFile(l)
		if err != nil {
			continue // a thread that has ended
		}
		for f := range strings.FieldsSeq(string(b)) {
			if child, err := strconv.Atoi(f); err == nil {
				pids = append(pids, child)
			}
		}
	}
	return pids
}

// residentKB returns the memory that processes hold, in KiB.
func residentKB(pids []int) int {
	total := 0
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(b), "VmRSS:")
		var kb int
		if _, err := fmt.Sscan(after, &kb); err == nil {
			total += kb
		}
	}
	return total
}
