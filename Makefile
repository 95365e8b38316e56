# Two commands do everything on a fresh machine: `make translate` and `make test`.
# Each makes the environment first (.venv), from the exact versions in requirements.lock.

PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
ISSUE  ?= examples/qinghe-county-daily.txt
CONFIG ?= configs/default.yaml
OUT    ?= outputs
ARCHIVE ?= examples

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev translate rehearse segment archive test check fix bench eval clean lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables: ISSUE=$(ISSUE) CONFIG=$(CONFIG) OUT=$(OUT) VENV=$(VENV)"

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or name it with PYTHON=/path/to/python3.11"; exit 6; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The lock is installed without resolving; the package itself comes last, so that an edited pyproject.toml is noticed.
$(VENV)/.setup: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing the locked packages into $(VENV) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.setup-dev: requirements-dev.lock $(VENV)/.setup
	@echo "Installing the locked development packages into $(VENV) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.setup ## Make the environment

setup-dev: $(VENV)/.setup-dev ## Make the environment with the development tools

translate: $(VENV)/.setup ## Fetch and verify the model, then run ISSUE (default: the bundled sample)
	$(BIN)/pipeline models pull --config $(CONFIG)
	@# 3 means: done, with findings an editor should see; for make that is success.
	$(BIN)/pipeline translate $(ISSUE) --config $(CONFIG) --output $(OUT) || { code=$$?; [ $$code -eq 3 ] || exit $$code; }

archive: $(VENV)/.setup ## Run every issue under DIR=... ; bundles go to OUT
	@test -n "$(DIR)" || { echo "Say which folder: make archive DIR=/srv/archive"; exit 2; }
	$(BIN)/pipeline models pull --config $(CONFIG)
	$(BIN)/pipeline archive $(DIR) --config $(CONFIG) --output $(OUT) || { code=$$?; [ $$code -eq 3 ] || exit $$code; }

rehearse: $(VENV)/.setup ## Run ISSUE without a model: see the segmentation and the plan
	$(BIN)/pipeline translate $(ISSUE) --config configs/rehearsal.yaml --output $(OUT)/rehearsal || { code=$$?; [ $$code -eq 3 ] || exit $$code; }

segment: $(VENV)/.setup ## Show how ISSUE is cut into articles
	$(BIN)/pipeline segment $(ISSUE)

test: $(VENV)/.setup-dev ## Run all tests
	$(BIN)/python -m pytest

check: $(VENV)/.setup-dev ## Lint, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.setup-dev ## Format and mend what can be mended; the only target that edits
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.setup-dev ## Measure speed and memory (takes a while; see docs/benchmarks.md)
	$(BIN)/python -m bench

eval: $(VENV)/.setup-dev ## Measure quality against published systems and floors
	$(BIN)/pipeline models pull --config $(CONFIG)
	$(BIN)/pipeline eval --config $(CONFIG)

lock: $(VENV)/.setup-dev ## Write requirements.lock and requirements-dev.lock anew from pyproject.toml
	$(BIN)/python scripts/lock.py docx eval pdf review sign

clean: ## Remove the environment and caches; outputs stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
