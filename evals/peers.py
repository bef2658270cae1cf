"""Peers side by side with On the Record: `python -m evals.peers --keep DIR`, or `make bench-peers`.

LangChain with Chroma, txtai, LlamaIndex and Haystack, each in an environment of its own under `--keep`, are given the same
articles, questions and vectors; the scripts in benchmarks/peers are what a user of each would write after its documentation.
All forms take turns, round by round. docs/peers.md says what came out, and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.bench import DATA
from evals.benchmarks.peer_subjects import PEER_SUBJECTS, PeerSubject
from evals.benchmarks.peer_tables import costs_table, found_table
from evals.benchmarks.peering import OURS, PEERS, UNRANKED, Form, Measured, begun, forms_of, run_round
from evals.benchmarks.tables import Table, load, machine, rendered
from rag.errors import OnRecordError


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; exit 0, or 1 where a peer failed: the others are shown all the same."""
    options = _parser().parse_args(argv)
    print(f"On the Record and peers: {machine()}; {load()}\n", flush=True)
    forms = [UNRANKED, *(form for peer in options.peers for form in forms_of(peer))]
    try:
        options.keep.mkdir(parents=True, exist_ok=True)
        subject = PEER_SUBJECTS[options.subject](options.data, options.keep)
        subject = replace(subject, asked=subject.asked[: options.limit])
        tables, failed = compare(OURS, forms, subject, keep=options.keep, rounds=options.rounds)
    except (OnRecordError, RuntimeError, TimeoutError, OSError) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    print(*map(rendered, tables), sep="\n\n", end="\n\n")
    print(load())
    if options.json is not None:
        document = {"machine": machine(), "tables": [table.as_json() for table in tables], "failed": failed}
        options.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.peers", description=(__doc__ or "").partition("\n")[0])
    data = Path(os.environ.get("ONRECORD_BENCH_DATA") or DATA)
    parser.add_argument("--data", type=Path, default=data, metavar="DIR", help=f"folder of the data sets ({data})")
    parser.add_argument(
        "--subject", choices=PEER_SUBJECTS, default="multihop_rag", help="articles and questions (multihop_rag)"
    )
    parser.add_argument("--keep", type=Path, required=True, metavar="DIR", help="where the environments are kept")
    parser.add_argument("--peers", type=_peers, default=tuple(PEERS), help=f"some of {','.join(PEERS)} (all)")
    parser.add_argument("--rounds", type=_counted, default=3, help="times that each is filled and asked (3)")
    parser.add_argument("--limit", type=_counted, metavar="N", help="the first N questions alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    return parser


def _peers(written: str) -> tuple[str, ...]:
    names = tuple(written.split(","))
    if unknown := [name for name in names if name not in PEERS]:
        raise argparse.ArgumentTypeError(f"no peer is called {unknown[0]!r}; there are {', '.join(PEERS)}")
    return names


def _counted(written: str) -> int:
    if (number := int(written)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def compare(
    ours: Form, forms: Sequence[Form], subject: PeerSubject, *, keep: Path, rounds: int
) -> tuple[list[Table], list[str]]:
    """Two tables of all that ran, and in words which of the others failed and why; Ctrl-C leaves it at what has run.

    Raises RuntimeError, TimeoutError or OSError where ours failed.
    """
    questions = keep / "questions.jsonl"
    texts = [each.question for each in subject.asked] + list(subject.short)
    questions.write_text("".join(json.dumps({"question": text}) + "\n" for text in texts), encoding="utf-8")
    own, others = begun(ours), [begun(form) for form in forms]
    failed: list[str] = []
    try:
        for turn in range(1, rounds + 1):
            for each in (own, *others):
                failed += _round(each, turn, subject, questions, keep, excused=each is not own)
            others = [each for each in others if each.rounds == turn]
    except KeyboardInterrupt:
        failed.append("stopped by hand: what had not had its turn is left out")
        others = [each for each in others if each.rounds]
        if not own.rounds:
            raise
    return [found_table(own, others, subject), costs_table(own, others, subject)], failed


def _round(
    measured: Measured, turn: int, subject: PeerSubject, questions: Path, keep: Path, *, excused: bool
) -> list[str]:
    """One turn of one form, and what went wrong in it; raised where it is not excused."""
    failed = []
    try:
        run_round(measured, subject.articles, questions, keep)
    except (RuntimeError, TimeoutError, OSError) as error:
        if not excused:
            raise
        failed.append(f"{measured.form.name}: {error}")
        print(f"peers: {failed[-1]}", file=sys.stderr)
    print(f"round {turn}, {measured.form.name}: {load()}", file=sys.stderr, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
