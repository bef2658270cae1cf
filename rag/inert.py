"""Words that stay words: no link, image, markup or marker of their own, whatever shows them.

Pure. Answers are shown by clients that make links and images of what they are given (Markdown, GFM's bare addresses, HTML).
An article's or a model's words must not become any, nor pass for our own citation markers, which stand in the same text.
A site's bare name ("Example.com said") is left: it is how companies are called. Known limit: some clients link it.
"""

from __future__ import annotations

import re

# Control and format characters, among them the zero-width and the bidirectional ones; newline and tab stay.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\U0001d173-\U0001d17a\U000e0000-\U000e01ef]"
)
# One variation selector chooses a glyph; a run of them chooses none, and can carry any bytes.
_SELECTORS = re.compile(r"[\ufe00-\ufe0f]{2,}")
# Some scripts and emoji need the joiners; beside a Latin letter, a blank or an edge they join nothing.
_IDLE_JOINERS = re.compile(r"(?<![^\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u024f\u200c\u200d])")

_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,300}\])")
_LINK = re.compile(r"\[([^\[\]]{0,300})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,300}\])")
_COMMENT = re.compile(r"<!--(?:(?!<!--).){0,2000}?-->", re.DOTALL)
# "<https://...>" is an address; what follows it is read as one.
_TAG = re.compile(r"<(?![a-zA-Z0-9+.-]{2,40}:)/?[a-zA-Z][^<>]{0,500}>")
# What can be in an address, as far as it matters where it ends; scripts without blanks go on after it.
_REST = r"[^\s<>\"“”„«»‘’()\[\]{}（）。，、；！？「」『』【】]*"
_ADDRESS = re.compile(
    rf"<?(?:[a-z0-9+.-]{{0,40}}://|(?<![a-z0-9])www\.(?=\S)|(?<![a-z])(?:data|javascript|vbscript|mailto|blob|tel|sms):(?=\S))"
    rf"{_REST}>?",
    re.IGNORECASE,
)
_SITE_PAGE = re.compile(
    rf"(?<![\w@.-])(?:[\w-]{{1,63}}\.){{1,8}}(?:[a-z]{{2,24}}|[A-Z]{{2,24}})(?::\d{{1,5}})?[/?](?=\S){_REST}"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Like a citation's marker, ours or another system's: [1], [1.2, 3], 【4†source】; and any other number between brackets.
_MARKER = re.compile(
    r"[\[【［〔]\s*\^?\s*(\d{1,9}(?:\.\d{1,9})?(?:\s*[,;–—-]\s*\d{1,9}(?:\.\d{1,9})?)*)\s*(?:[†:][^\[\]【】［］〔〕]{0,60})?"
    r"[\]】］〕]"
)
_FENCES = re.compile(r"`{3,}|~{3,}")
# What is left of broken markup must not be made whole by what follows it, in this sentence or the next.
_JOINTS = ((re.compile(r"\](?=[(\[:])"), "] "), (re.compile(r"!(?=\[)"), "! "), (re.compile(r"<(?=[A-Za-z/!?])"), "< "))
# Markup within markup deeper than this is hostile, and is broken instead of read.
_MOST_LAYERS = 5
_LEFT_OUT = "…"


def visible(text: str) -> str:
    """The text without characters that cannot be seen and say nothing."""
    text = _SELECTORS.sub("", _INVISIBLE.sub("", text))
    # looked for first: the pattern is slow, and the joiners are rare
    return _IDLE_JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text


def inert(text: str) -> str:
    """The text with links as their words, images and tags gone, addresses as "…" and nothing that reads like a marker.

    Plain prose comes back as it was.
    """
    text = visible(text)
    for _ in range(_MOST_LAYERS):
        before = text
        text = _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub("", _COMMENT.sub("", text))))
        if text == before:
            break
    for address in (_ADDRESS, _SITE_PAGE, _EMAIL):
        text = address.sub(_LEFT_OUT, text)
    text = _FENCES.sub(" ", _MARKER.sub(r"(\1)", text))
    for joint, apart in _JOINTS:
        text = joint.sub(apart, text)
    return text
