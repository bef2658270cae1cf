"""The command line. Parsing and help import no vendor, so that both are quick; each command imports what it needs.

Results go to stdout, everything else to stderr. Exit 0 done, 1 failed, 2 used wrongly; an abstention exits 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TypeAlias, get_args

from api.commands.evaluation_arguments import add_eval
from rag.domain import Understanding

# each command with its module in api.commands and its function there
_COMMANDS = {
    "ingest": ("ingest", "run"),
    "ask": ("ask", "run_ask"),
    "search": ("ask", "run_search"),
    "statements": ("statements", "run_statements"),
    "people": ("statements", "run_people"),
    "serve": ("serve", "run"),
    "mcp": ("mcp", "run"),
    "articles": ("articles", "run"),
    "watch": ("watch", "run"),
    "feeds": ("feeds", "run"),
    "keys": ("keys", "run"),
    "audit": ("audit", "run"),
    "doctor": ("doctor", "run"),
    "backup": ("backup", "run_backup"),
    "restore": ("backup", "run_restore"),
    "library": ("library", "run_copy"),
    "eval": ("evaluation", "run"),
}


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="onrecord",
        description="Ask the news, and get answers in which every statement points at the exact words of an article.",
        epilog="Settings come from the environment (ONRECORD_LIBRARY, ONRECORD_EMBEDDING, ...); the README lists them.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library", metavar="DIR", help="folder of the library (default: ONRECORD_LIBRARY or ./onrecord-library)"
    )
    shared.add_argument("--json", action="store_true", help="print one JSON document on stdout")
    limits = _limits()

    _add_ingest(commands, shared)

    ask = commands.add_parser("ask", parents=[shared, limits], help="ask the articles a question")
    ask.add_argument("question", nargs="+", help="the question; quotes around it are not needed")
    ask.add_argument("--mode", choices=["auto", "model", "extractive"], default="auto")

    search = commands.add_parser("search", parents=[shared, limits], help="find passages")
    search.add_argument("query", nargs="+", help="words or a question")
    search.add_argument("-k", type=int, default=5, metavar="N", help="passages to show (default 5)")
    for command in (ask, search):
        command.add_argument("--as-of", metavar="DATE", help="as on that day: later articles are not read")
        command.add_argument(
            "--ignore",
            action="append",
            default=[],
            choices=get_args(Understanding),
            help="do not read this out of the question (may be repeated)",
        )

    _add_statements(commands, shared)

    serve = commands.add_parser("serve", parents=[shared], help="serve the page and the HTTP API")
    serve.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default 8000)")
    serve.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="so many processes at one address, where all stores are on servers (default 1)",
    )
    serve.add_argument(
        "--open", metavar="QUESTION", help="open the page in a browser, where there is one, at this question"
    )

    commands.add_parser("mcp", parents=[shared], help="serve agents over MCP, on standard input and output")

    _add_articles(commands, shared, limits)
    _add_feeds(commands, shared)
    _add_keys(commands, shared)
    add_eval(commands, shared)

    doctor = commands.add_parser("doctor", parents=[shared], help="check that the stores agree")
    doctor.add_argument("--repair", action="store_true", help="rebuild both indexes from the catalog")

    backup = commands.add_parser(
        "backup", parents=[shared], help="write the library to one file, also while it is served"
    )
    backup.add_argument("file", metavar="FILE", help="a new file, such as monday.onrecord.zst")
    restore = commands.add_parser("restore", parents=[shared], help="make a new library of a backup")
    restore.add_argument("file", metavar="FILE", help="what `onrecord backup` wrote")
    library = commands.add_parser("library", help="copy a library to other stores")
    doing = library.add_subparsers(dest="doing", required=True, metavar="COMMAND")
    copy = doing.add_parser(
        "copy",
        parents=[shared],
        help="a library to PostgreSQL and a Chroma server, or back; run again, it goes on where it stood",
        description="FROM and TO are each a folder, with all stores in it, or a file of settings: a line of"
        " ONRECORD_LIBRARY=..., ONRECORD_CATALOG=..., ONRECORD_LEXICAL=..., ONRECORD_CHROMA=...",
    )
    copy.add_argument("source", metavar="FROM", help="the library to copy; nobody may use it meanwhile")
    copy.add_argument("target", metavar="TO", help="where to; it holds nothing yet")
    return parser


def _limits() -> argparse.ArgumentParser:
    """What `ask`, `search` and `articles list` can be limited to."""
    limits = argparse.ArgumentParser(add_help=False)
    limits.add_argument("--after", metavar="DATE", help="published on this day or later")
    limits.add_argument("--before", metavar="DATE", help="published before this day")
    limits.add_argument(
        "--outlet", action="append", default=[], metavar="NAME", help="of this outlet (may be repeated)"
    )
    limits.add_argument(
        "--author", action="append", default=[], metavar="NAME", help="by this author (may be repeated)"
    )
    limits.add_argument(
        "--section", action="append", default=[], metavar="NAME", help="in this section (may be repeated)"
    )
    limits.add_argument(
        "--speaker", action="append", default=[], metavar="NAME", help="with words of this person (may be repeated)"
    )
    return limits


def _add_statements(commands: Commands, shared: argparse.ArgumentParser) -> None:
    statements = commands.add_parser("statements", parents=[shared], help="list who said what, newest first")
    statements.add_argument("--speaker", metavar="NAME", help="by this person: a name or a role")
    statements.add_argument("--about", metavar="WORDS", help="words that must stand in or right beside it")
    statements.add_argument("--after", metavar="DATE", help="said on this day or later")
    statements.add_argument("--before", metavar="DATE", help="said before this day")
    statements.add_argument(
        "--outlet", action="append", default=[], metavar="NAME", help="in this outlet (may be repeated)"
    )
    statements.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=["direct", "indirect", "denial"],
        help="their own words, a report of them, or what they denied (may be repeated)",
    )
    statements.add_argument("--oldest-first", action="store_true", help="in the other order")
    statements.add_argument("--limit", type=int, default=20, metavar="N", help="how many (default 20)")
    statements.add_argument("--from", dest="cursor", metavar="CURSOR", help="`next` of the page before")

    people = commands.add_parser("people", parents=[shared], help="find the people whose words are here")
    people.add_argument("words", nargs="*", metavar="NAME", help="a name or a role; everybody where none is given")
    people.add_argument("--limit", type=int, default=20, metavar="N", help="how many (default 20)")


def _add_ingest(commands: Commands, shared: argparse.ArgumentParser) -> None:
    ingest = commands.add_parser(
        "ingest",
        parents=[shared],
        help="load articles from files, folders, patterns, http(s) addresses or standard input (-)",
    )
    ingest.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a file, a folder, a pattern in quotes ('archive/**/*.html'), an http(s) address, or - for standard input",
    )
    ingest.add_argument(
        "--dry-run",
        action="store_true",
        help="read, clean and compare with the library; say what would happen; store nothing",
    )
    ingest.add_argument("--strict", action="store_true", help="exit 1 where anything was skipped")
    ingest.add_argument(
        "--ray",
        nargs="?",
        const="local",
        metavar="ADDRESS",
        help="read, split and embed on a Ray cluster: one on this machine for this run, or the one at auto, HOST:PORT or"
        " ray://HOST:PORT (needs the extra `ray`)",
    )
    ingest.add_argument("--samples", action="store_true", help="load the sample articles that ship with the package")


def _add_articles(commands: Commands, shared: argparse.ArgumentParser, limits: argparse.ArgumentParser) -> None:
    articles = commands.add_parser("articles", help="list, show or withdraw articles")
    actions = articles.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", parents=[shared, limits], help="list articles, newest first")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="how many (default 50)")
    listing.add_argument("--from", dest="cursor", metavar="CURSOR", help="`next` of the page before")
    show = actions.add_parser("show", parents=[shared], help="show one article")
    show.add_argument("id")
    which = show.add_mutually_exclusive_group()
    which.add_argument("--revision", type=int, metavar="N", help="as it stood in revision N")
    which.add_argument("--changes", action="store_true", help="its revisions, and what each of them changed")
    withdraw = actions.add_parser("withdraw", parents=[shared], help="take an article out of every answer")
    withdraw.add_argument("id")
    withdraw.add_argument("--purge", action="store_true", help="also take its text off the disk; only the id stays")


def _add_feeds(commands: Commands, shared: argparse.ArgumentParser) -> None:
    watch = commands.add_parser(
        "watch", parents=[shared], help="subscribe to feeds and sitemaps, and poll them until stopped"
    )
    watch.add_argument("feeds", nargs="*", metavar="FEED", help="the address of a feed or a news sitemap")
    watch.add_argument("--every", metavar="TIME", help="between two polls: 90s, 15m, 2h, 1d (default 15m)")
    watch.add_argument("--once", action="store_true", help="poll what is due now, and stop")

    feeds = commands.add_parser("feeds", help="list subscriptions, or remove one")
    feed_actions = feeds.add_subparsers(dest="action", metavar="ACTION", required=True)
    feed_actions.add_parser("list", parents=[shared], help="list them, each with its last result and next time")
    remove = feed_actions.add_parser("remove", parents=[shared], help="end a subscription; its articles stay")
    remove.add_argument("feed", metavar="FEED", help="its address or its id")


def _add_keys(commands: Commands, shared: argparse.ArgumentParser) -> None:
    keys = commands.add_parser("keys", help="make, list or revoke the keys of the HTTP API")
    actions = keys.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", parents=[shared], help="make a key; it is shown once")
    create.add_argument("--name", required=True, metavar="NAME", help="whose it is, or what for")
    create.add_argument(
        "--scope", required=True, metavar="SCOPES", help="ask, read, write, admin: those it has, with commas between"
    )
    create.add_argument("--expires", metavar="TIME", help="how long it lets anybody in: 90d, 12h (default: for ever)")
    actions.add_parser("list", parents=[shared], help="list them, also those that let nobody in any more")
    revoke = actions.add_parser("revoke", parents=[shared], help="end a key and its tokens")
    revoke.add_argument("id", metavar="ID")

    audit = commands.add_parser("audit", parents=[shared], help="list who changed what, newest first")
    audit.add_argument("--limit", type=int, default=50, metavar="N", help="how many (default 50)")
    audit.add_argument("--from", dest="before", metavar="NUMBER", help="`next` of the page before")


def main(argv: Sequence[str] | None = None) -> int:
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.version:
        from importlib.metadata import version

        print(f"onrecord {version('onrecord')}")
        return 0
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return 2
    module, function = _COMMANDS[arguments.command]
    try:
        from api.commands.running import guarded

        return guarded(lambda: getattr(import_module(f"api.commands.{module}"), function)(arguments))
    except KeyboardInterrupt:  # before there was anything to guard
        print("onrecord: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
