# Everything that people do with this repository, by name. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
GO ?= go
BIN := bin/lindung
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
CYCLONEDX := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
S3SERVER := github.com/versity/versitygw/cmd/versitygw@v1.8.0
S3SERVER_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/lindung/versitygw-v1.8.0
PYTHON ?= python3
ANALYSTS_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/lindung/analysts
AXE_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/lindung/axe-core-4.12.1
OLDEST_DUCKDB := $(shell sed -n 's/^const OldestDuckDB = "\(.*\)"/\1/p' warehouse/warehouse.go)

.PHONY: help demo test servers analysts browser build sbom check race fuzz crash soak bench docs clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: ## the main job end to end on sample data, offline; says where to look
	$(GO) run ./cmd/lindung demo

test: ## all tests
	$(GO) test -vet=off -timeout 40m -parallel 3 ./...

servers: $(S3SERVER_DIR)/versitygw ## build the S3 server that tests run against, once, into the user's cache

# Unoptimised: it is built in half the time, and serves tests only.
$(S3SERVER_DIR)/versitygw:
	GOBIN=$(S3SERVER_DIR) GOFLAGS= $(GO) install -ldflags='-s -w' -gcflags='all=-N -l' $(S3SERVER)

analysts: $(ANALYSTS_DIR)/now/ready $(ANALYSTS_DIR)/duckdb-$(OLDEST_DUCKDB)/ready ## what analysts read releases with, for the tests of docs/analyst.md: DuckDB, Python

$(ANALYSTS_DIR)/now/ready: cmd/lindung/testdata/analyst-requirements.pip
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

$(ANALYSTS_DIR)/duckdb-%/ready:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check duckdb==$*
	touch $@

browser: $(AXE_DIR)/axe.min.js ## the judge of accessibility (axe-core) that looks at pages of reports in a browser

# Python's index has it too, in a package that drives browsers; nothing of that is installed.
$(AXE_DIR)/axe.min.js: reports/html/testdata/axe-requirements.pip $(ANALYSTS_DIR)/now/ready
	mkdir -p $(@D)
	$(ANALYSTS_DIR)/now/bin/pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest $(@D) --requirement $<
	cd $(@D) && $(PYTHON) -c 'import glob, zipfile; open("axe.min.js", "wb").write(zipfile.ZipFile(glob.glob("*.whl")[0]).read("axe_playwright_python/axe.min.js"))' && rm *.whl

build: ## the program, in bin/
	$(GO) build -trimpath -o $(BIN) ./cmd/lindung

SBOM ?= bin/lindung.cdx.json
sbom: ## what the program is made of, Go modules and DuckDB's C++ libraries, as CycloneDX JSON in bin/
	@mkdir -p $(dir $(SBOM))
	set -o pipefail; $(GO) run $(CYCLONEDX) mod -json -test -std -output-version 1.5 . | \
	  $(GO) run ./deploy/sbom "$$($(GO) list -m -f '{{.Dir}}' github.com/duckdb/duckdb-go-bindings/lib/linux-$$($(GO) env GOARCH))" > $(SBOM).new
	mv $(SBOM).new $(SBOM)

check: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

race: ## the packages that start goroutines, under the race detector
	$(GO) test -vet=off -race -short ./pipelines/...

FUZZTIME ?= 60s
fuzz: ## every fuzz target for FUZZTIME (default 60s), four at a time
	GO="$(GO)" .ci/fuzz $(FUZZTIME)

crash: ## end a run at 200 random instants; the warehouse must come out the same
	LINDUNG_CRASHES=200 $(GO) test -count=1 -timeout 60m -run TestKilledAtRandomInstants ./cmd/lindung

LINDUNG_SOAK_DAYS ?= 365
soak: ## a year of lindung serve in its own time: sources, clocks and processes fail; every evening all must be right
	LINDUNG_SOAK_DAYS=$(LINDUNG_SOAK_DAYS) $(GO) test -count=1 -timeout 3h -v -run 'TestSoak$$' ./cmd/lindung

BENCH_ROWS ?= 100000 1000000
BENCH_TIMES ?= 3
BENCH_MEMORY ?=
bench: ## records per second of each step, and whole runs beside plain DuckDB; see docs/benchmark.md
	@echo "Steps: decode, normalise, write, read back, land, build"
	$(GO) test -run '^$$' -bench 'CSV|JSON|XLSX' -benchtime 3x ./connectors/formats
	$(GO) test -run '^$$' -bench 'Normalise|Parquet|Sums|Token' -benchtime 3x ./transforms/...
	$(GO) test -run '^$$' -bench 'File|Land|Object' -benchtime 3x ./lake
	$(GO) test -run '^$$' -bench 'Build$$' -benchtime 3x ./warehouse
	@echo "Whole runs of $(BENCH_ROWS) placements, $(BENCH_TIMES) times each"
	LINDUNG_BENCH_ROWS="$(BENCH_ROWS)" LINDUNG_BENCH_TIMES=$(BENCH_TIMES) LINDUNG_BENCH_MEMORY=$(BENCH_MEMORY) \
	  $(GO) test -run '^$$' -bench WholeRun -benchtime 1x -timeout 3h ./cmd/lindung
	$(GO) test -run '^$$' -bench Questions -benchtime 5x ./cmd/lindung

docs: ## regenerate what is generated: JSON Schema, dictionary, KPI catalogue, lineage, Satu Data sheets
	$(GO) test ./configs -run TestSchema -update
	$(GO) test ./docs -run TestCommittedDocuments -update

clean: ## remove what the targets made
	@chmod -R u+w lindung-demo 2>/dev/null || true # releases are read-only
	rm -rf bin lindung-demo
