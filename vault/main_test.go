package vault

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails if a vault that was closed leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
