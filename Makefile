# Every target below that has a comment after `##` is listed by `make help`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# For a machine with two cores: while one waits for a browser, a program or the disk, two others work.
WORKERS ?= 3
# Further arguments of a test run: make test-sqlite ARGS='-k transfer -x'
ARGS ?=
# What fuzzes by coverage. It is made for some machines only, so no lock file has it.
ATHERIS := "atheris>=3,<4"
# Where the demo company lives: never in a real site's data directory.
DEMO_DIR ?= $(CURDIR)/var/demo
# The checks load the settings, which must neither read nor write a real data directory.
CHECK_ENV := SERIATIM_DATABASE_URL=sqlite:///var/check.sqlite3 SERIATIM_SECRET_KEY=only-for-the-checks
# Compiled modules are kept, whatever the machine's default: without them every worker of a test run and every program
# that a test starts would compile the whole of it again.
export PYTHONDONTWRITEBYTECODE :=
# No index host, path or option of this machine may get into a lock file.
COMPILE := $(BIN)/python -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------------------------------------- environment

# Stamps, so that nothing is installed again while the lock files and pyproject.toml stand as they are.
$(VENV)/stamp-run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/stamp-dev: $(VENV)/stamp-run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.lock
	touch $@

# The tests click through the pages in the system's Chromium. Where there is none, the system's packages have it
# (as root, or by sudo without a question); elsewhere Playwright brings its own.
.PHONY: browser
browser: $(VENV)/stamp-dev ## Install Chromium where it is missing
	@$(BIN)/python -m tests.support.chromium

.PHONY: setup
setup: $(VENV)/stamp-dev ## Make .venv with everything, .venv/bin/seriatim included

.PHONY: lock
lock: $(VENV)/stamp-dev ## Resolve the dependencies anew into the lock files (UPGRADE=1: newest versions)
	$(COMPILE) $(if $(UPGRADE),--upgrade) --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

# ---------------------------------------------------------------------------------------------------- running

.PHONY: demo
demo: $(VENV)/stamp-run ## Load the demo company and serve it at a printed address
	SERIATIM_DATA_DIR="$${SERIATIM_DATA_DIR:-$(DEMO_DIR)}" $(BIN)/seriatim demo $(ARGS)

# --------------------------------------------------------------------------------------------------- checking

# mypy keeps one processor busy for most of the time: another does all the rest beside it.
.PHONY: check
check: $(VENV)/stamp-dev ## Lint, format, types, who may import whom, and whether every test can be loaded
	@$(MAKE) --no-print-directory --jobs=2 check-types check-rest

.PHONY: check-types
check-types: $(VENV)/stamp-dev
	$(CHECK_ENV) $(BIN)/mypy

# Loading the tests compiles them too: once, where three workers that begin together would each do it.
.PHONY: check-rest
check-rest: $(VENV)/stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CHECK_ENV) $(BIN)/lint-imports
	@told=$$($(BIN)/python -m pytest --collect-only -qq -p no:xdist) || { echo "$$told"; exit 1; }

.PHONY: format
format: $(VENV)/stamp-dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: test-sqlite
test-sqlite: $(VENV)/stamp-dev browser ## Run the tests on SQLite
	SERIATIM_TEST_ENGINE=sqlite $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: test-postgresql
test-postgresql: $(VENV)/stamp-dev ## Run the tests that a database can change on PostgreSQL
	SERIATIM_TEST_ENGINE=postgresql $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not engine_free" $(ARGS)

# Sequential whatever -j says, so that the last line is always pytest's own.
.PHONY: test
test: ## Check, then all tests on SQLite and on PostgreSQL
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql

.PHONY: screenshots
screenshots: $(VENV)/stamp-dev browser ## Take every page, desktop and phone, light and dark, into var/screenshots
	$(BIN)/python -m tests.screenshots $(ARGS)

.PHONY: pictures
pictures: $(VENV)/stamp-dev browser ## Take the pictures of the guide and the README anew
	$(BIN)/python -m tests.guide_pictures

.PHONY: soak
soak: $(VENV)/stamp-dev ## Run the stateful test, the reader of scans, the API's fuzzing and all bad input of pages for long
	$(BIN)/python -m tests.soak_scans
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install --quiet $(ATHERIS) \
		|| echo "There is no atheris for this machine: scans are not fuzzed by coverage."
	if $(BIN)/python -c "import atheris" 2>/dev/null; then $(BIN)/python -m tests.soak_fuzz; fi
	$(BIN)/python -m tests.soak_api
	SERIATIM_TEST_THOROUGH=1 $(BIN)/python -m pytest -p no:xdist -q tests/web/test_bad_input.py
	$(BIN)/python -m tests.soak $(ARGS)

.PHONY: fuzz
fuzz: $(VENV)/stamp-dev ## Read scans, links and lists that a fuzzer grows (Linux; ARGS="--seconds 600")
	$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install --quiet $(ATHERIS)
	$(BIN)/python -m tests.soak_fuzz $(ARGS)

.PHONY: mutants
mutants: $(VENV)/stamp-dev ## Plant faults one by one and show that the tests catch each
	$(BIN)/python -m tests.mutants $(ARGS)

.PHONY: bench
bench: $(VENV)/stamp-dev ## Measure the main operations on both engines
	$(BIN)/python -m bench $(ARGS)

.PHONY: bench-series
bench-series: $(VENV)/stamp-dev ## Measure how fast serial numbers are made and given to goods
	$(BIN)/python -m bench.series $(ARGS)

.PHONY: bench-pages
bench-pages: $(VENV)/stamp-dev ## Measure every list and page with 1,000,000 units
	$(BIN)/python -m bench.pages $(ARGS)

.PHONY: bench-api
bench-api: $(VENV)/stamp-dev ## Measure the API under load: 50 requests a second, then as fast as it goes
	$(BIN)/python -m bench.load --write $(ARGS)

.PHONY: bench-labels
bench-labels: $(VENV)/stamp-dev ## Measure how fast labels are printed, and in how much memory
	$(BIN)/python -m bench.labels $(ARGS)

.PHONY: bench-peers
bench-peers: $(VENV)/stamp-dev ## Measure the same work in another system, side by side
	$(BIN)/python -m bench.peers $(ARGS)

.PHONY: clean
clean: ## Remove what the targets above made, .venv included
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
