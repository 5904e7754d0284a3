# Parvis. `make help` names what there is; `make run` and `make test` need nothing but Python >= 3.11 and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$name"; break; fi; done)
PY := .venv/bin/python
THROWAWAY := PARVIS_MODE=test $(PY) -m launcher postgres --throwaway --
CODE := governance organisation notices networks accounts_registry approvals delivery monitoring publishing conversations crisis simulator launcher

export PORT SIMULATOR_PORT YES PYTEST_ARGS MUTANTS

.PHONY: help run reset python pin install frontend test quick check faults mutants bench messages format

help: ## This list
	@echo "Parvis. What make can do:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-16s %s\n' "$$name" "$$what"; done

run: python ## Start everything on this machine; Ctrl-C stops it (PORT=8000 SIMULATOR_PORT=8001)
	@exec $(PYTHON) -m launcher run

reset: python ## Throw this machine's demonstration away (YES=1 does not ask)
	@exec $(PYTHON) -m launcher reset

test: install frontend ## All a person needs to believe the code: everyday suite, the thorough one, the browser's
	@exec $(PY) -m launcher test

quick: install frontend ## The everyday suite alone, to run while one works: under three minutes on two cores
	@exec $(PY) -m launcher quick

check: install frontend ## Format, lint, types, import contracts, templates, migrations, translations
	$(PY) -m ruff format --check --quiet .
	$(PY) -m ruff check --quiet .
	PARVIS_MODE=test $(PY) -m mypy $(CODE)
	.venv/bin/lint-imports
	$(PY) -m djlint templates --lint --quiet
	$(THROWAWAY) $(PY) manage.py check --fail-level WARNING
	$(THROWAWAY) $(PY) manage.py makemigrations --check --dry-run
	PARVIS_MODE=test $(PY) manage.py draw_docs --check
	PARVIS_MODE=test $(PY) -m launcher messages --check

faults: install frontend ## At full size: killed workers, a flushed broker, and 10,000 messages a network read in any order
	PARVIS_FAULTS=full $(PY) -m pytest tests/faults -m faults -s

mutants: install frontend ## Breaks the core modules line by line; hours, or a part: MUTANTS="delivery 20", twenty of each there
	$(PY) -m tests.mutants

bench: install frontend ## How fast, as ratios against limits of the same run; writes docs/benchmarks.md
	$(THROWAWAY) $(PY) -m benchmarks $(BENCH)

messages: install ## Bring locale/ to what the code says
	@PARVIS_MODE=test $(PY) -m launcher messages

pin: python ## Bring requirements/*.txt to what *.in ask for, each with its hashes; what stands is kept where it may be
	@$(PYTHON) -m venv .parvis/pin && .parvis/pin/bin/python -m pip install --quiet uv
	@cd requirements && for name in base embedded dev; do ../.parvis/pin/bin/uv pip compile --quiet --universal --generate-hashes \
		--python-version 3.11 --no-header $$name.in -o $$name.txt || exit 1; done

format: install ## Let the formatters do their work
	$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

install: python
	@$(PYTHON) -m launcher install

frontend: install
	@$(PY) -m launcher frontend

.DEFAULT:
	@echo "make $@: there is no such thing here. make help lists what there is." >&2; exit 2

python:
	@test -n "$(PYTHON)" || { echo "Parvis needs Python 3.11 or newer, and this machine has none: install it first." >&2; exit 1; }
