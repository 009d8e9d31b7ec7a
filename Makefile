# Seven verbs; `make help` lists them. Everything runs in .venv, built from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
STATES ?= NJ CO
# Tests wait on browsers, servers and processes of their own: one process more than there are cores.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help setup report test lab check docs cluster-test
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: .venv/ready  ## build .venv from the hashed lock file (uv where it is on PATH, else pip)

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up .venv (a minute or less) …"
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  "$(PYTHON)" -m venv .venv && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

report: setup  ## the reports of New Jersey and Colorado, and the whole pipe once on the synthetic sample
	$(BIN)/iop-analysis build --sample
	$(BIN)/iop-analysis report $(STATES) --sample
	$(BIN)/iop-analysis build
	$(BIN)/iop-analysis report $(STATES)

test: setup  ## every test; those that need the publishers' files are skipped with a reason where they are not there
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lab: setup  ## JupyterLab on notebooks/
	$(BIN)/jupyter lab notebooks

check: setup  ## format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

docs: setup  ## the documentation site in docs/_build (warnings are errors)
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

cluster-test:  ## the travel-time question on a cluster of two workers, in an environment of its own (Java 17; 468 MB)
	"$(PYTHON)" -m venv .venv-cluster
	.venv-cluster/bin/python -m pip install --quiet --disable-pip-version-check -e ".[cluster]" pytest
	.venv-cluster/bin/python -m pytest -q --noconftest -p no:cacheprovider -W ignore tests/cluster.py
