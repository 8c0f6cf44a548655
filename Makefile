# Everything here makes .venv by itself; `make` alone lists the targets.

VENV    := .venv
BIN     := $(VENV)/bin
NODE    := tests/clients/node_modules
PAGE    := tests/page/node_modules
TONGUES := tests/languages/node_modules
CLIENT  := clients/javascript/node_modules
SHOWN   := examples/javascript/node_modules
CONSOLE := emulator/twilio_emulator/console/page
PYTHON  ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
             $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
             && echo $$python && break; done)
COMPILE := build/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
             --generate-hashes --no-strip-extras --custom-compile-command "make lock"
MODULES  = $(if $(shell command -v npm),$(NODE)/.installed)
JUDGES   = $(if $(shell command -v npm),$(PAGE)/.installed)
BUILDERS = $(if $(shell command -v npm),$(CLIENT)/.installed)
# What covers the rules; watching the lines of all other tests took a third of their time.
RULES    = $(addprefix tests/,core wire rest conformance state door sdk control)
# Where programs of others judge, which take longer to start than to say so.
OUTSIDE  = $(addprefix tests/,clients inbox javascript languages)
PACKAGES = $(if $(shell command -v npm),$(MODULES) $(JUDGES) $(BUILDERS) $(SHOWN)/.installed $(TONGUES)/.installed)

# Tests start hundreds of programs; each would read all of the source again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test clients uvloop check format docs screenshots product bench mutants soak lock clean

help:    ## list the targets
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

run: $(VENV)/.run    ## serve on port 8008 with the demo scenario
	$(BIN)/twilio-emulator serve --scenario support-desk

test: $(VENV)/.dev $(PACKAGES)    ## the tests but for `make clients`; every branch of core and wire must be covered
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 $(RULES)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100
	$(BIN)/pytest -n 2 $(addprefix --ignore=,$(RULES) $(OUTSIDE))

clients: $(VENV)/.dev $(PACKAGES)    ## what programs of others say: Twilio's clients in many versions, browsers, languages
	$(BIN)/pytest -n 2 $(OUTSIDE)

# With everything that has to do with an event loop.
uvloop: $(VENV)/.dev    ## the server-side tests once more, on uvloop, which `make test` does without
	$(BIN)/pytest -n 2 --loop uvloop -m "not soak and not node and not browser" \
	    $(addprefix tests/,door server webhooks control scenarios sdk state plugin clients/test_webhooks.py)

check: $(VENV)/.dev $(JUDGES) $(BUILDERS)    ## format, lint, types, and who imports whom; JavaScript too, where Node.js is
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(JUDGES),$(PAGE)/.bin/eslint --config tests/page/eslint.config.js $(CONSOLE) tests/page)
	$(if $(JUDGES),$(PAGE)/.bin/tsc --project tests/page)
	$(if $(BUILDERS),npm run --silent --prefix clients/javascript check)

format: $(VENV)/.dev    ## format, and mend what lint can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(VENV)/.dev $(MODULES) $(BUILDERS)    ## generated pages, and the table in the README, from tables, Twilio's files and tests
	$(BIN)/python -m tests.conformance.coverage
	$(if $(MODULES),$(BIN)/python -m tests.clients.sdk.surface)
	$(if $(BUILDERS),$(BIN)/python -m tests.javascript.generated)

screenshots: $(VENV)/.dev    ## pictures of the console, into docs/screenshots
	$(BIN)/python -m tests.inbox.screenshots

product: $(VENV)/.dev    ## begin a product: make product NAME=verify writes its wing, its API, their tests
	@$(BIN)/python -m tests.scaffold "$$NAME"

bench: $(VENV)/.dev    ## rates beside a bare Starlette route, and start-up times
	$(BIN)/python -m tests.bench

mutants: $(VENV)/.dev    ## do the tests notice small faults? 400 of them, half an hour, not in CI
	$(BIN)/python -m tests.mutants

soak: $(VENV)/.dev $(MODULES)    ## fuzzing, kill loops, load: ten minutes at most
	$(if $(shell command -v timeout),timeout 600) $(BIN)/pytest -m soak

# One resolution for every Python from 3.11 on and every system; pip needs no more than the files.
lock:    ## renew the exact versions of locks/, from which everything here is installed
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --upgrade uv
	$(COMPILE) --upgrade --all-extras --group build --output-file locks/dev.txt pyproject.toml
	$(COMPILE) --upgrade --extra fast --extra mcp --constraints locks/dev.txt --output-file locks/run.txt pyproject.toml
	$(COMPILE) --upgrade --group build --constraints locks/dev.txt --output-file locks/build.txt
	$(COMPILE) --upgrade --group node --output-file locks/node.txt
	$(COMPILE) --upgrade --resolution lowest-direct --extra fast --extra mcp --group smoke \
	    --output-file locks/lowest.txt pyproject.toml

clean:    ## remove what the other targets made
	rm -rf $(VENV) $(NODE) $(PAGE) $(TONGUES) $(CLIENT) $(SHOWN) clients/javascript/dist build dist .coverage* .hypothesis .*_cache

$(VENV)/.run: pyproject.toml locks/build.txt locks/run.txt
	@test -n "$(PYTHON)" || { echo "twilio-emulator needs Python 3.11 or newer" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r locks/build.txt -r locks/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run locks/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r locks/dev.txt
	@touch $@

$(NODE)/.installed $(PAGE)/.installed $(TONGUES)/.installed $(CLIENT)/.installed $(SHOWN)/.installed: %/node_modules/.installed: %/package.json %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
