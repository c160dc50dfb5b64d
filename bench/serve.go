package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"

	"github.com/valyala/fasthttp"
)

// serve is this program as one of the servers that it measures with. It runs
// until it is killed.
func serve(kind string, args []string) error {
	fs := flag.NewFlagSet(kind, flag.ExitOnError)
	listen := fs.String("listen", "127.0.0.1:0", "address")
	upstream := fs.String("upstream", "", "base URL of the upstream")
	_ = fs.Parse(args) // ends the program on an error
	switch kind {
	case "echo":
		return serveEcho(*listen)
	case "bare":
		return serveBare(*listen, strings.TrimPrefix(*upstream, "http://"))
	case "reverseproxy":
		return serveReverseProxy(*listen, *upstream)
	}
	return fmt.Errorf("no server %q", kind)
}

// serveBare is the least that a proxy on fasthttp can do: pass requests on and
// answers back, streams piece by piece. It is the measure of all ratios.
func serveBare(listen, upstream string) error {
	client := &fasthttp.HostClient{
		Addr: upstream, MaxConns: 16384, StreamResponseBody: true,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
		MaxResponseBodySize: 32 << 20, ReadBufferSize: 16 << 10,
	}
	srv := &fasthttp.Server{
		MaxRequestBodySize: 32 << 20, ReadBufferSize: 16 << 10, NoDefaultServerHeader: true, NoDefaultDate: true,
		Logger: log.New(os.Stderr, "bare: ", 0),
		Handler: func(ctx *fasthttp.RequestCtx) {
			ctx.Request.SetHost(upstream)
			ctx.Request.Header.Del(fasthttp.HeaderConnection)
			// A streamed answer is read again after the handler has returned:
			// it is the response itself that keeps the upstream's connection.
			if err := client.Do(&ctx.Request, &ctx.Response); err != nil {
				ctx.Response.Reset()
				ctx.Error("the upstream failed", fasthttp.StatusBadGateway)
				return
			}
			ctx.Response.Header.Del(fasthttp.HeaderConnection)
			ctx.Response.ImmediateHeaderFlush = ctx.Response.Header.ContentLength() < 0
		},
	}
	return srv.ListenAndServe(listen)
}

func serveReverseProxy(listen, upstream string) error {
	u, err := url.Parse(upstream)
	if err != nil {
		return err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(u) },
		Transport: &http.Transport{MaxIdleConns: 16384, MaxIdleConnsPerHost: 16384, DisableCompression: true},
	}
	return http.ListenAndServe(listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Without it net/http closes the request's body when the answer's head
		// is written; the transport may just then ask for the body's end, and
		// takes the error for one of the upstream's connection. It happens
		// when the upstream answers at once, as this one does: about one
		// stream in some thousands was cut off.
		_ = http.NewResponseController(w).EnableFullDuplex() // HTTP/1 can
		proxy.ServeHTTP(w, r)
	}))
}
