# maskit. `make` lists what there is.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINT     = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
PACKAGES = ./...

# The race detector needs a C compiler, and is the only thing here that does.
RACE := $(if $(shell command -v $${CC:-gcc} 2>/dev/null),-race)

export CGO_ENABLED = 0

.PHONY: help run demo build test redis clients console browser check bench model

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: ## start maskit on 127.0.0.1:8080, without a configuration
	$(GO) run ./cmd/maskit serve

demo: ## show one chat as the app and as the model see it
	@$(GO) run ./cmd/maskit demo

build: ## build bin/maskit, one static file
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/maskit ./cmd/maskit

test: redis ## run all tests, with the race detector and real Redis servers
	@test -n '$(RACE)' || echo 'make: no C compiler (package gcc): the tests run without the race detector' >&2
	CGO_ENABLED=$(if $(RACE),1,0) $(GO) test $(RACE) -shuffle=on $(PACKAGES)

# Tests start and stop redis-servers of their own; only the program is needed.
redis:
	@command -v redis-server >/dev/null || .ci/install redis-server

clients: ## run the unmodified SDKs of users against maskit
	$(MAKE) -C testdata/clients test
	cd testdata/openapi && $(GO) test .
	MASKIT_NODE_MODULES=$(CURDIR)/testdata/clients/node/node_modules $(GO) test -count=1 -run TestWalkThrough ./cmd/maskit

console: ## rebuild the operators' page, which is committed, with Node and npm
	cd proxy/admin/console && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

browser: ## test the console in a browser (Node, npm, Chromium)
	@command -v chromium >/dev/null || test -n "$(CHROMIUM)" || .ci/install chromium
	$(GO) build -trimpath -o bin/maskit ./cmd/maskit
	cd proxy/admin/console/test && npm ci --no-audit --no-fund --loglevel=error && npm test --silent

check: ## formatting, go vet and linters
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	  test -z "$$unformatted" || { echo "gofmt -l:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(LINT) run

model: ## train the model of names again, with words and texts from npm and Debian
	detect/ner/train/fetch bin/model
	nice -n 10 $(GO) run ./detect/ner/train

bench: ## compare with other proxies; results go to bench/results
	$(MAKE) -C bench bench ARGS="$(ARGS)"
