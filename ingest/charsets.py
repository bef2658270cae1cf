"""The charset of a text: what it says of itself, as far as that holds, else what its bytes look like. Pure."""

from __future__ import annotations

import codecs
import re

_HEAD_BYTES = 4096
_WEIGHED_BYTES = 1_000_000
_GUESSED_BYTES = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
_IN_META = re.compile(rb"<meta[^>]*?\scharset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_IN_HTTP_EQUIV = re.compile(rb"<meta[^>]*?content\s*=\s*[\"'][^\"'>]*?charset\s*=\s*([\w.:+-]+)", re.IGNORECASE)
# Browsers read these labels as the larger set, and so pages are written in it (encoding.spec.whatwg.org).
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_LABELS = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-x-big5": "big5hkscs", "unicode": "utf-16"}
# Codecs of Python that no page is in, some of which run what they decode through another parser.
_NEVER = {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined"}


def charset_of(body: bytes, content_type: str = "") -> str | None:
    """A codec that Python knows; None for bytes that are no text.

    First the byte order mark, then the header, then the XML declaration or the meta element, then UTF-8, then a guess.
    What is declared counts only where the whole body decodes; bytes that are valid UTF-8 are UTF-8, whatever is declared.
    """
    for bom, marked in _BOMS:
        if body.startswith(bom) and _decodes(body, marked):
            return marked
    declared = [name for label in _declared(body, content_type) if (name := _codec(label)) is not None]
    wide = [name for name in declared if name.startswith(("utf-16", "utf-32"))]
    if b"\x00" in body[:_HEAD_BYTES]:
        return next((name for name in wide if _decodes(body, name)), None)
    # A meta element that could be read as ASCII is not in UTF-16, and says so wrongly.
    declared = [name for name in declared if name not in wide]
    if body.isascii():
        return next(iter(declared), "utf-8") if b"\x1b" in body else "utf-8"
    likely = ["utf-8", *declared]
    return next((name for name in likely if _decodes(body, name)), None) or _nearly(body, likely) or _guessed(body)


def _declared(body: bytes, content_type: str) -> list[str]:
    labels = [match[1] for match in [_IN_HEADER.search(content_type)] if match]
    head = body[:_HEAD_BYTES]
    found = [
        match[1].decode("ascii") for match in (p.search(head) for p in (_IN_XML, _IN_META, _IN_HTTP_EQUIV)) if match
    ]
    return labels + found


def _codec(label: str) -> str | None:
    """Python's name of the charset, for labels of charsets of text."""
    plain = label.strip().casefold()
    try:
        name = codecs.lookup(_LABELS.get(plain, plain)).name
        b"a".decode(name)  # a LookupError from the codecs that turn bytes into bytes
    except UnicodeError:
        pass  # one byte is too little for some
    except (LookupError, ValueError):
        return None
    return None if name in _NEVER else _LARGER.get(name, name)


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeError, ValueError):
        return False
    return True


def _nearly(body: bytes, names: list[str]) -> str | None:
    """One damaged character does not make a page another charset's; ten times as many good ones must speak for it."""
    for name in names:
        text = body[:_WEIGHED_BYTES].decode(name, errors="replace")
        damaged = text.count("\N{REPLACEMENT CHARACTER}")
        if damaged * 10 <= sum(not character.isascii() for character in text) - damaged:
            return name
    return None


def _japanese(body: bytes) -> str | None:
    """A Japanese charset, where the bytes read in it hold a good share of Hiragana and no rare signs; the guess misses it."""
    for name in ("euc_jp", "cp932"):
        text = body.decode(name, errors="ignore")
        if len(text.encode(name, errors="ignore")) < len(body) - 2:
            continue  # the cut may have halved the last character, and no other
        beyond = [character for character in text if not character.isascii()]
        hiragana = sum("\u3040" <= character <= "\u309f" for character in beyond)
        rare = sum("\uff61" <= character <= "\uff9f" or "\ue000" <= character <= "\uf8ff" for character in beyond)
        if len(beyond) >= 4 and hiragana * 5 >= len(beyond) and rare * 20 <= len(beyond):
            return name
    return None


def _guessed(body: bytes) -> str:
    if (japanese := _japanese(body[:_GUESSED_BYTES])) is not None:
        return japanese
    import charset_normalizer

    best = charset_normalizer.from_bytes(body[:_GUESSED_BYTES]).best()
    name = _codec(best.encoding) if best is not None else None
    # Windows' Western set, as browsers do, where nothing can be told.
    return name or "cp1252"
