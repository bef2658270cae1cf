# Every target works from a bare Python 3.11+ with venv, twice in a row.
PYTHON ?= python3
PORT ?= 8000
LIBRARY ?= .run-library
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Else each of the processes that the tests start compiles every module it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install install-dev run test check fmt bench bench-scale bench-peers eval eval-golden soak load clients lock clean

install: .venv/.installed            ## .venv with the command onrecord in it
install-dev: .venv/.installed-dev    ## and what the checks need

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python locks/base.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes -r locks/base.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: .venv/.installed locks/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r locks/dev.txt
	@touch $@

run: install                         ## the sample newsroom, its page and its API, open on the example question
	$(BIN)/onrecord ingest --samples --library $(LIBRARY)
	$(BIN)/onrecord serve --library $(LIBRARY) --port $(PORT) --open "what did Peskov say about a summit?"

check: install-dev                   ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check                          ## the checks, then the tests
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

fmt: install-dev                     ## put the code in its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: install-dev                   ## speed and retrieval figures, beside baselines in the same run
	$(BIN)/python -m evals.bench
	$(BIN)/python -m evals.near_copies

SCALE_KEEP ?= .bench-scale
bench-scale: install-dev             ## what it costs to grow to 240,000 passages, also on PostgreSQL and Chroma's server: some 10 GB, kept in $(SCALE_KEEP)
	$(BIN)/python -m evals.scale --keep $(SCALE_KEEP) --rebuild
	$(BIN)/python -m tests.shared_scale --keep $(SCALE_KEEP) --plots $(SCALE_KEEP)/plots

PEERS_KEEP ?= .bench-peers
bench-peers: install-dev             ## the same articles and questions through LangChain, txtai, LlamaIndex, Haystack: half an hour, environments in $(PEERS_KEEP)
	$(BIN)/python -m evals.peers --keep $(PEERS_KEEP)

# What `make eval` measures on, where it is there, and how many of its cases.
EVAL_DATA ?= ../shared/data
EVAL_OUT ?= eval-runs/latest
EVAL_LIMIT ?= 600

eval: eval-golden eval-multihop-rag eval-realtimeqa  ## the golden set and what data is there, extractive: runs, reports, gate
	$(BIN)/onrecord eval gate $(EVAL_OUT)/golden.jsonl --baseline evals/gate_baseline.json

eval-golden: install
	rm -f $(EVAL_OUT)/golden.*
	$(BIN)/onrecord eval run golden --mode extractive --out $(EVAL_OUT)/golden.jsonl
	$(BIN)/onrecord eval report $(EVAL_OUT)/golden.jsonl

eval-realtimeqa: EVAL_LIMIT = 200
eval-%: install
	@rm -f $(EVAL_OUT)/$*.*
	@folder=$(EVAL_DATA)/$(subst -,_,$*); if [ -d $$folder ]; then set -x; \
	  $(BIN)/onrecord eval run $*:$$folder --mode extractive --limit $(EVAL_LIMIT) --out $(EVAL_OUT)/$*.jsonl && \
	  $(BIN)/onrecord eval report $(EVAL_OUT)/$*.jsonl; \
	else echo "skipped $*: there is no $$folder (make eval EVAL_DATA=...); evals/datasets/ says where it comes from"; fi

soak: install-dev                    ## kills and full disks while ingesting; several servers on shared stores; answers of every kind
	$(BIN)/python -m evals.soak
	$(BIN)/python -m tests.shared_soak
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest tests/rag/test_whatever_is_emitted.py tests/rag/test_pointing.py tests/rag/test_numbering.py

load: install-dev                    ## a hundred streams at once, clients that leave, rates: half an hour
	$(BIN)/python -m evals.load

clients: install-dev                 ## real clients, installed into .clients, against the served samples: a transcript and a table
	$(BIN)/python -m tests.clients.run $(CLIENTS)

lock: install-dev                    ## make the locks anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --extra build pyproject.toml -o locks/base.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --extra build --extra local --extra minilm --extra parquet --extra postgres --extra dev -c locks/base.txt pyproject.toml -o locks/dev.txt
	echo 'psycopg[binary]' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 -c locks/dev.txt - -o locks/postgres.txt
	echo 'ray[client]' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 -c locks/dev.txt - -o locks/ray.txt

clean:                               ## everything that was made
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .clients $(SCALE_KEEP) $(PEERS_KEEP) $(LIBRARY)
