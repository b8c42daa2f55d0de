# The verbs of the portal; CI uses the same. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint format bench lock css environment

VENV := .venv/bin

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Show the portal with the demonstration plan on 127.0.0.1:8000 (PORT=8123 takes another)
	@bin/with-python demo.py

demo-reset: ## The same, from fresh data
	@bin/with-python demo.py --reset

test: ## Prove it: every test on SQLite, on PostgreSQL and in a browser, as far as they are found
	@bin/with-python prove.py

lint: environment ## Style, types, templates, imports between rooms
	@bin/with-python lint.py

format: environment ## Put code and templates in form
	@$(VENV)/ruff check --quiet --fix-only . && $(VENV)/ruff format --quiet .
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(VENV)/djade --target-version 5.2

bench: environment ## Measure the pages against docs/performance.md (SCALE=100000 for ten times the data)
	@$(VENV)/python -m bench

lock: environment ## Pin the dependencies of pyproject.toml, with hashes
	@bin/with-python lock.py

css: ## Compile the style sheet from static/src (needs Node; the result is committed)
	@bin/css

environment: ## Make or refresh .venv with the packages for development, from the lock
	@bin/with-python environment.py
