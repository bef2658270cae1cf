"""Texts made to keep a pattern busy: each is read, or refused, in about the time that its length asks for."""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = "import sys,io;from ingest.sources.readers import read_stream;list(read_stream(io.BytesIO(eval(sys.argv[1])),where='x'))"
HOSTILE = {
    "a document type of brackets": "b'<!doctype x ' + b'[]' * 4000 + b'<a>'",
    "comments that never end": "b'# a\\n\\n' + b'<!--' * 200_000",
    "emphasis that never ends": "b'# a\\n\\n' + b'*a _b ~~c `d ' * 50_000",
    "brackets that never close": "b'# a\\n\\n' + b'[a![(' * 100_000",
    "a heading of blanks": "b'# a\\n\\n# b' + b' ' * 500_000 + b'x'",
    "front matter of blanks": "b'---\\ntitle: a' + b' ' * 500_000 + b'x\\n---\\nbody'",
    "a byline of blanks": 'b\'{"title": "a", "body": "b", "author": "a\' + b\' \' * 500_000 + b\'x"}\'',
    "a script of blanks": (
        "b'<!doctype html><title>a</title><script type=\"application/ld+json\">-->' + b' ' * 500_000 + b'x</script>'"
    ),
    "tags that never close": 'b\'{"uri":"a","headline":"a","body_xhtml":"\' + b\'<\' * 500_000 + b\'"}\'',
    "rules of dashes": "b'# a\\n\\n' + b'- ' * 300_000 + b'x'",
    "a page of deep markup": "b'<!doctype html><title>a</title>' + b'<div><p>' * 100_000",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_done_with_soon(text: str) -> None:
    # What goes wrong here takes hours, not seconds: the limit is far above what a slow machine needs.
    subprocess.run([sys.executable, "-c", READ, HOSTILE[text]], check=True, timeout=60)
