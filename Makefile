# make run     set up, fill with a living demo on first use, serve on http://127.0.0.1:$(PORT)   (DEMO=0: start empty)
# make test    set up and run the quick tests on SQLite (DATABASE_URL=postgres://… for PostgreSQL)
# make check   style, types, layers, migrations, templates, translations, API schema
# make demo    (re)load the demo company        make bench   the figures of benchmarks/README.md
PORT ?= 8000
DEMO ?= 1
PYTHON ?= python3
PY := .venv/bin/python
export PORT

.PHONY: run test check bench demo setup setup-dev format messages clean
.DEFAULT_GOAL := run

run: setup
	@exec $(PY) manage.py start $(if $(filter 0,$(DEMO)),--empty)

demo: setup
	@$(PY) manage.py start --prepare-only --empty >/dev/null
	@$(PY) manage.py demo

setup: .venv/.runtime static/vendor/.stamp .venv/.messages

setup-dev: .venv/.dev static/vendor/.stamp .venv/.messages

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; call: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements/runtime.txt | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ .venv/.runtime

static/vendor/.stamp: package-lock.json tools/vendor.mjs tools/icons.txt $(wildcard tools/trim_css.mjs)
	npm ci --silent --no-audit --no-fund
	node tools/vendor.mjs
	@touch $@

.venv/.messages: $(wildcard locale/en/LC_MESSAGES/*.po linsheng/*/locale/en/LC_MESSAGES/*.po) | .venv/.runtime
	$(PY) tools/i18n.py compile
	@touch $@

test: setup-dev
	$(PY) -m pytest -n auto -q -m "not slow and not browser" $(ARGS)

check: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) tools/lint.py
	$(PY) tools/i18n.py check
	$(PY) manage.py openapi --check

bench: setup-dev
	$(PY) -m benchmarks

format: setup-dev
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format --quiet .

messages: setup-dev
	$(PY) tools/i18n.py update

# Only what set-up made; the data in var/ stays.
clean:
	rm -rf .venv node_modules static/vendor vendor
