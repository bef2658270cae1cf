"""Words that say the opposite of each other, and words that negate. Data; the weights of the support check rest on them."""

from __future__ import annotations

import re

NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot can't don't doesn't didn't won't wouldn't isn't aren't wasn't"
    " weren't hasn't haven't hadn't couldn't shouldn't deny denied denies refuse refused fail failed unable lack lacks".split()
)
_PAIRS = """
increase decrease|rise fall|rose fell|rising falling|up down|more less|more fewer|higher lower|high low|gain loss|win lose
won lost|victory defeat|accept reject|accepted rejected|approve reject|approved rejected|allow ban|allowed banned|before after
support oppose|supported opposed|supports opposes|first last|early late|earlier later|best worst|better worse|guilty innocent
arrive leave|arrived left|open close|opened closed|open closed|buy sell|bought sold|male female|man woman|men women|boy girl
son daughter|father mother|brother sister|husband wife|alive dead|survived died|injured killed|north south|east west|begin end
began ended|start end|started ended|found lost|agree disagree|legal illegal|true false|safe dangerous|strong weak|hot cold
majority minority|maximum minimum|above below|inside outside|deny confirm|denied confirmed|success failure|succeeded failed
love hate|praised criticized|old young|oldest youngest|largest smallest|larger smaller|morning evening|day night|likely unlikely
"""
OPPOSITE: dict[str, set[str]] = {}
for _pair in re.split(r"[|\n]", _PAIRS.strip()):
    _one, _other = _pair.split()
    OPPOSITE.setdefault(_one, set()).add(_other)
    OPPOSITE.setdefault(_other, set()).add(_one)
