# Everything a newcomer or a developer types. Each target sets up what it needs, and only what has changed.

VENV = .venv
PYTHON = $(VENV)/bin/python
HOST = 127.0.0.1
PORT = 8000
PIP = $(PYTHON) -m pip install --quiet --disable-pip-version-check
ON_POSTGRESQL = tests/services tests/api tests/meta/test_migrations.py $(wildcard tests/web/test_hostile_*.py) \
  tests/web/test_article_list.py tests/web/test_coding.py tests/web/test_export.py tests/web/test_imports.py tests/web/test_overview.py

.PHONY: run test lint bench docs

# The demo on http://127.0.0.1:8000, with its accounts printed. Data lies in var/ and stays there.
run: $(VENV)/.site
	@exec $(PYTHON) manage.py serve --prepare --host $(HOST) --port $(PORT)

# Every test on SQLite, then once more on PostgreSQL those that a database may answer otherwise; the hostile ones ask every page.
# A browser that has to share the machine may be late: its tests that fail beside others are asked once more, alone.
test: $(VENV)/.tests
	@status=0; \
	$(PYTHON) -m pytest -n auto --dist worksteal --ignore=tests/browser || status=1; \
	$(PYTHON) -m pytest -n auto --dist worksteal tests/browser || $(PYTHON) -m pytest --last-failed tests/browser || status=1; \
	if $(PYTHON) -m tests.postgres --is-here; then \
	  $(PYTHON) -m tests.postgres $(PYTHON) -m pytest -n auto --dist worksteal $(ON_POSTGRESQL) -m "not once" || status=1; \
	fi; \
	$(PYTHON) -m tests.absent; \
	exit $$status

lint: $(VENV)/.tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	find templates -name '*.html' -exec $(VENV)/bin/djade --check {} +
	$(VENV)/bin/mypy annotator projects

# Ratios against named references, measured in the same run.
bench: $(VENV)/.tests
	@$(PYTHON) -m tests.bench

docs: $(VENV)/.tests
	@$(PYTHON) -m pytest --quiet tests/meta/test_docs.py
	@echo "Read them as they are:"; find README.md CONTRIBUTING.md CHANGELOG.md docs -name '*.md' | sort

$(VENV)/.site: requirements.txt | $(PYTHON)
	@echo "Installing what the site needs ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.tests: tests/requirements.txt $(VENV)/.site
	@echo "Installing what tests and checks need ..."
	@$(PIP) -r tests/requirements.txt
	@touch $@

$(PYTHON):
	@for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed, and none is on the search path." >&2; \
	  echo "Debian, Ubuntu: apt-get install python3 python3-venv    macOS: brew install python" >&2; \
	  exit 1; \
	fi; \
	$$found -m venv $(VENV) && exit 0; \
	rm -rf $(VENV); \
	echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	exit 1
