# Two commands: `make run` talks, `make test` checks. Both set up what they need in .venv.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TO_RUN := $(VENV)/.to-run
TO_SPEAK := $(VENV)/.to-speak
TO_TEST := $(VENV)/.to-test

.PHONY: run test lint bench bench-voice mutants clean

run: $(if $(findstring --voice,$(ARGS)),$(TO_SPEAK),$(TO_RUN))
	@$(BIN)/voyaltis-flow talk event_debrief $(ARGS)

test: lint
	$(BIN)/pytest -n auto --dist loadgroup --ignore tests/voice/live
	$(BIN)/pytest -p no:hypothesispytest tests/voice/live

lint: $(TO_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(TO_TEST)
	$(BIN)/python -m tests.benchmarks

bench-voice: $(TO_TEST)
	$(BIN)/python -m tests.benchmarks.spoken $(ARGS)

mutants: $(TO_TEST)
	$(BIN)/python -m tests.mutants $(ARGS)

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Voyaltis Flow needs Python 3.11 or newer; name it: make PYTHON=python3.12"; exit 3; }
	@echo "Setting up in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(TO_RUN): pyproject.toml setup.py $(VENV)/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[claude]'
	@touch $@

$(TO_SPEAK): pyproject.toml setup.py $(VENV)/bin/pip
	@echo "Having it spoken takes some 300 MB of packages, once …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[claude,demo]'
	@touch $@ $(TO_RUN)

$(TO_TEST): pyproject.toml setup.py $(VENV)/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(TO_RUN) $(TO_SPEAK)

clean:
	rm -rf $(VENV) build dist
