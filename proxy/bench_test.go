package proxy

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/valyala/fasthttp"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// filler is what people write around values.
const filler = `The delivery of flour was late again, but only by 3 hours this time. ` +
	`In 2019 we sold 1,250 sacks, in 2023 already 4,800: that is 3.8 times as much. ` +
	`Customers ask for \"stone-ground\" and mean slow and cool.\n`

// dense is a chat of 2 KB with 11 values that are new for each n.
func dense(n uint64) []byte {
	id := fmt.Sprintf("%08d", n%100_000_000)
	values := fmt.Sprintf("Answer ann%[1]s@example.org and bob%[1]s@firma.de, cc eve%[1]s@corp.com. "+
		"Phone +4930%[1]s, office +4989%[1]s. Card %[2]s, IBAN %[3]s. SSN 536-%[4]s. "+
		"Keys OPENAI_API_KEY=sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3Wp%[1]s5Gc0Ty and AKIAQ7ZT%[5]s at 93.184.%[6]s.",
		id, card(n), "DE89 3704 0044 0532 0130 00", fmt.Sprintf("%02d-%04d", 10+n%80, 1+n%9000),
		strings.Map(func(r rune) rune { return 'B' + r - '0' }, id)+"QX7Z", fmt.Sprintf("%d.%d", n/250%250, n%250))
	return []byte(`{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"` +
		strings.Repeat(filler, 3) + values + strings.Repeat(filler, 3) + `"}]}`)
}

// card makes a number with a valid Luhn digit.
func card(n uint64) string {
	digits := fmt.Sprintf("4539%011d", n%100_000_000_000)
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}

func benchMasker(b *testing.B, model bool) *mask.Masker {
	b.Helper()
	policy := mask.DefaultConfig()
	policy.Model = model
	engine, err := detect.Compile(policy.Config)
	if err != nil {
		b.Fatal(err)
	}
	m, err := mask.New(policy, engine, newVault(b, nil))
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// sparse is a text of so many bytes without a value but for the two in it.
func sparse(size int) func(n uint64) []byte {
	text := strings.Repeat(filler, size/len(filler)+1)[:size]
	text = text[:strings.LastIndexByte(text, ' ')]
	return func(n uint64) []byte {
		return fmt.Appendf(nil, `{"model":"m","messages":[{"role":"user","content":"Of ann%08d@example.org: %s or call +4930%08d."}]}`, n, text, n)
	}
}

// BenchmarkMask is all that masking adds to a request and its answer, without
// the network: texts and values are new each time.
func BenchmarkMask(b *testing.B) {
	for _, bm := range []struct {
		name   string
		body   func(n uint64) []byte
		values int
	}{
		{"dense", dense, 11},
		{"sparse-10KB", sparse(10_000), 2},
		{"sparse-100KB", sparse(100_000), 2},
	} {
		b.Run(bm.name, func(b *testing.B) { benchMask(b, bm.body, bm.values, false) })
		b.Run(bm.name+"-model", func(b *testing.B) { benchMask(b, bm.body, bm.values, true) })
	}
}

func benchMask(b *testing.B, body func(n uint64) []byte, values int, model bool) {
	m, f := benchMasker(b, model), wire.For(chatPath)
	b.SetBytes(int64(len(body(0))))
	b.ReportAllocs()
	bodies := make([][]byte, 256)
	i, found := 0, values
	for b.Loop() {
		if i%len(bodies) == 0 {
			b.StopTimer()
			for k := range bodies {
				bodies[k] = body(uint64(i + k))
			}
			b.StartTimer()
		}
		s := m.Session(b.Context(), mask.Scope{})
		out, err := f.Request(nil, bodies[i%len(bodies)], s.Mask, s.Part)
		if err != nil {
			b.Fatal(err)
		}
		if again, err := s.Settle(); err != nil || again {
			b.Fatal(err, again)
		}
		if _, err := f.Answer(nil, out, s, false); err != nil {
			b.Fatal(err)
		}
		found = min(found, s.Stats().Restored)
		s.Close()
		i++
	}
	if found < values {
		b.Errorf("only %d values were found", found)
	}
}

// BenchmarkExchange is an exchange over loopback, client and provider included.
func BenchmarkExchange(b *testing.B) {
	upstream := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("application/json")
		ctx.SetBody(ctx.PostBody())
	}}
	up, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go upstream.Serve(up) //nolint:errcheck // It ends with the benchmark.
	defer up.Close()
	cfg := DefaultConfig()
	cfg.Upstreams = map[string]Upstream{"openai": {URL: "http://" + up.Addr().String()}}
	p, err := New(cfg, Access{}, mask.Only(benchMasker(b, false)), Options{})
	if err != nil {
		b.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go p.Serve(ln) //nolint:errcheck // It ends with the benchmark.
	defer ln.Close()
	client := &fasthttp.HostClient{Addr: ln.Addr().String(), MaxConns: 1000}
	var n atomic.Uint64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			req.Header.SetMethod(fasthttp.MethodPost)
			req.SetRequestURI("http://x" + chatPath)
			req.Header.SetContentType("application/json")
			body := dense(n.Add(1))
			req.SetBody(body)
			if err := client.Do(req, resp); err != nil || string(resp.Body()) != string(body) {
				b.Error("the answer is not what was sent", err)
			}
			fasthttp.ReleaseRequest(req)
			fasthttp.ReleaseResponse(resp)
		}
	})
}
