package vault

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// benchItems are the 11 values of a usual chat, of which serial makes new ones.
func benchItems(tenant *Tenant, serial uint64) []Item {
	items := make([]Item, 11)
	for i := range items {
		value := fmt.Sprintf("person-%d-%d@example.com", serial, i)
		items[i] = Item{Token: string(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", []byte(value), 0)), Value: value}
	}
	return items
}

// BenchmarkKeep keeps 11 values at a time in a conversation.
func BenchmarkKeep(b *testing.B) {
	for _, store := range []struct {
		name string
		url  func(testing.TB) Secret
	}{
		{"memory", func(testing.TB) Secret { return "memory:" }},
		{"redis", func(t testing.TB) Secret { return patient(startRedis(t).url()) }},
	} {
		b.Run(store.name, func(b *testing.B) {
			cfg := configFor(store.url(b))
			v := openVault(b, cfg)
			tenant := v.Tenant("acme")
			keep := func(b *testing.B, items []Item) {
				if _, err := tenant.Keep(b.Context(), "conversation", items); err != nil {
					b.Fatal(err)
				}
			}
			b.Run("known", func(b *testing.B) {
				items := benchItems(tenant, 0)
				b.ReportAllocs()
				for b.Loop() {
					keep(b, items)
				}
			})
			var serial atomic.Uint64
			b.Run("new", func(b *testing.B) {
				// Many at a time, since stopping the clock empties the caches.
				var fresh [][]Item
				b.ReportAllocs()
				for b.Loop() {
					if len(fresh) == 0 {
						b.StopTimer()
						for range 2000 {
							fresh = append(fresh, benchItems(tenant, serial.Add(1)))
						}
						b.StartTimer()
					}
					keep(b, fresh[0])
					fresh = fresh[1:]
				}
			})
			// New to this process, stored by another: what a replica meets.
			b.Run("stored", func(b *testing.B) {
				items := benchItems(tenant, 0)
				b.ReportAllocs()
				for b.Loop() {
					v.known.clear()
					keep(b, items)
				}
			})
			b.Run("lookup", func(b *testing.B) {
				var tokens []string
				for _, item := range benchItems(tenant, 0) {
					tokens = append(tokens, item.Token)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := tenant.Lookup(b.Context(), "conversation", tokens); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
