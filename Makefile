# Thin lines: what they do is in py/sitebuild/. Needs make and Python 3.11 or later; everything else is fetched once.
PYTHON ?= python3
PORT ?= 8000
# Of PyTorch's builds the CPU one is enough. On Linux, PyPI's own is the large CUDA build: point PIP_INDEX_URL at
# PyTorch's index of CPU builds to avoid it.
TORCH ?= torch==2.13.0

python := .venv/bin/python
pip := $(python) -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help serve build single-file release test lint record bench lighthouse chaos soak clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## build the site and serve it on http://localhost:8000 (PORT=8001 changes it)
	@$(python) -m sitebuild serve --port $(PORT)

build: .venv/installed node_modules/.package-lock.json ## write the static site to dist/
	@$(python) -m sitebuild build

single-file: .venv/installed node_modules/.package-lock.json ## write the site as one file, dist/perceptorium.html
	@$(python) -m sitebuild single-file

release: .venv/installed node_modules/.package-lock.json ## zip the site and the one file, with OFFLINE.md, into release/
	@$(python) -m sitebuild release

test: lint build .venv/torch ## run ruff, mypy and every test, installing what they need
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && $(python) -m pytest

lint: .venv/test ## check style and types
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy

chaos: build .venv/test ## do 2,000 things at random to the page (CHAOS_SEED=8 chooses others)
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && CHAOS_ACTIONS=2000 $(python) -m pytest tests/browser/test_chaos.py

soak: build .venv/test ## use the page for half an hour's worth, and compare what it holds in memory
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && SOAK_ROUNDS=50 $(python) -m pytest tests/browser/test_soak.py

record: build .venv/torch ## write down anew which modules the page imports, from its browser tests
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && $(python) -m pytest tests/browser --record-imports

bench: build .venv/test bench/node_modules/.package-lock.json ## measure against the peers (300 MB of npm) and write bench/REPORT.md
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && $(python) -m bench

lighthouse: build .venv/test bench/lighthouse/node_modules/.package-lock.json ## judge the page with Lighthouse (176 MB of npm) and write bench/LIGHTHOUSE.md
	@CHROMIUM="$$($(python) -m sitebuild browser)" && export CHROMIUM && $(python) -m bench.lighthouse

clean: ## delete what make built (the virtual environment and the download cache stay)
	rm -rf dist release node_modules bench/node_modules bench/lighthouse/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=...")'
	@$(PYTHON) -m venv .venv

# Stamps: a second run installs and fetches nothing.
.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Installing the package"
	@$(pip) --editable ".[build]"
	@touch $@

.venv/test: pyproject.toml .venv/installed
	@echo "Installing the tools of the tests"
	@$(pip) --editable ".[build,test]"
	@touch $@

.venv/torch: Makefile .venv/test
	@echo "Installing $(TORCH)"
	@$(pip) "$(TORCH)"
	@touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json | .venv/installed
	@$(python) -m sitebuild npm --folder $*
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | .venv/installed
	@$(python) -m sitebuild npm
	@touch $@
