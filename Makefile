# make run | test | check | bench. Needs make and Python 3.11+; everything else is fetched into .venv and node_modules.
# DATABASE_URL and REDIS_URL switch the same commands from files to PostgreSQL and Redis.

PORT ?= 8000
HOST ?= 127.0.0.1
VAR_DIR ?= $(CURDIR)/var
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$python; break; }; done)
VENV := .venv
.DEFAULT_GOAL := help
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
TESTS ?= tests
WORKERS ?= auto

# A Node of the system when there is one, else the one from PyPI, kept in the environment.
SYSTEM_NPM := $(shell command -v npm)
NPM := $(or $(SYSTEM_NPM),$(VENV)/bin/npm)
NPM_CI := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
SYNC := UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) $(UV) sync --frozen --inexact --quiet

export VAR_DIR
export UV_PYTHON_DOWNLOADS := never
# Compiled modules spare every process that is started some four seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench help

help:
	@echo "make run [PORT=8000]  the portal with the demo municipality"
	@echo "make test             every test; on PostgreSQL and Redis with DATABASE_URL and REDIS_URL"
	@echo "make check            style, types, import contract, templates, migrations, deployment settings"
	@echo "make bench            benchmarks, each as a ratio to its floor"

run: $(VENV)/.ready node_modules/.ready $(VAR_DIR)/secret_key
	@SECRET_KEY_FILE=$(VAR_DIR)/secret_key DEMO=$${DEMO:-1} HTTPS=$${HTTPS:-0} LOG_LEVEL=$${LOG_LEVEL:-WARNING} \
	 SITE_URL=$${SITE_URL:-http://localhost:$(PORT)} \
	 exec $(PY) manage.py serve --prepare --host $(HOST) --port $(PORT)

test: $(VENV)/.ready-dev node_modules/.ready-dev
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

# Each kind by itself too: make check-types. `make -k check` goes on after the first that fails.
CHECKS := check-style check-types check-imports check-templates check-migrations check-deploy
.PHONY: $(CHECKS)
check: $(CHECKS)
$(CHECKS): $(VENV)/.ready-dev node_modules/.ready-dev
$(CHECKS): export SECRET_KEY := not-a-secret-only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ

check-style:
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

check-types:
	$(VENV)/bin/mypy

check-imports:
	$(VENV)/bin/lint-imports

check-templates:
	$(VENV)/bin/djlint --lint --quiet templates

check-migrations:
	$(PY) manage.py makemigrations --check --dry-run

check-deploy:
	$(PY) manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.ready-dev node_modules/.ready-dev
	@$(PY) -m tests.bench

$(UV):
	@test -n "$(PYTHON)" || { echo "Нужен Python 3.11 или новее / Python 3.11 or newer is needed"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Нет модуля venv; в Debian: apt install python3-venv / the venv module is missing"; exit 1; }
	@echo "Зависимости Python / Python packages…"
	@$(PY) -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.ready: pyproject.toml uv.lock | $(UV)
	@$(SYNC) --no-dev
	@touch $@

$(VENV)/.ready-dev: pyproject.toml uv.lock | $(UV)
	@$(SYNC)
	@touch $@ $(VENV)/.ready

$(VENV)/bin/npm: | $(VENV)/.ready
	@echo "Node…"
	@$(SYNC) --no-dev --group node

# `npm ci` empties the folder and with it the marks of the other kind of installation.
node_modules/.ready: package.json package-lock.json | $(VENV)/.ready $(if $(SYSTEM_NPM),,$(VENV)/bin/npm)
	@echo "Стили и скрипты / styles and scripts…"
	@$(NPM_CI) --omit=dev
	@touch $@

node_modules/.ready-dev: package.json package-lock.json | $(VENV)/.ready-dev $(if $(SYSTEM_NPM),,$(VENV)/bin/npm)
	@$(NPM_CI)
	@touch $@ node_modules/.ready

$(VAR_DIR)/secret_key: | $(VENV)/.ready
	@mkdir -p -m 700 $(@D)
	@umask 077; $(PY) -c 'import secrets; print(secrets.token_urlsafe(64), end="")' > $@
