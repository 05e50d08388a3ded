# The words of this project; `make` alone lists them.

PYTHON ?= python3
PORT ?= 8501
PERSONS ?=
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help run demo migrate backup test check translate bench screenshots clean

help: ## list these words
	@echo "make <word>, with"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "%-14s%s\n", $$1, $$2}'

run: .venv/.run ## start KISI at http://localhost:8501 (PORT=... for another)
	@$(BIN)/python -m kisi serve --port $(PORT)

demo: .venv/.run ## fill the database with invented people (PERSONS=... says how many)
	@$(BIN)/python -m kisi demo $(if $(PERSONS),--persons $(PERSONS))

migrate: .venv/.run ## bring the tables of the database up to date
	@$(BIN)/python -m kisi migrate

backup: .venv/.run ## write a backup of the database
	@$(BIN)/python -m kisi backup $(ARGS)

test: .venv/.dev tools check ## check everything, then run all tests (ARGS="-k word" for some)
	@echo "Testing …"
	@$(BIN)/python -m pytest $(ARGS)

check: .venv/.dev ## style and types only
	@echo "Checking style and types …"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy

translate: .venv/.run ## collect new texts into the English translation
	@mkdir -p data kisi/locale
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k _ -k N_ --sort-by-file --add-location=file \
		--project=KISI -o data/kisi.pot Home.py pages kisi
	@$(BIN)/pybabel --quiet update -D kisi -i data/kisi.pot -d kisi/locale -l en \
		--init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@echo "Now add the English for empty msgstr in kisi/locale/en/LC_MESSAGES/kisi.po."

bench: .venv/.dev ## measure speed
	@$(BIN)/python -m bench $(ARGS)

screenshots: .venv/.dev tools ## pictures of every screen in data/screenshots/
	@$(BIN)/python -m tests.screenshots

clean: ## remove what these words have made, except data/
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the words need -------------------------------------------------------------------------

.PHONY: tools
tools: .venv/.dev
	@$(BIN)/python -m tests.tools postgres chromium

# The stamps are newer than the requirements they were made from, so nothing is installed twice.
.venv/.run: requirements.txt | .venv/.made
	@echo "Installing what KISI needs (about a minute, only when requirements.txt has changed) …"
	@$(PIP) install -qq -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@echo "Installing what the checks need …"
	@$(PIP) install -qq -r requirements-dev.txt
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "KISI needs Python 3.11 or newer; name one with PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory venv-package
	@echo "Making .venv (only the first time) …"
	@$(PYTHON) -m venv .venv
	@touch $@

# Debian and Ubuntu keep this part of Python in a package of its own.
.PHONY: venv-package
venv-package:
	@test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
		echo "Please install the package python3-venv." >&2; exit 1; }
	@echo "Installing python3-venv …"
	@{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq --yes --no-install-recommends python3-venv; } >/dev/null 2>&1 || { \
		echo "apt-get could not install python3-venv." >&2; exit 1; }
