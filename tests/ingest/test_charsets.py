"""The charset of a page: from its mark, its header, its own words, or its bytes."""

from __future__ import annotations

import codecs

import pytest

from ingest.charsets import charset_of

RUSSIAN = "Встреча на высшем уровне может и должна состояться, заявил Песков в четверг журналистам. " * 3
GERMAN = "Die Gespräche über die Rückkehr müssen gründlich geführt werden, sagte der Außenminister. " * 3
CHINESE = "外交部发言人周四对记者说,双方同意继续就粮食出口问题举行会谈。" * 3
JAPANESE = "首相は木曜日、記者団に対し、会談を続けることで一致したと述べた。" * 3


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (GERMAN, "cp1252", "ISO-8859-1"),
        (GERMAN, "iso8859-15", "iso-8859-15"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gbk", "GBK"),
        ("臺北市長週四表示", "big5hkscs", "big5"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "cp932", "x-sjis"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        ("대변인은 목요일 기자들에게 말했다", "cp949", "ks_c_5601-1987"),
        (GERMAN, "utf-8", "utf-8"),
        (GERMAN, "utf-16-le", "utf-16le"),
    ],
)
def test_what_the_header_says_is_believed_where_it_holds(text: str, codec: str, label: str) -> None:
    body = text.encode(codec)

    assert body.decode(charset_of(body, f'text/html; charset="{label}"') or "") == text


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@pytest.mark.parametrize("text", [JAPANESE, "市長は橋について述べた。", "ニュース：橋の再建がきまりました"])
def test_japanese_that_nothing_declares_is_told_by_its_hiragana(codec: str, text: str) -> None:
    assert text.encode(codec).decode(charset_of(text.encode(codec)) or "") == text


@pytest.mark.parametrize("codec", ["gb18030", "big5", "cp949", "cp1251", "koi8-r"])
def test_other_charsets_are_not_taken_for_japanese(codec: str) -> None:
    text = {
        "gb18030": CHINESE,
        "big5": "臺北市長週四表示，橋樑將於春季重建。",
        "cp949": "시장은 기자들에게 말했다",
    }.get(codec, RUSSIAN)

    assert charset_of(text.encode(codec)) not in ("cp932", "euc_jp")


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<html><head><meta charset="windows-1251">',
        "<html><head><META name=a charset = 'windows-1251'>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    ],
)
def test_what_the_page_says_of_itself_is_believed_where_no_header_does(head: str) -> None:
    body = (head + RUSSIAN).encode("cp1251")

    assert charset_of(body, "text/html") == "cp1251"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_goes_before_the_header_and_is_not_part_of_the_text(mark: bytes, codec: str) -> None:
    body = mark + GERMAN.encode(codec)

    assert body.decode(charset_of(body, "text/html; charset=iso-8859-1") or "") == GERMAN


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "us-ascii", "gbk"])
def test_bytes_that_are_utf_8_are_utf_8_whatever_is_declared(label: str) -> None:
    assert charset_of(GERMAN.encode(), f"text/html; charset={label}") == "utf-8"


def test_what_is_declared_wrongly_gives_way_to_what_the_page_says() -> None:
    body = ('<meta charset="windows-1251">' + RUSSIAN).encode("cp1251")

    assert charset_of(body, "text/html; charset=utf-8") == "cp1251"


def test_a_meta_element_cannot_be_in_utf_16() -> None:
    assert charset_of(('<meta charset="utf-16">' + GERMAN).encode()) == "utf-8"


def test_one_damaged_character_does_not_lose_the_others() -> None:
    body = GERMAN.encode() + b"\xc3 " + GERMAN.encode()

    assert charset_of(body, "text/html; charset=utf-8") == "utf-8"


@pytest.mark.parametrize(("text", "codec"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (CHINESE, "gb18030")])
def test_where_nothing_is_said_the_bytes_are_looked_at(text: str, codec: str) -> None:
    body = text.encode(codec)

    assert body.decode(charset_of(body) or "") == text


@pytest.mark.parametrize(
    "label",
    ["zip", "base64", "rot13", "hex", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "nonsense"],
)
def test_what_is_no_charset_of_pages_is_not_followed(label: str) -> None:
    assert charset_of(b"+ADw-script+AD4- \\u003c", f"text/html; charset={label}") == "utf-8"
    assert charset_of(GERMAN.encode("cp1252"), f"text/html; charset={label}") not in (None, label)


def test_bytes_that_are_no_text_have_none() -> None:
    assert charset_of(b"%PDF-1.7\x00\x01\x02\xff") is None
    assert charset_of(b"\x89PNG\r\n\x1a\n\x00\x00", "image/png") is None
