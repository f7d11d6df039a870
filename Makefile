# make run   install and open the chat        make test   install and run the whole suite
# Everything lands in .venv; nothing here removes a file of yours.

PORT ?= 7860
VENV ?= .venv
# PyTorch's CPU wheels, preferred on Linux without an NVIDIA card (the default ones bring 3 GB of CUDA).
# Skipped when it does not answer; `make run TORCH_INDEX=` never asks it.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# The first Python that is new enough; `make run PYTHON=/path/to/python3.12` names another.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
endif

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MARK := $(VENV)/.installed
.DELETE_ON_ERROR:
.PHONY: help run test check model bench

help:
	@echo "make run              install and open the chat over corpus/ on http://127.0.0.1:$(PORT)"
	@echo "make test             install and run every test (browser tests where Chromium is found)"
	@echo "make check            lint, format, types, quick tests"
	@echo "make model DATA=DIR   train the bundled embedder from DIR/data/train"
	@echo "make bench DATA=DIR   measure search, answers and speed over DIR/data/eval, then rewrite the tables"

run: $(MARK)-run
	@echo "opening the chat on http://127.0.0.1:$(PORT) (Ctrl+C ends it)"
	@$(BIN)/python -m tutor serve --port $(PORT)

# A file of tests stays with one worker: its server and its model are made once. The browser's come after, two by two:
# beside four busy workers a page may take longer than a test waits. What fails then is tried once more with nothing
# beside it, and must pass there: a fault of the page fails twice, a machine that was busy for a while does not.
test: $(MARK)-test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile -m "not browser"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser || { echo "once more, alone: what failed above"; \
		$(BIN)/python -m pytest -m browser --last-failed --last-failed-no-failures none; }

check: $(MARK)-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not browser and not slow"

model: | data-train
	@test -f training/__main__.py || { echo "This version has no training/ yet: the embedder in src/tutor/model is used as it is."; exit 1; }
	@$(MAKE) --no-print-directory $(MARK)-train
	$(BIN)/python -m training --data "$(DATA)"

bench: | data-eval
	@$(MAKE) --no-print-directory $(MARK)-bench
	@for part in retrieval embedder answering reading; do \
		echo "benchmarks/$$part.py"; $(BIN)/python -m benchmarks.$$part "$(DATA)" || exit 1; done
	@for part in notes conversation grading drills anchoring speed; do \
		echo "benchmarks/$$part.py"; $(BIN)/python -m benchmarks.$$part || exit 1; done
	$(BIN)/python -m benchmarks.tables

data-%:
	@test -n "$(DATA)" || { echo "make $(MAKECMDGOALS) needs the data: make $(MAKECMDGOALS) DATA=DIR, where DIR holds data/$*"; exit 1; }
	@test -d "$(DATA)/data/$*" || { echo "$(DATA) has no data/$*: make $(MAKECMDGOALS) DATA=DIR, where DIR holds data/$*"; exit 1; }

# One stamp for each set of extras: what is installed is installed again only when the requirements change. A larger set
# stands for those that it holds.
extras-run :=
extras-test := [test]
extras-dev := [dev]
extras-train := [train]
extras-bench := [bench]
also-test := run
also-dev := run test
also-train := run
also-bench := run
$(MARK)-%: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "tutor needs Python 3.11 or newer, and none was found. Install it from https://www.python.org, or name it: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tutor needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "making $(VENV) with $$($(PYTHON) -V)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(VENV) was made with $$($(BIN)/python -V): remove it and try again."; exit 1; }
	@echo "installing into $(VENV) (the first time takes a few minutes)"
	@$(PIP) install --quiet --upgrade 'pip>=24'
	@$(torch-cpu)
	@$(PIP) install -c constraints.txt -e '.$(extras-$*)'
	@touch $@ $(also-$*:%=$(MARK)-%)

# Only torch comes from this index. `timeout` also bounds the look-up of its name, which urllib's own limit does not.
define torch-cpu
if [ "$$(uname -s)" = Linux ] && [ -n "$(TORCH_INDEX)" ] && ! command -v nvidia-smi >/dev/null && [ ! -e /proc/driver/nvidia ]; then \
	if timeout 8 $(BIN)/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/torch/", timeout=4)' $(TORCH_INDEX) 2>/dev/null; then \
		echo "no NVIDIA card: taking PyTorch for CPUs from $(TORCH_INDEX)"; \
		$(PIP) install -c constraints.txt --extra-index-url $(TORCH_INDEX) torch; \
	else echo "$(TORCH_INDEX) does not answer: PyTorch comes from the default index"; fi; fi
endef
