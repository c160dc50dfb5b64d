package vault

import (
	"testing"

	"go.uber.org/goleak"
)

// realCost is that of passcodes outside of tests, where they need not be slow.
var realCost = usualCost

// TestMain fails if a vault that was closed leaves a goroutine behind.
func TestMain(m *testing.M) {
	usualCost = cost{Memory: 64, Passes: 1, Threads: 1}
	goleak.VerifyTestMain(m)
}
