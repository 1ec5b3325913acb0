# `make demo` runs Guitai with a small cast; `make test` proves it. Both start from a bare clone with Python 3.11.
PYTHON ?= python3.11
PYTHON := $(shell command -v $(PYTHON) 2>/dev/null || command -v python3)
GUITAI_HOME ?= $(CURDIR)/var
export GUITAI_HOME

.PHONY: help demo up test simulate check messages clean

help:
	@echo "make demo    run everything with a demonstration cast on http://localhost:$${PORT:-8000}"
	@echo "make test    every test, browser journeys and bin/check included"
	@echo "make simulate SEED=7 HOURS=8   the whole wallet under faults; also STEPS=3000, see tests/machine/README.md"
	@echo "make check   style, types, directions, catalogues"
	@echo "make clean   remove the environment and the data of this checkout"

demo: .venv/.base
	@GUITAI_MODE=demo exec .venv/bin/python -m guitai up

up: .venv/.base
	@exec .venv/bin/python -m guitai up

test: .venv/.dev
	@bin/browser
	@bin/test

simulate: .venv/.dev
	@SEED="$(SEED)" STEPS="$(STEPS)" HOURS="$(HOURS)" bin/simulate

check: .venv/.dev
	@bin/check

messages: .venv/.dev
	@bin/messages update

clean:
	@bin/clean

.venv/.base: requirements/base.txt bin/install
	@bin/install $(PYTHON) base

.venv/.dev: requirements/dev.txt bin/install
	@bin/install $(PYTHON) dev
