# Two commands for everybody: `make demo` and `make test`. `make` alone lists the rest.

PYTHON ?= python3
SEEDS ?= 10
SECONDS ?= 10
VENV := .venv
BIN := $(VENV)/bin
SERJEANT := $(BIN)/serjeant
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

RUN := $(VENV)/.run-ready
DEV := $(VENV)/.dev-ready
WORLD := demo/parliament/.complete

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format types floors docs prove prove-sample bench fuzz lock wheel clean debian-packages

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(WORLD) ## a simulated June 2017, investigated; says where the report lies
	@status=0; $(SERJEANT) investigate demo/parliament/logs --accounts demo/parliament/accounts.csv --out demo/report || status=$$?; \
	case $$status in \
	3 | 4) ;; \
	0) echo "the demo found no attack, and there is one: please report this" >&2; exit 1 ;; \
	*) exit $$status ;; \
	esac
	@echo; echo "The report: $(CURDIR)/demo/report/report.html"
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xdg-open >/dev/null; then xdg-open demo/report/report.html >/dev/null 2>&1 & fi

$(WORLD): | $(RUN)
	@rm -rf demo/parliament
	@$(SERJEANT) simulate parliament --out demo/parliament
	@touch $@

test: $(DEV) debian-packages ## the tests (ARGS= goes to pytest)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV) ## style: ruff
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(DEV) ## put the style right where ruff can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: $(DEV) ## types: mypy, strict
	@$(BIN)/mypy

floors: $(DEV) ## who may import whom: import-linter
	@$(BIN)/lint-imports --no-cache

docs: $(DEV) ## the tables of formats in docs and README, written anew
	@$(BIN)/python tests/generated.py

prove: $(RUN) ## detection graded on hundreds of worlds, and the page on how well it works (SEEDS=10; hours)
	@$(SERJEANT) prove --world parliament --world quiet --matrix --clean --frontier --seeds $(SEEDS) --keep proofs --html how-well-it-works.html --markdown docs/how-well-it-works.md

prove-sample: $(RUN) ## the same on a few small worlds
	@$(SERJEANT) prove --world parliament --world quiet --seeds 1
	@$(SERJEANT) prove --world A2 --world A4 --world A5 --world A10 --world A14 --seeds 1

bench: $(DEV) debian-packages ## speed and memory, as ratios measured in one run
	@$(BIN)/python -m bench $(ARGS)

fuzz: $(DEV) ## every format and file of records fed with mutations of its samples (SECONDS=10 each)
	@cd tests && ../$(BIN)/python -m fuzz --seconds $(SECONDS) --keep ../fuzz-findings $(ARGS)

wheel: $(DEV) ## dist/serjeant-*.whl
	@rm -rf dist
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url
lock: $(DEV) ## the newest dependencies that fit, into requirements/*.lock
	@$(PIP) install uv
	$(LOCK) --upgrade --output-file requirements/run.lock
	$(LOCK) --upgrade --constraint requirements/run.lock --all-extras --group dev --output-file requirements/dev.lock
	$(subst pyproject.toml,,$(LOCK)) --upgrade --constraint requirements/dev.lock --group build --output-file requirements/build.lock

clean: ## remove what was made, the virtual environment too
	rm -rf $(VENV) build dist demo serjeant-report proofs how-well-it-works.html bench/data fuzz-findings .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than what it was made from, so a second run starts at once.

$(VENV)/.made: requirements/venv.sh
	@sh requirements/venv.sh $(PYTHON) $(VENV)
	@touch $@

$(RUN): $(VENV)/.made requirements/build.lock requirements/run.lock pyproject.toml
	@echo "Installing what Serjeant needs into $(VENV) (once) ..."
	@$(PIP) install --require-hashes --requirement requirements/build.lock
	@$(PIP) install --require-hashes --requirement requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUN) requirements/dev.lock
	@echo "Installing what the tests need into $(VENV) (once) ..."
	@$(PIP) install --require-hashes --requirement requirements/dev.lock
	@touch $@

debian-packages:
	@sh requirements/debian.sh $$(sed 's/#.*//' tests/debian-packages.txt) || echo "Tests that need them are skipped." >&2
