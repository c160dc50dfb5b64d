package audit

import (
	"fmt"
	"testing"
	"time"
)

// TestReadGivesPages reads a trail of several files page by page.
func TestReadGivesPages(t *testing.T) {
	tr, cfg := begin(t, nil)
	tr.outlets[0].sink.(*file).max = 20_000
	const n = 300
	for i := range n {
		op := &Operation{Type: []string{"restore", "rules.change", "rules.rollback"}[i%3], Time: time.Unix(int64(1000+i), 0), Tenant: fmt.Sprint("t", i%2), Version: i + 1}
		if err := tr.Write(t.Context(), op); err != nil {
			t.Fatal(err)
		}
	}
	end(t, tr)
	if len(Files(cfg.File)) < 3 {
		t.Fatal("there are too few files")
	}
	for _, tc := range []struct {
		name string
		q    Query
		want func(r *Record) bool
	}{
		{"all", Query{}, func(*Record) bool { return true }},
		{"type", Query{Type: "restore"}, func(r *Record) bool { return r.Type == "restore" }},
		{"family of types", Query{Type: "rules"}, func(r *Record) bool { return r.Type != "restore" }},
		{"tenant", Query{Tenant: "t1"}, func(r *Record) bool { return r.Tenant == "t1" }},
		{"tenants", Query{Tenants: []string{"t0"}, Type: "restore"}, func(r *Record) bool { return r.Tenant == "t0" && r.Type == "restore" }},
		{"time", Query{From: time.Unix(1100, 0), To: time.Unix(1150, 0)}, func(r *Record) bool { return r.Rules > 100 && r.Rules <= 150 }},
		{"nobody's", Query{Tenant: "nobody"}, func(*Record) bool { return false }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			seen := make(map[int]bool)
			last := ^uint64(0)
			for q := tc.q; ; {
				q.Limit = 7
				records, next, err := Read(cfg.File, q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range records {
					r := &records[i]
					if r.Seq >= last {
						t.Fatalf("record %d comes behind %d", r.Seq, last)
					}
					last = r.Seq
					if r.Rules == 0 { // of the trail itself
						continue
					}
					if !tc.want(r) {
						t.Errorf("record %d is not wanted", r.Seq)
					}
					seen[r.Rules] = true
				}
				if next == 0 {
					break
				}
				q.Before = next
			}
			for i := range n {
				r := &Record{Type: []string{"restore", "rules.change", "rules.rollback"}[i%3], Tenant: fmt.Sprint("t", i%2), Rules: i + 1}
				if tc.want(r) != seen[i+1] {
					t.Errorf("version %d: seen is %v", i+1, seen[i+1])
				}
			}
		})
	}
}

func TestReadFindsWhereToGoOn(t *testing.T) {
	tr, cfg := begin(t, nil)
	note(tr, 100)
	end(t, tr)
	for before := range uint64(105) {
		records, _, err := Read(cfg.File, Query{Before: before, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := min(before-1, 102) // begin, 100, checkpoint
		if before == 0 {
			want = 102
		}
		if want == 0 && len(records) == 0 {
			continue
		}
		if len(records) != 1 || records[0].Seq != want {
			t.Errorf("before %d: %v", before, records)
		}
	}
	if records, next, err := Read(cfg.File+".none", Query{Limit: 1}); err != nil || len(records) != 0 || next != 0 {
		t.Errorf("no file: %v, %d, %v", records, next, err)
	}
}
