# Lectern. `make` lists what can be done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
pip_install = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Where it is set, each process of the tests would make of all their asserts anew what pytest keeps beside them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test releases bench screenshots lint lock clean

help:  ## list what can be done
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(VENV)/.dev  ## make .venv with everything for work on Lectern, and with the command `lectern`

run: $(BIN)/lectern  ## start Lectern with all it needs (PORT and VAR_DIR move it)
	@$(BIN)/lectern run

# Only from the command line: tests must never meet a server that the environment happens to name.
said = $(if $(filter command,$(firstword $(origin $1))),$($1))
given = $(if $(call said,$1),$2=$($1))

# What is tested: everything, or one room; and of that all, or what stands in folders named pure.
room = $(call said,ROOM)
rooms = $(patsubst presentations/%/__init__.py,%,$(wildcard presentations/*/__init__.py presentations/web/*/__init__.py))
pure = $(if $(call said,PURE),$(or $(shell find tests/$(room) -name pure),$(error $(room) has no tests without servers)))

test: $(VENV)/.dev  ## run every test (ROOM=library: of one room; PURE=1: without servers; PYTEST_ARGS="-k cancel": some)
	$(if $(filter-out $(rooms),$(room)),$(error There is no room $(room). The rooms are: $(rooms)))
	@$(BIN)/python -m pytest -n $(if $(pure),0,auto) --dist worksteal $(call given,DATABASE_URL,--database-url) \
		$(call given,REDIS_URL,--redis-url) $(or $(pure),$(room:%=tests/%)) $(PYTEST_ARGS)

releases: $(VENV)/.dev  ## play a working day with each release of Presenton, and print which held in which check
	@$(BIN)/python -m pytest -n auto --quiet -p tests.presenton.matrix -k working_day tests/presenton

bench: $(VENV)-bench/.peers $(BIN)/lectern  ## measure Lectern beside its peers (QUICK=1: a first look in minutes; ONLY=A,C: some)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(call given,ONLY,--only) \
		$(call given,DATABASE_URL,--database-url) $(call given,REDIS_URL,--redis-url)

screenshots: $(VENV)/.dev  ## make pictures of every page (needs Chromium)
	@$(BIN)/python -m docs.screenshots

lint: $(VENV)/.dev  ## ruff, mypy, and which room may import which
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

# All of them have the same release of what they share: that of the file with everything. But Celery wants an older
# python-dateutil, and stands apart.
compile = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
alike = --constraint requirements-dev.txt

lock: $(VENV)/.dev  ## write all requirements*.txt from pyproject.toml (LOCK_ARGS=--upgrade: newest releases)
	@$(compile) pyproject.toml --extra embedded --extra mcp --group build --group dev -o requirements-dev.txt $(LOCK_ARGS)
	@$(compile) pyproject.toml $(alike) -o requirements.txt
	@$(compile) pyproject.toml $(alike) --extra embedded --group build -o requirements-embedded.txt
	@$(compile) pyproject.toml $(alike) --extra mcp -o requirements-mcp.txt
	@$(compile) --group bench -o benchmarks/requirements.txt

clean:  ## remove .venv and caches; var/ with your presentations stays
	rm -rf $(VENV) $(VENV)-bench .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Lectern needs Python 3.11 or newer; this is %s. Name another: make PYTHON=python3.11" % sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements-embedded.txt
	@echo "Setting up .venv (once) ..."
	@$(pip_install) --require-hashes -r requirements-embedded.txt
	@touch $@

# The command, and Lectern itself for any program of this environment; both as they are in this folder.
$(BIN)/lectern: $(VENV)/.run
	@$(pip_install) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/lectern requirements-dev.txt
	@echo "Setting up .venv for work on Lectern (once) ..."
	@$(pip_install) --require-hashes -r requirements-dev.txt
	@touch $@

# The peers of `make bench`, apart from what Lectern runs with.
$(VENV)-bench/.peers: benchmarks/requirements.txt
	@echo "Setting up $(VENV)-bench (once) ..."
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
