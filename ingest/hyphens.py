"""No-break spaces that became hyphens, made blanks again. Pure.

`On Tuesday,-both came.- The list:-Marsh` shows the damage by itself; `said-that` is told from a compound by its small word, as
nothing is joined to a "the". A text is mended where it shows the damage more than once.
"""

from __future__ import annotations

import re

# Once may be somebody's own way of writing.
_FEWEST_MARKS = 2

# A name that ends its line after a blank: a signature, "... she wrote.- Ada Prow".
_SIGNED = r"(?![^\S\n](?:[A-Z][\w.’'-]* ?){1,4}(?:,[^.?!\n]{1,60})?\.?(?:\n|\Z))"
# A span of days: "April.-Mon."
_DAY = r"(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)"
# The mark itself comes first, which is quickly found, and the pattern looks back from it. Beside it is no word, or one that
# is joined to nothing: after a comma ("5,-Euro" is a price), a closing mark, the end of a sentence, a colon, "the" and its like.
_MARK = re.compile(
    r"-(?:(?<=[A-Za-z0-9],-)(?=[A-Za-z\[])(?!(?:Euro|EUR|Fr|CHF|DM|Mark|[Kk]r)\b)"
    r'|(?<=[,.!?]["”]-)(?=[A-Za-z(\[])'
    rf"|(?:(?<=[a-z]{{4}}[.?!]-)|(?<= \d\d[.?!]-))(?={_DAY}[A-Z][a-z]|\[|[\"“]\w)"
    r"|(?<=[a-z][:;]-)(?=[A-Z][a-z]|I |[\"“]\w)"
    # (a quotation after a small word)
    r'|(?:(?<=\ba-)|(?<=\b(?:of|is|an|in|to|by)-)|(?<=\b(?:the|was|for|are|and)-)|(?<=\b(?:that|with|from|were)-))(?=["“]\w)'
    r"|(?:(?<=\b(?:of|is)-)|(?<=\b(?:the|its|his|her|was|had|has|are)-)"
    r"|(?<=\b(?:that|with|from|said|been|when|into|they)-)|(?<=\b(?:which|their|where)-)|(?<=\band-)(?!one\b))"
    r"(?=[A-Za-z]{2,30}\b(?!-|[’'](?!s\b)))(?!(?:then|beens?|nots?)\b|(?<=\bthe-)the\b|(?<=\bthat-)that\b)"
    r"(?<![-’']\w\w-)(?<![-’']\w\w\w-)(?<![-’']\w\w\w\w-)(?<![-’']\w\w\w\w\w-))"
)
# One before a small word that ends no compound: as good a sign.
_BEFORE_SMALL = re.compile(
    r"-(?=(?:the|that|who|whose|which|was|were|has|had|said|would|could|from|their|his|because)\b(?![-’']))"
    r"(?<=[a-z\ufffd]{3}-)(?<!\b[a-z]{2}-)(?<!\bthe-)(?<!\bthat-)"
)
# One that stood beside a blank, at the end of a sentence or of a paragraph: there it is nobody's hyphen, even once.
_CLOSED = r"(?<= \d\d[.?!]-)|(?<=[.?!,][\"”'’]-)|(?<=[.?!][\"”]\)-)"
_BESIDE_BLANK = re.compile(rf"-(?:(?<=[a-z]{{2}}[.?!,;:]-)|{_CLOSED})-{{0,7}}(?=\s|\Z){_SIGNED}")
_AFTER_SENTENCE = re.compile(rf"-(?:(?<=[a-z]{{3}}[.?!]-)|{_CLOSED})-{{0,7}}(?= [\"“]?[A-Z]){_SIGNED}")

# The patterns from here on are for damaged texts alone. Between the blanks that part two sentences:
_ALONE = re.compile(rf" -(?:(?<=[a-z][.?!] -)|(?<=[.?!][\"”] -))(?= [\"“]?[A-Z][a-z]){_SIGNED}")
# What is joined to a quotation or a bracket: `anti-"woke"`, `"Real World"-style`, "(FDA)-approved".
_JOINED_BEFORE = frozenset(
    "anti pre non pro post ex semi quasi pseudo un re self neo mid ultra co sub hyper micro super then so".split()
)
_BEFORE_QUOTATION = re.compile(r'-(?=["“(]\w)(?<=[A-Za-z]-)(?!\(s\))')
_LAST_WORD = re.compile(r"[A-Za-z]+\Z")
_MOST_JOINED_CHARS = 20
_AFTER_QUOTATION = re.compile(
    r"-(?:(?<=\w[\"”]-)|(?<=[\w.]\)-)|(?<=\.\.\.-)|(?<=\d%-))(?=[a-z])"
    r"(?!(?:off|plus|range|stake|style|like|type|era|shaped|level|looking|worthy|free|ready|only|heavy|esque|bound|[a-z]{2,}(?:ed|ing))\b)"
)
_TOKEN = re.compile(r"(?<![\w’'\ufffd-])[A-Za-z\ufffd]+(?:-[A-Za-z\ufffd]+)+(?![\w’'\ufffd-])")
# No compound begins with one of these, ...
_OPENS = frozenset(
    "the an of from with into that which who whom whose their its his her our my your was were is are had been"
    " being said says told when where because than they he she we it and but has have a will would could should"
    " against between although".split()
)
# ... nor ends with one of these, ...
_ENDS = frozenset(
    "the that which who whose whom was were are is has had have been said says told from into because could would"
    " should must they she he we her his their its our my these those this and but with than during against between"
    " until although also when of for to at a an".split()
)
# ... but for such as these; and a number or a comparison goes before "-to" and "-for".
_COMPOUNDS = frozenset(
    "has-beens has-nots have-nots have-not a-list a-lister a-listers a-team a-side a-game a-frame a-bomb a-plenty"
    " a-ha it-girl it-girls and-one will-power will-call would-be could-be she-wolf he-man we-ness as-is all-but"
    " must-have brick-and more-than less-than kind-of sort-of day-of best-of worst-of making-of unheard-of thought-of"
    " out-of spoken-of paid-for sought-for what-for go-for go-to how-to lean-to set-to mid-to skin-to easy-to"
    " hard-to wall-to door-to face-to talking-to dressing-to low-to late-to early-to small-to high-to ready-to back-to"
    " end-to vitamin-a plan-a rock-a the-then where-at say-when".split()
)
_RANGE = re.compile(
    r"(?:\w+(?:teen|ty)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|first|second|third)-(?:to|and)"
    r"|\w+er-to|\w+ed-for|a-\w+in",
    re.IGNORECASE,
)
# Before a phrase or a name these stand alone; elsewhere they make compounds: "at-risk", "in-house".
_PLACES = frozenset("at by for in on as to over under after before about if".split())
_DETERMINERS = frozenset("the a an its their his her this these those".split())
# Of three words and more, the first or the last goes, if it is one of these: "state-of-the-art", "he-said-she-said".
_AT_EDGE = frozenset("the a an its their was were has had is are that which".split())
# What is joined to a name: "then-President", "sub-Saharan", "south-East", "Muslim-majority".
_JOINED_TO_NAME = _JOINED_BEFORE | frozenset(
    "plain intra inter trans half late near early mini multi cross once former north south east west northern southern"
    " eastern western proto crypto counter extra over under vice mostly mainly majority minority zero first hail"
    " greater mega macro never upper lower inner outer central fellow single double triple retro native like plus"
    " turned born based largely predominantly afro euro anglo franco sino russo indo metro modern wing".split()
)


def with_blanks(text: str) -> str:
    """The text with its blanks; where it shows the damage less than twice, only that of a sentence's end."""
    if "-" not in text:
        return text
    if sum(len(sign.findall(text)) for sign in (_MARK, _BESIDE_BLANK, _BEFORE_SMALL)) < _FEWEST_MARKS:
        return _AFTER_SENTENCE.sub("", text)
    text = _ALONE.sub("", _BESIDE_BLANK.sub("", _MARK.sub(" ", text)))
    text = _AFTER_QUOTATION.sub(" ", _BEFORE_QUOTATION.sub(_unless_joined, text))
    return " ".join(_TOKEN.sub(_parted, word) if "-" in word else word for word in text.split(" "))


def _unless_joined(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _MOST_JOINED_CHARS) : found.start()]
    return "-" if _LAST_WORD.findall(before)[-1].casefold() in _JOINED_BEFORE else " "


def _parted(found: re.Match[str]) -> str:
    """A token with blanks for those of its hyphens that join nothing."""
    words = found.group().split("-")
    if len(words) == 2:
        return " ".join(words) if _strangers(*words) else found.group()
    first = words[0].casefold() in _AT_EDGE and not words[0].isupper()
    last = words[-1] in _AT_EDGE
    inner = "-".join(words[first : len(words) - last])
    return f"{words[0] + ' ' if first else ''}{inner}{' ' + words[-1] if last else ''}"


def _strangers(first: str, second: str) -> bool:
    """Whether two words make no compound."""
    pair, opening = f"{first}-{second}".casefold(), first.casefold()
    if pair in _COMPOUNDS or _RANGE.fullmatch(pair) or opening == second.casefold():
        return False
    if opening in _PLACES and (second in _DETERMINERS or (first.islower() and second.istitle())):
        return True
    # In capitals it is a name: "IT-related", "A-level", "WHO-led".
    if (opening in _OPENS and not first.isupper()) or second in _ENDS:
        return len(second) > 1 or second == "a"
    return len(first) > 3 and first.islower() and second.istitle() and opening not in _JOINED_TO_NAME
