# The commands of this repository; "make" alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test lint types contract check chaos bench bench-intake bench-through bench-start bench-growth bench-follow bench-ledger bench-detect bench-images bench-hostile train format screenshots lock clean

PYTHON := .venv/bin/python

help: ## This list
	@awk -F ":.*## " "/^[a-z-]+:.*## / { printf \"make %-10s %s\\n\", \$$1, \$$2 }" $(MAKEFILE_LIST)

run: ## Set everything up and start the product (ARGS="--port 8080")
	@scripts/setup run
	@$(PYTHON) -m bot run $(ARGS)

test: ## Set everything up and run the tests (ARGS="tests/line -x"; one by one: ARGS="-n 0")
	@scripts/setup test
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

lint: ## Style of the code
	@scripts/setup test
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check

types: ## Types, strictly
	@scripts/setup test
	@$(PYTHON) -m mypy

contract: ## Arrows between the rooms point one way
	@scripts/setup test
	@.venv/bin/lint-imports --no-logo

check: lint types contract test ## All of the above, as .ci/run does

chaos: ## Kill everything at random and see what is lost: ten minutes (ARGS="--seed 7")
	@scripts/setup test
	@$(PYTHON) -m bench.chaos $(ARGS)

bench: ## Measure intake, webhook to warning, memory, start, growth: ten minutes
	@scripts/setup test
	@$(PYTHON) -m bench $(ARGS)

bench-intake bench-through bench-start bench-growth: ## One of these alone
	@scripts/setup test
	@$(PYTHON) -m bench $(@:bench-%=%)

bench-follow: ## One patient among a million records: a quarter of an hour (ARGS="--most 100000")
	@scripts/setup test
	@$(PYTHON) -m bench.follow $(ARGS)

bench-ledger: ## Appends beside sealing, the sealer's lag, verifying a million entries: ten minutes
	@scripts/setup test
	@$(PYTHON) -m bench.ledger $(ARGS)

BENCH_PYTHON := build/bench/bin/python

bench-detect: ## Accuracy and speed of the detectors beside Presidio and PyThaiNLP (ARGS="--messages …")
	@scripts/setup test
	@test -x $(BENCH_PYTHON) || $(PYTHON) -m venv build/bench
	@$(BENCH_PYTHON) -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: --requirement requirements-bench.txt
	@$(BENCH_PYTHON) -m bench.detect $(ARGS)

# A thread each: seven networks are learnt, as many at once as there are cores.
train: export OPENBLAS_NUM_THREADS := 1
train: ## Learn the weights of names again, after their texts or rules changed: half an hour
	@scripts/setup test
	@$(PYTHON) -m bench.detect.train_surroundings
	@$(PYTHON) -m bench.detect.train_belief

bench-images: ## How well pictures are seen, beside plain Tesseract: half an hour (ARGS="--alone --seeds 7 --misses")
	@scripts/setup test
	@$(PYTHON) -m bench.images $(ARGS)

bench-hostile: ## 500 hostile files through the process that looks: some ten minutes (ARGS="--count 50")
	@scripts/setup test
	@$(PYTHON) -m bench.hostile $(ARGS)

format: ## Put the code into its form
	@scripts/setup test
	@$(PYTHON) -m ruff check --fix --quiet || true
	@$(PYTHON) -m ruff format

# The runtime lock comes first: the second one takes its versions from it.
LOCK := $(PYTHON) -m uv --no-config pip compile --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" --quiet
WITHOUT := --excludes requirements-without.txt

screenshots: ## Pictures for the README, while 'make run' runs elsewhere
	@$(PYTHON) -m scripts.screenshots $(ARGS)

lock: ## Pin requirements again (ARGS=--upgrade for newer versions)
	@scripts/setup test
	@$(LOCK) $(WITHOUT) --excludes requirements-without-run.txt $(ARGS) requirements.in --output-file requirements.txt
	@$(LOCK) $(WITHOUT) $(ARGS) requirements-dev.in --output-file requirements-dev.txt
	@$(LOCK) $(ARGS) requirements-bench.in --output-file requirements-bench.txt

clean: ## Remove what tools made; .env, databases and var/ stay
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
