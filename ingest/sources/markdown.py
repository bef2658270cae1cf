"""Markdown: `# Headline` first, or front matter between `---` lines with our field names; the marks are taken out.

Front matter is read as plain `name: value` lines and lists (`- item`, `[a, b]`), a small part of YAML and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.fields import article_from_fields, names_field
from ingest.sources.record import Found, Record, Skipped
from ingest.sources.whole import whole
from rag.errors import ArticleError

_FENCE = re.compile(r"---[ \t]*\n")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"([A-Za-z][\w -]*):(?:[ \t]+(.*))?")
_HEADING = re.compile(r"#[ \t]+(\S.*)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")

_LINES_OUT = re.compile(r"^[ \t]*(?:(?:[-*_][ \t]*){3,}|\[[^\]\n]+\]:[ \t]+\S.*|(?:```|~~~).*)$", re.MULTILINE)
_LINE_MARKS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+|^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_HEADINGS = re.compile(r"^#{1,6}[ \t]+(.*)$", re.MULTILINE)
_TARGET = r"(?:\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\]\n]*\])"
_IMAGE = re.compile(r"!\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]" + _TARGET)
_LINK = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]" + _TARGET)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
# Emphasis: the marks hug what they enclose, and underscores within a word are letters.
_STARS = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]*(?:\n(?!\n)[^*\n]*)*?)(?<=[^\s*])\1")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w))*?)(?<=[^\s_])\1(?!\w)")
_STRIKES = re.compile(r"~~(?=\S)([^~\n]*?)(?<=\S)~~")
_CODE = re.compile(r"(`+)([^`\n]+)\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")

# Where escaped marks wait, out of reach of the patterns: a private plane of Unicode.
_SET_ASIDE = 0xF0000
_ASIDE = re.compile(r"[\U000f0000-\U000f007f]")


def looks_like_markdown(head: bytes) -> bool:
    text = _text(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    if _FENCE.match(text):
        lines = text.split("\n")[1:12]
        return any((entry := _ENTRY.fullmatch(line.rstrip())) and names_field(entry[1]) for line in lines)
    return _HEADING.match(text) is not None


def read_markdown(stream: BinaryIO, *, where: str) -> Iterator[Record]:
    """One record: the whole file."""
    data = whole(stream, where=where, advice="not one article; split it into one file each")
    if isinstance(data, Skipped):
        yield data
        return
    try:
        text = _text(data.decode("utf-8-sig").lstrip())
    except UnicodeDecodeError as error:
        yield Skipped(where, f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}; convert it, e.g. with iconv")
        return
    front = _FRONT_MATTER.match(text)
    if front is None and _FENCE.match(text):
        yield Skipped(where, "its front matter has no end: a line of --- is missing")
        return
    fields = _front_matter(front[1]) if front else {}
    headline, body = _headline(text[front.end() :] if front else text)
    ours = {names_field(name) for name in fields}
    if headline and "title" not in ours:
        fields["title"] = headline
    elif headline and headline not in fields.values():
        body = f"{headline}\n\n{body}"
    try:
        yield Found(where, article_from_fields({**fields, "body": plain(body)}))
    except ArticleError as error:
        yield Skipped.because(where, error)


def plain(text: str) -> str:
    """The text without Markdown's marks: links are their words, images are gone."""
    text = _ESCAPED.sub(lambda escaped: chr(_SET_ASIDE + ord(escaped[1])), text)
    text = _LINE_MARKS.sub("", _LINES_OUT.sub("", _COMMENT.sub("", text)))
    text = _LINK.sub(r"\1", _IMAGE.sub("", _HEADINGS.sub(lambda heading: heading[1].rstrip("# \t"), text)))
    text = _CODE.sub(r"\2", _TAG.sub("", _AUTOLINK.sub(r"\1", text)))
    for _ in range(2):  # emphasis within emphasis
        text = _UNDERSCORES.sub(r"\2", _STARS.sub(r"\2", text))
    return _ASIDE.sub(lambda aside: chr(ord(aside[0]) - _SET_ASIDE), _STRIKES.sub(r"\1", text)).strip()


def _text(data: str | bytes) -> str:
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _headline(text: str) -> tuple[str, str]:
    text = text.lstrip()
    first, _, rest = text.partition("\n")
    if heading := _HEADING.match(first):
        return plain(heading[1].rstrip("# \t")), rest
    second, _, after = rest.partition("\n")
    if first.strip() and _UNDERLINE.fullmatch(second):
        return plain(first), after
    return "", text


def _front_matter(text: str) -> dict[str, object]:
    """Its entries; what is nested deeper than a list is left out."""
    fields: dict[str, object] = {}
    last = ""
    for line in text.split("\n"):
        if entry := _ENTRY.fullmatch(line.rstrip()):
            last = entry[1]
            fields[last] = _value(entry[2] or "")
        elif last and (item := re.fullmatch(r"\s*-\s+(.*)", line.rstrip())):
            items = fields[last]
            fields[last] = [*(items if isinstance(items, list) else []), _unquoted(item[1])]
    return {name: value for name, value in fields.items() if names_field(name) not in (None, "body") and value}


def _value(text: str) -> object:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(item) for item in text[1:-1].split(",") if item.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return re.sub(r"(?<!\s)\s+#.*$", "", text)
