# The everyday commands; `make help` lists them.
PYTHON ?= python3
VENV := .venv/bin/python
export PORT HOST DEMO

.PHONY: help run demo dev check test guards requirements screenshots bench

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1 - /'

run: ## install, prepare and start Guanxi (PORT=8000 HOST=127.0.0.1; DEMO=0 starts empty)
	@$(PYTHON) scripts/run.py

demo: ## load the demonstration company
	@$(VENV) -m guanxi.cli demo --progress

dev: ## install the developer's tools into .venv
	@$(PYTHON) scripts/dev.py

check: dev ## the fast half of the gate: style, types, boundaries, budgets, quick tests
	@$(VENV) scripts/gate.py --fast

test: dev ## the whole gate: both databases, browser journeys
	@$(VENV) scripts/gate.py

guards: dev ## take out each guard of the product in turn: a test must notice
	@$(VENV) -m pytest -q -p no:cacheprovider -m mutation tests/sweeps

requirements: dev ## which test proves which requirement, and how it went last
	@$(VENV) scripts/requirements.py

screenshots: dev ## take the pictures of the README anew (needs Chromium)
	@$(VENV) scripts/screenshots.py

bench: dev ## the speed measurements
	@$(VENV) bench/run.py
