# Everything sets up what it needs. Go alone is enough for build, test and demo; peers wants Node 20 or later.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)

.PHONY: help build demo test long matrix proof bench peers lint generate clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/parley
	go build -trimpath -ldflags "-X main.linkedVersion=$(VERSION)" -o bin/parley ./cmd/parley

demo: build ## start the mock, judge it like any other target, leave reports in build/
	@.ci/demo

test: ## all tests, with the race detector; large tables are sampled
	GOMAXPROCS=6 go test -race -short -timeout 20m -p 2 ./...

long: ## all tests in full, without it
	GOMAXPROCS=6 go test -timeout 20m -p 2 ./...

matrix: ## hold the suite against every defect, and write conformance/MATRIX.md
	go run ./cmd/matrix -write conformance/MATRIX.md

proof: ## change the published documents in every place, and see that the proof-reader finds it
	go test -timeout 20m ./conformance/document/proof -args -show -every 1

bench: ## the benchmarks, tests left out
	go test -run '^$$' -bench . -benchmem ./...

peers: build .peers/node_modules/.package-lock.json ## lint the contracts and run the suite through Prism (npm)
	.peers/lint.sh
	node .peers/prism.mjs bin/parley

.peers/node_modules/.package-lock.json: .peers/package.json .peers/package-lock.json
	cd .peers && npm ci --no-progress
	@touch $@

lint: ## gofmt, go vet, staticcheck
	@.ci/lint

generate: ## write the generated code anew
	go generate ./...

clean: ## remove what was built
	rm -rf bin build .peers/node_modules
