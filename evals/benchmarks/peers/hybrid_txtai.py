"""txtai with hybrid=True: its vectors and its BM25, at equal weights."""

from functools import partial

from plain_txtai import ingest, opened

from evals.benchmarks.peer_process import run

if __name__ == "__main__":
    run(partial(ingest, hybrid=True), opened)
