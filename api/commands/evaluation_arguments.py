"""The arguments of `onrecord eval`. Imports nothing, so that parsing and help stay quick."""

from __future__ import annotations

import argparse
from typing import TypeAlias

_JSON = "print one JSON document on stdout"
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_eval(commands: Commands, shared: argparse.ArgumentParser) -> None:
    evaluation = commands.add_parser("eval", help="ask cases with known answers; score, compare, gate, report")
    actions = evaluation.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_runs(actions, shared)
    _add_candidates(actions, shared)
    _add_judge(actions)


def _add_runs(actions: Commands, shared: argparse.ArgumentParser) -> None:
    run = actions.add_parser("run", parents=[shared], help="ask every case, keep what comes back, score it")
    run.add_argument(
        "cases", metavar="CASES", help="golden, poisoned, a JSON Lines file, or NAME:FOLDER (multihop-rag:DIR, ...)"
    )
    run.add_argument("--url", metavar="URL", help="ask the server there; also one with /v1/chat/completions alone")
    run.add_argument("--mode", choices=["auto", "model", "extractive"], default="auto")
    run.add_argument("--limit", type=_count, metavar="N", help="so many of the cases, drawn by --seed")
    run.add_argument("--seed", type=int, default=7, metavar="N", help="(default 7)")
    run.add_argument("--out", metavar="FILE", help="where the run is kept; the same again goes on after a crash")
    run.add_argument("--concurrency", type=_count, default=4, metavar="N", help="cases asked at a time (default 4)")
    run.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds for one case (default 300)")
    score = actions.add_parser("score", help="score a run again, by the metrics of now; nothing is asked")
    score.add_argument("run", metavar="RUN")
    compare = actions.add_parser("compare", help="what moved from run A to run B, and whether it is noise")
    compare.add_argument("a", metavar="A", help="the run before")
    compare.add_argument("b", metavar="B", help="the run after")
    compare.add_argument("--cases", type=int, default=10, metavar="N", help="changed cases to show (default 10)")
    for each in (run, score, compare):
        each.add_argument(
            "--metric", action="append", default=[], metavar="NAME", help="this metric or group (may be repeated)"
        )
    for each in (run, score):
        each.add_argument("--csv", metavar="FILE", help="also every case's scores, a row a case")
    gate = actions.add_parser("gate", help="exit 1 where a rule is broken beyond noise")
    gate.add_argument("run", metavar="RUN")
    gate.add_argument("--baseline", required=True, metavar="FILE", help="a run, or scores kept by --accept")
    gate.add_argument("--rules", metavar="FILE", help="(default: the golden set's, evals/gate.toml)")
    gate.add_argument("--accept", action="store_true", help="make the scores of RUN the baseline, in FILE")
    gate.add_argument("--junit", metavar="FILE", help="also write each rule as a test, in JUnit's XML")
    report = actions.add_parser("report", help="one HTML file of a run: figures, plots, every case")
    report.add_argument("run", metavar="RUN")
    report.add_argument("--against", metavar="RUN", help="also what changed since that run")
    report.add_argument("--out", metavar="FILE", help="(default: RUN with .html)")
    report.add_argument(
        "--judged", action="append", metavar="FILE", help="verdicts on RUN (default: those that lie beside it)"
    )
    report.add_argument("--markdown", metavar="FILE", help="also the figures as Markdown, for a pull request")
    for each in (score, compare, gate, report):
        each.add_argument("--json", action="store_true", help=_JSON)


def _add_candidates(actions: Commands, shared: argparse.ArgumentParser) -> None:
    new = actions.add_parser(
        "new-cases", parents=[shared], help="candidate cases from a library's articles, to be accepted"
    )
    new.add_argument("--out", required=True, metavar="FILE", help="where they are written, as JSON Lines")
    new.add_argument("--limit", type=_count, default=50, metavar="N", help="so many at most (default 50)")
    new.add_argument("--seed", type=int, default=7, metavar="N", help="(default 7)")
    new.add_argument(
        "--url", metavar="URL", help="have a model write them, by ragas (extra `evals`): http://host:port/v1"
    )
    new.add_argument("--model", metavar="NAME", help="that model, as its server names it")
    new.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds for one call (default 300)")
    new.add_argument(
        "--max-tokens", type=_count, default=1024, metavar="N", help="longest reply to one call (default 1024)"
    )
    said = actions.add_parser(
        "from-feedback", parents=[shared], help="candidate cases from what readers said of answers"
    )
    said.add_argument("--out", required=True, metavar="FILE", help="where they are written, as JSON Lines")


def _add_judge(actions: Commands) -> None:
    judge = actions.add_parser("judge", help="verdicts of a chat model on a run, by ragas (extra `evals`)")
    judge.add_argument("run", metavar="RUN", help="a run, or ragtruth:FOLDER: the judge itself against people's labels")
    judge.add_argument("--url", required=True, metavar="URL", help="OpenAI-compatible: http://host:port/v1")
    judge.add_argument("--model", required=True, metavar="NAME", help="the judge, as its server names it")
    judge.add_argument("--times", type=_count, default=2, metavar="N", help="verdicts on each case (default 2)")
    judge.add_argument("--limit", type=_count, metavar="N", help="so many of the answered cases, or labelled answers")
    judge.add_argument("--seed", type=int, default=7, metavar="N", help="(default 7)")
    judge.add_argument("--metric", action="append", default=[], metavar="NAME", help="this metric (may be repeated)")
    judge.add_argument("--concurrency", type=_count, default=1, metavar="N", help="verdicts at a time (default 1)")
    judge.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds for one call (default 300)")
    judge.add_argument(
        "--max-tokens", type=_count, default=1024, metavar="N", help="longest reply to one call (default 1024)"
    )
    judge.add_argument(
        "--read", choices=("whole", "nearest"), default="whole", help="of a labelled answer's source (default whole)"
    )
    judge.add_argument(
        "--longest", type=_count, metavar="N", help="labelled answers of at most so many sentences alone"
    )
    judge.add_argument("--out", metavar="FILE", help="where verdicts are kept; the same again goes on")
    judge.add_argument("--json", action="store_true", help=_JSON)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of cases; write 1 or more")
    return int(text)
