# Everything here makes .venv by itself; `make` alone lists the targets.

VENV    := .venv
BIN     := $(VENV)/bin
NODE    := tests/clients/node_modules
PYTHON  ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
             $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
             && echo $$python && break; done)
MODULES  = $(if $(shell command -v npm),$(NODE)/.installed)

.DEFAULT_GOAL := help
.PHONY: help run test check format docs screenshots bench soak clean

help:    ## list the targets
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

run: $(VENV)/.run    ## serve on port 8008 with the demo scenario
	$(BIN)/twilio-emulator serve --scenario support-desk

test: $(VENV)/.dev    ## all tests; every branch of core and wire must be covered
	$(if $(shell command -v npm),$(MAKE) --no-print-directory $(NODE)/.installed)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='emulator/core/*,emulator/wire/*' --fail-under=100

check: $(VENV)/.dev    ## format, lint, types, and who imports whom
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev    ## format, and mend what lint can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(VENV)/.dev $(MODULES)    ## generated pages, and the table in the README, from tables, Twilio's files and tests
	$(BIN)/python -m tests.conformance.coverage
	$(if $(MODULES),$(BIN)/python -m tests.clients.sdk.surface)

screenshots: $(VENV)/.dev    ## pictures of the console, into docs/screenshots
	$(BIN)/python -m tests.inbox.screenshots

bench: $(VENV)/.dev    ## rates beside a bare Starlette route, and start-up times
	$(BIN)/python -m tests.bench

soak: $(VENV)/.dev $(MODULES)    ## fuzzing, kill loops, load: ten minutes at most
	$(if $(shell command -v timeout),timeout 600) $(BIN)/pytest -m soak

clean:    ## remove what the other targets made
	rm -rf $(VENV) $(NODE) build dist .coverage* .hypothesis .*_cache

$(VENV)/.run: pyproject.toml
	@test -n "$(PYTHON)" || { echo "twilio-emulator needs Python 3.11 or newer" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

$(NODE)/.installed: tests/clients/package.json tests/clients/package-lock.json
	npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
