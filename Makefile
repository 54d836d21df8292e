# Every task of the project. `make help` lists them; `make run` and `make test` need no other set-up
# than Python 3.11 or later and make. Nothing here names a package registry: pip uses the one that
# the machine is configured for, and takes only wheels whose hash is in requirements/.
#
# All paths are relative and tools run as `python -m`, so the folder may have spaces in its name.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# One step after the other, since two installers must not write to one environment; but for `test`.
ifndef TOGETHER
.NOTPARALLEL:
endif
# Every node and many tests are processes of their own: without bytecode each compiles the whole anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run watch test format lint types layers tests test-long coverage mutants golden bench lock
.PHONY: pictures soak kernel alert-load bench-detect bench-discrepancy clean

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
INSTALL := $(PIP) install --require-hashes --only-binary :all: --no-deps

SCENARIO ?= scenarios/2023-10-05-hasakah
PAGE ?= out/hasakah.html
# The one run of it that is played live; and how fast, where it is to be followed.
LIVE_RUN ?= as-reported/unable
PACE ?= 20
# Workers for pytest: four, since those at a browser wait half of the time; two cores are the machine
# this is measured on. 0 runs in one process.
JOBS ?= 4
# `make lock UPGRADE=--upgrade` takes newer versions; without it the pins stay where they can.
UPGRADE ?=
# Further arguments for pytest, as in `make tests ARGS="-k layers"`.
ARGS ?=

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.runtime  ## 5 October 2023: replayed (the page is out/hasakah.html), then live through real nodes
	@mkdir -p out
	@$(VENV)/bin/crosstell replay "$(SCENARIO)" --html "$(PAGE)"
	@$(VENV)/bin/crosstell live "$(SCENARIO)" --run "$(LIVE_RUN)"

watch: $(VENV)/.runtime  ## the live run at a pace to follow: consoles, orders; PACE=60 for faster
	@$(VENV)/bin/crosstell live "$(SCENARIO)" --run "$(LIVE_RUN)" --watch "$(PACE)"

test:  ## everything that a change must pass
	@$(MAKE) --no-print-directory -j 2 TOGETHER=1 lint types layers tests

format: $(VENV)/.dev  ## rewrite the code in the project's layout
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lint: $(VENV)/.dev  ## layout and lint, without changing a file
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

types: $(VENV)/.dev  ## strict types
	$(PY) -m mypy

layers: $(VENV)/.dev  ## arrows between packages point down only
	$(PY) -c 'from importlinter.cli import lint_imports_command as main; main()' --no-logo

tests: $(VENV)/.dev $(VENV)/.browser  ## the tests alone; ARGS="..." for pytest
	@$(PY) -m pytest --collect-only -qq > /dev/null || true  # test modules are prepared once, not by each worker
	@$(PY) -c 'from hypothesis.strategies import text; text().validate()'  # nor a table of letters by each
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m "not long" $(ARGS)

test-long: $(VENV)/.dev $(VENV)/.browser  ## everything, the long tests too: thousands of worlds, outside verifiers
	$(PY) -m pytest -n $(JOBS) --hypothesis-profile=nightly $(ARGS)

coverage: $(VENV)/.dev  ## which lines and branches the tests reach
	$(PY) -m pytest -n $(JOBS) -m "not long" --cov --cov-report=term-missing:skip-covered $(ARGS)

mutants: $(VENV)/.dev  ## plant each known bug in turn; every one must be caught
	$(PY) -m tests.mutants $(ARGS)

golden: $(VENV)/.dev  ## rewrite golden files and published schemas; read the difference before it is committed
	CROSSTELL_GOLDEN=rewrite $(PY) -m pytest tests/golden tests/scenarios tests/unit/test_replay_result.py tests/unit/test_screen.py tests/unit/test_api_views.py $(ARGS)

bench: $(VENV)/.dev  ## what a node does in a second: figures beside their goals, docs; ARGS="append verify" for some
	$(PY) -m benchmarks $(ARGS)

pictures: $(VENV)/.dev $(VENV)/.browser  ## pictures of the console in its main states, into docs/pictures
	$(PY) tools/console_pictures.py

soak: $(VENV)/.dev $(VENV)/.browser  ## eight hours' worth of a watch through the console; fails on growth
	$(PY) -m benchmarks.console soak

# Recorded traffic is a package of which only the data is used, so it comes without its dependencies.
alert-load: $(VENV)/.recordings  ## alerts a watch gets of recorded traffic: figures, plots, docs
	$(VENV)/bench/bin/python -m benchmarks.alert_load $(ARGS)

# Of BlueSky the detection alone is measured, so it comes without the simulator's dependencies.
bench-detect: $(VENV)/.peers  ## detection beside what a user would pick instead, on the same inputs
	PYTHONPATH=. $(VENV)/bench/bin/python -m benchmarks.detect $(ARGS)

bench-discrepancy: $(VENV)/.recordings  ## two pictures of recorded traffic set against each other: figures, docs
	PYTHONPATH=. $(VENV)/bench/bin/python -m benchmarks.discrepancy $(ARGS)

lock: $(VENV)/bin/crosstell  ## resolve requirements/*.in again, with hashes; UPGRADE=--upgrade for newer
	$(PY) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check --no-input --quiet \
	  install --require-hashes --only-binary :all: -r requirements/lock.txt
	for name in runtime dev bench kernel lock; do \
	  $(VENV)/lock/bin/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
	    --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host \
	    --no-emit-find-links --no-emit-options $(UPGRADE) \
	    --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check --no-input --quiet download \
	  --no-deps --only-binary :all: --dest $(VENV)/lock/wheels -r requirements/recordings.in
	{ printf '%s \\\n    ' "$$(cat requirements/recordings.in)"; \
	  $(VENV)/lock/bin/python -m pip hash $(VENV)/lock/wheels/traffic-*.whl | tail -n 1; \
	} > requirements/recordings.txt
	$(VENV)/lock/bin/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
	  --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --no-emit-options $(UPGRADE) \
	  --output-file $(VENV)/lock/peers.txt requirements/peers.in
	awk '/^[a-z]/ {keep = /^bluesky-simulator==/} keep' $(VENV)/lock/peers.txt > requirements/peers.txt
	! grep -nE '://|^-' requirements/*.txt

# `make kernel CC=gcc` compiles for this machine alone, with warnings, into out/kernel/: to try a
# change. What is committed comes from the pinned ziglang, which gives the same bytes everywhere.
NATIVE := src/crosstell/core/detection/bulk/native
SOURCES = $(sort $(wildcard $(NATIVE)/*.c $(NATIVE)/*.h))
DIGEST = $$(cat $(SOURCES) | sha256sum | cut -d' ' -f1)
C_FLAGS := -std=c11 -O3 -shared -fPIC -s -ffp-contract=off -fno-math-errno -fvisibility=hidden
ZIG_CACHE := $(VENV)/kernel/cache

ifeq ($(origin CC),command line)
kernel:
	@mkdir -p out/kernel
	$(CC) $(C_FLAGS) -Wall -Wextra "-DCROSSTELL_DIGEST=\"$(DIGEST)\"" \
	  -o out/kernel/crosstell.so $(filter %.c,$(SOURCES)) -lm
else
kernel: $(VENV)/.kernel  ## compile the detection kernel for every platform; the bytes are committed
	@digest="$(DIGEST)"; \
	for machine in x86_64 aarch64; do \
	  ZIG_GLOBAL_CACHE_DIR=$(ZIG_CACHE) ZIG_LOCAL_CACHE_DIR=$(ZIG_CACHE) \
	  $(VENV)/kernel/bin/python -m ziglang cc $(C_FLAGS) -target $$machine-linux-gnu.2.17 \
	    "-DCROSSTELL_DIGEST=\"$$digest\"" -o $(VENV)/kernel/crosstell-linux-$$machine.so \
	    $(filter %.c,$(SOURCES)) -lm || exit 1; \
	done; \
	mv -f $(VENV)/kernel/crosstell-linux-*.so $(NATIVE)/; \
	printf '%s\n\n%s\n' '"""The SHA-256 of the C sources beside this file, as `make kernel` wrote it."""' \
	  "DIGEST = \"$$digest\"" > $(NATIVE)/digest.py
endif

clean:  ## remove what the other targets made
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.*
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Set-up. A stamp file says that a step is done, so a second run does none of it. -------------

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/bin/crosstell
	@echo "Installing the pinned packages that Crosstell runs on"
	@$(INSTALL) -r requirements/runtime.txt
	@$(PY) -m compileall -q -j 0 src
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/crosstell
	@echo "Installing the pinned packages for development"
	@$(INSTALL) --no-compile -r requirements/dev.txt
	@touch $@

# The tests of the console drive Debian's browser: the shell without a window, since the other draws the
# window of each page too, a process more that only costs.
$(VENV)/.browser: | $(VENV)/.made
	@set -e; if ! command -v chromium-headless-shell >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing chromium-headless-shell, which the tests of the console drive"; \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	      chromium-headless-shell; \
	  else \
	    echo "The tests of the console need chromium-headless-shell: ask an administrator for" \
	      "'apt-get install chromium-headless-shell', then run make again" >&2; \
	    exit 1; fi; fi
	@touch $@

$(VENV)/.kernel: requirements/kernel.txt | $(VENV)/bin/crosstell
	@echo "Installing the pinned C compiler"
	@$(PY) -m venv $(VENV)/kernel
	@$(VENV)/kernel/bin/python -m pip --disable-pip-version-check --no-input --quiet \
	  install --require-hashes --only-binary :all: --no-deps -r requirements/kernel.txt
	@touch $@

# What only benchmarks need lies in an environment of its own, so that no test can lean on it.
$(VENV)/.bench: requirements/bench.txt | $(VENV)/bin/crosstell
	@echo "Installing the pinned packages for benchmarks"
	@$(PY) -m venv $(VENV)/bench
	@for site in $(VENV)/bench/lib/python3*/site-packages; do \
	  echo "../../../../../src" > "$$site/crosstell.pth"; done
	@$(subst $(PY),$(VENV)/bench/bin/python,$(INSTALL)) -r requirements/bench.txt
	@touch $@

$(VENV)/.peers: requirements/peers.txt | $(VENV)/.bench
	@echo "Installing BlueSky, to be measured beside"
	@$(subst $(PY),$(VENV)/bench/bin/python,$(INSTALL)) -r requirements/peers.txt
	@touch $@

$(VENV)/.recordings: requirements/recordings.txt | $(VENV)/.bench
	@echo "Installing the recorded traffic"
	@$(subst $(PY),$(VENV)/bench/bin/python,$(INSTALL)) -r requirements/recordings.txt
	@touch $@

define COMMAND
#!/bin/sh
exec "$$(dirname "$$(readlink -f "$$0")")/python" -P -c \
  "import sys; sys.argv[0] = 'crosstell'; from crosstell.cli import main; sys.exit(main())" "$$@"
endef
export COMMAND

# The package is used where it lies: a .pth line (relative to site-packages) and a small command.
# Nothing is built, so no build tool is fetched.
$(VENV)/bin/crosstell: Makefile | $(VENV)/.made
	@for site in $(VENV)/lib/python3*/site-packages; do \
	  echo "../../../../src" > "$$site/crosstell.pth"; done
	@printf '%s\n' "$$COMMAND" > $@
	@chmod +x $@

$(VENV)/.made:
	@set -e; python=; \
	for name in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
	  if [ -n "$$name" ] && "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	      2>/dev/null; then python="$$name"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "No Python 3.11 or later was found; install it, or name it: make PYTHON=/path/to/python" >&2; \
	  exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv, which Debian keeps apart from python3"; \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; \
	  else \
	    echo "$$python cannot make virtual environments: ask an administrator for" \
	      "'apt-get install python3-venv', then run make again" >&2; \
	    exit 1; fi; fi; \
	if ! $(PY) -c 'import pip' 2>/dev/null; then \
	  echo "Making the virtual environment in $(VENV)"; "$$python" -m venv --clear $(VENV); fi; \
	touch $@
