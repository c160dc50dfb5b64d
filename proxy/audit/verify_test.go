package audit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// trailOf is a trail of begin, n exchanges and a checkpoint, as its lines.
func trailOf(t testing.TB, n int) (lines [][]byte, head []byte) {
	t.Helper()
	cfg := DefaultConfig()
	cfg.File = filepath.Join(t.TempDir(), "audit.jsonl")
	tr, err := Open(cfg, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	note(tr, n)
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(cfg.File)
	if err != nil {
		t.Fatal(err)
	}
	if head, err = os.ReadFile(cfg.File + ".head"); err != nil {
		t.Fatal(err)
	}
	return bytes.SplitAfter(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")), head
}

// verifyLines writes the lines where a trail may have been, and verifies it.
func verifyLines(t testing.TB, dir string, lines [][]byte, head []byte) (keyed, public *Report) {
	t.Helper()
	name := filepath.Join(dir, "audit.jsonl")
	b := bytes.Join(lines, nil)
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	for file, content := range map[string][]byte{name: b, name + ".head": head} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keyed, err := Verify([]string{name}, name+".head", secret)
	if err != nil {
		t.Fatal(err)
	}
	if public, err = VerifySigned([]string{name}, PublicKey(secret)); err != nil {
		t.Fatal(err)
	}
	return keyed, public
}

// TestVerifyNamesWhatWasDone tampers with the trail in every way, and wants each
// named with its record.
func TestVerifyNamesWhatWasDone(t *testing.T) {
	lines, head := trailOf(t, 8) // begin is 1, exchanges are 2 to 9, the checkpoint is 10
	other, _ := trailOf(t, 8)
	for _, tc := range []struct {
		name   string
		tamper func([][]byte) [][]byte
		want   []string // faults, without file names
		signed bool     // also seen by those who hold the public key only
	}{
		{"nothing", func(l [][]byte) [][]byte { return l }, nil, false},
		{"change", func(l [][]byte) [][]byte {
			l[4] = bytes.Replace(l[4], []byte(`"acme"`), []byte(`"evil"`), 1)
			return l
		}, []string{":5: record 5: it was changed, or written by somebody else"}, true},
		{"change of the MAC", func(l [][]byte) [][]byte {
			end := len(l[4]) - len(macTail) - 5
			l[4][end] ^= 1
			return l
		}, []string{":5: record 5: it was changed, or written by somebody else"}, true},
		{
			"removal", func(l [][]byte) [][]byte { return slices.Delete(l, 4, 5) },
			[]string{":5: before this line record 5 is missing: removed, or moved to another trail"},
			true,
		},
		{
			"removal of several", func(l [][]byte) [][]byte { return slices.Delete(l, 3, 6) },
			[]string{":4: before this line records 4 to 6 are missing: removed, or moved to another trail"},
			true,
		},
		{
			"swap", func(l [][]byte) [][]byte { l[4], l[5] = l[5], l[4]; return l },
			[]string{":6: record 5: it stands behind record 6: they were swapped, or it was moved"},
			true,
		},
		{
			"copy", func(l [][]byte) [][]byte { return slices.Insert(l, 6, bytes.Clone(l[3])) },
			[]string{":7: record 4: it stands here a second time: it was inserted"},
			true,
		},
		{"insertion", func(l [][]byte) [][]byte {
			return slices.Insert(l, 6, []byte(`{"seq":7,"prev":"","type":"exchange","mac":"`+strings.Repeat("A", macSize)+"\"}\n"))
		}, []string{":7: record 7: it was changed, or written by somebody else", ":8: record 7: it stands here a second time: it was inserted"}, true},
		{
			"garbage", func(l [][]byte) [][]byte { return slices.Insert(l, 6, []byte("x\n")) },
			[]string{":7: this is no record"},
			false,
		},
		{
			"from another trail", func(l [][]byte) [][]byte { l[4] = other[4]; return l },
			[]string{":5: record 5: it does not follow the record before it"},
			true,
		},
		{
			"cut", func(l [][]byte) [][]byte { return l[:7] },
			[]string{":7: behind this line records 8 to 10 are missing: the end was cut off"},
			false,
		},
		{
			"cut of all", func([][]byte) [][]byte { return nil },
			[]string{": behind this line records 1 to 10 are missing: the end was cut off"},
			false,
		},
		{
			"beginning cut", func(l [][]byte) [][]byte { return l[2:] },
			[]string{":8: record 10: of what it signs records 1 to 2 are missing: the beginning was cut off"},
			true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tampered := make([][]byte, len(lines))
			for i := range lines {
				tampered[i] = bytes.Clone(lines[i])
			}
			keyed, public := verifyLines(t, t.TempDir(), tc.tamper(tampered), head)
			var got []string
			for _, f := range keyed.Faults {
				f.File = ""
				got = append(got, f.Error())
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			if tc.signed != (len(public.Faults) > 0) && tc.name != "garbage" {
				t.Errorf("by the public key: %v", public.Faults)
			}
		})
	}
}

// TestVerifySeesEveryByte changes every byte in turn: a line that was changed is
// named, and no other record is.
func TestVerifySeesEveryByte(t *testing.T) {
	lines, head := trailOf(t, 2)
	dir := t.TempDir()
	for i, l := range lines {
		for at := range bytes.TrimSuffix(l, []byte("\n")) {
			tampered := slices.Clone(lines)
			tampered[i] = bytes.Clone(l)
			tampered[i][at] ^= 0x02
			r, _ := verifyLines(t, dir, tampered, head)
			if len(r.Faults) == 0 {
				t.Fatalf("byte %d of line %d may be changed", at, i+1)
			}
			named := slices.ContainsFunc(r.Faults, func(f Fault) bool { return f.Line == i+1 })
			if !named {
				t.Fatalf("byte %d of line %d: %v", at, i+1, r.Faults)
			}
		}
	}
}

func TestVerifyWantsTheKey(t *testing.T) {
	tr, cfg := begin(t, nil)
	note(tr, 1)
	end(t, tr)
	r, err := Verify(Files(cfg.File), cfg.File+".head", bytes.Repeat([]byte("x"), 32))
	if err != nil || len(r.Faults) < 3 {
		t.Errorf("with another key: %v, %v", r, err)
	}
	for _, public := range []string{"", "x", PublicKey(bytes.Repeat([]byte("x"), 32))} {
		r, err := VerifySigned(Files(cfg.File), public)
		if err == nil && len(r.Faults) == 0 {
			t.Errorf("with the public key %q nothing is wrong", public)
		}
	}
}

func TestVerifyBoundsItsReport(t *testing.T) {
	lines := make([][]byte, 3*maxFaults)
	for i := range lines {
		lines[i] = fmt.Appendf(nil, "no record %d\n", i)
	}
	if r, _ := verifyLines(t, t.TempDir(), lines, nil); len(r.Faults) != maxFaults || r.More == 0 {
		t.Errorf("%d faults and %d more", len(r.Faults), r.More)
	}
}

// FuzzVerify reads any bytes as a trail: it never panics, and nothing but the
// trail itself is without a fault.
func FuzzVerify(f *testing.F) {
	lines, head := trailOf(f, 3)
	good := bytes.Join(lines, nil)
	f.Add(good)
	f.Add([]byte(`{"seq":1,"prev":"","type":"checkpoint","mac":"` + strings.Repeat("A", macSize) + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		keyed, _ := verifyLines(t, t.TempDir(), [][]byte{b}, head)
		same := bytes.Equal(bytes.TrimSuffix(b, []byte("\n")), good)
		if same != (len(keyed.Faults) == 0) {
			t.Errorf("same is %v, and there are %d faults", same, len(keyed.Faults))
		}
	})
}
