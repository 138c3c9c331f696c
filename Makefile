# What people and CI run. `make` alone lists the targets.
#
# Set-up happens in the targets under .make/ (remembered by the hash of what they depend on);
# everything after it works without a network.

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
UV      := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv
# A network whose proxy signs with a certificate of its own is known to the machine, not to uv.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),1,0)
UV_VERSION := 0.13.9
RSIGMA_VERSION := 0.23.0
RSIGMA_RUST    := 1.95
RSIGMA  ?= .make/rsigma-$(RSIGMA_VERSION)/bin/rsigma
SERVERS := fonts-noto-core hydra iproute2 openssh-server postfix rsyslog
# Debian's; Ubuntu has no such package.
BROWSER := chromium
INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends
ROOT    := $(filter 0,$(shell id -u))

# As root the tests run in a network namespace of their own: loopback and nothing else.
ALONE   := $(if $(ROOT),unshare --net -- sh -c 'ip link set lo up && exec "$$@"' alone,env)

.DEFAULT_GOAL := help

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: .make/run  ## start the service on loopback with embedded defaults; data in ./data
	@exec $(BIN)/sentinel run

.PHONY: demo
demo: .make/run  ## three made-up agencies and a recorded incident, to look at; data in ./data-demo
	@exec $(BIN)/sentinel demo

.PHONY: test
test: .make/dev .make/servers .make/package  ## everything CI runs: lint, types, contracts, all tests, the wheel
	@$(ALONE) $(MAKE) --no-print-directory lint check package

.PHONY: test-all
test-all: .make/dev .make/servers .make/package .make/lowest  ## `make test`, the long tests, the oldest allowed versions
	@$(ALONE) $(MAKE) --no-print-directory lint package lowest
	$(ALONE) $(BIN)/pytest -m ""

.PHONY: lowest
lowest: .make/lowest  ## the unit tests with the oldest versions that pyproject.toml allows
	.make/lowest-env/bin/python -m pytest -q tests/unit -p no:cacheprovider

.PHONY: lint
lint: .make/dev  ## formatting, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: check
check: .make/dev  ## the tests alone
	$(BIN)/pytest -m "not slow"

.PHONY: package
package: .make/package  ## build the wheel and test it away from the sources
	rm -rf .make/dist .make/away
	$(BIN)/python -m hatchling build -t wheel -d .make/dist
	$(BIN)/uv pip install -q --offline --no-deps --reinstall --python .make/package-env .make/dist/*.whl
	mkdir .make/away && cp -r tests/package .make/away/tests
	cd .make/away && ../package-env/bin/python -m pytest -q tests

.PHONY: bench
bench: .make/dev .make/servers  ## measure it all into docs/benchmarks.md, some twenty minutes
	$(ALONE) $(BIN)/python -m tests.bench --write

# Where there is no Rust that can build it, detection is measured without its peer, and says so.
.PHONY: bench-detect
bench-detect: .make/dev  ## measure detection against its peers into docs/benchmarks.md, a quarter of an hour
	-@$(MAKE) --no-print-directory $(RSIGMA)
	RSIGMA=$(RSIGMA) $(BIN)/python -m tests.bench.detect --write

# A hundred times as many cases as `make test` looks at, an hour or so; AGREE_TIMES= says otherwise.
.PHONY: agree
agree: .make/dev  ## look for an event on which the fast matcher and the reference disagree, for long
	SENTINEL_AGREE=$(or $(AGREE_TIMES),100) $(BIN)/pytest -q -p no:cacheprovider -o timeout=0 tests/unit/detect/test_agreement.py

FUZZ_SECONDS ?= 180
.PHONY: fuzz fuzz-long
fuzz: .make/dev  ## fuzz rule files, the matcher and file formats, three minutes each; needs CPython < 3.13
	@for target in loader matcher formats; do \
	  $(BIN)/python -W ignore -m tests.fuzz $$target --seconds $(FUZZ_SECONDS) || exit 1; \
	done

fuzz-long: FUZZ_SECONDS = 3600
fuzz-long: fuzz  ## the same for an hour each, or FUZZ_SECONDS=

.PHONY: pictures
pictures: .make/dev .make/servers  ## make the README's pictures anew, from the demo's real pages
	@$(ALONE) env SENTINEL_PICTURES=docs/pictures $(BIN)/pytest -q tests/browser/test_tour.py

.PHONY: lock
lock: $(BIN)/uv  ## renew uv.lock after a change of pyproject.toml
	$(UV) lock

.PHONY: clean
clean:  ## remove what the targets made; ./data stays
	rm -rf $(VENV) .make .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# -- set-up ---------------------------------------------------------------------------------------

.PHONY: tools
tools:
	@command -v git >/dev/null || { echo "git is missing: apt install git" >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: apt install python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed, $$($(PYTHON) -V) found: apt install python3.11 python3.11-venv, then make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt install python3-venv" >&2; exit 1; }

$(BIN)/uv: | tools
	@echo "making $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.make/run: pyproject.toml uv.lock | $(BIN)/uv
	@$(UV) sync -q --locked --inexact
	@mkdir -p .make && touch $@

.make/dev: .make/run
	@$(UV) sync -q --locked --inexact --all-extras --group dev
	@touch $@

.make/package: .make/dev
	@UV_PROJECT_ENVIRONMENT=.make/package-env $(BIN)/uv sync -q --locked --no-install-project --group test
	@touch $@

.make/lowest: .make/dev
	@$(BIN)/uv venv -q --clear --python $(BIN)/python .make/lowest-env
	@$(BIN)/uv pip install -q --python .make/lowest-env/bin/python --resolution lowest-direct -e ".[pipelines]"
	@$(BIN)/uv pip install -q --python .make/lowest-env/bin/python --group test
	@touch $@

$(RSIGMA):
	@command -v cargo >/dev/null || { echo "cargo is missing: rsigma is built with Rust $(RSIGMA_RUST) or later, https://rustup.rs" >&2; exit 1; }
	@printf '%s\n' $(RSIGMA_RUST) "$$(cargo --version | cut -d' ' -f2)" | sort -C -V || { echo "$$(cargo --version) is too old: rsigma is built with Rust $(RSIGMA_RUST) or later, https://rustup.rs" >&2; exit 1; }
	cargo install rsigma --locked --quiet --version $(RSIGMA_VERSION) --no-default-features --features evtx,daachorse-index --root .make/rsigma-$(RSIGMA_VERSION)

.make/servers: Makefile
	@mkdir -p .make
ifneq ($(ROOT),)
	@dpkg-query -W $(SERVERS) >/dev/null 2>&1 || { apt-get update -q && $(INSTALL) $(SERVERS); }
	@dpkg-query -W $(BROWSER) >/dev/null 2>&1 || { apt-get update -q && $(INSTALL) $(BROWSER); } || echo "no package $(BROWSER) here: the tests in a browser are not run" >&2
endif
	@touch $@
