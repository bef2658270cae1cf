"""What stands under a story: who else worked on it, who wrote it, whose views it gives, where to write to. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAME = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}"
_WORK = (
    r"\b(?:author|columnist|reporter|correspondent|journalist|writer|editor|contributor|professor|fellow|lecturer|researcher"
    r"|director|founder|analyst|producer|attorney|lawyer|historian|economist|poet|novelist|broadcaster|strategist|activist|consultant|commentator|scholar|academic)\b"
)
# A life in a sentence or more.
_LIFE = (
    rf"(?:(?:Dr|Prof|Professor|Sir|Dame|Lord)\.? )?{_NAME} is (?:currently )?(?:an?|the|one of)\b(?:[^.!?]|\.(?=\w)){{5,260}}\."
    r"(?: (?:He|She|They|His|Her|Their)\b(?:[^.!?]|\.(?=\w)|(?<=\b[A-Z])\.(?!\w)){3,260}\.){0,3}"
)
_LIFE_ALONE = re.compile(_LIFE)
_AT_WORK = re.compile(_WORK)
_VIEWS = (
    r"(?:(?:The|All) )?(?:[Vv]iews|[Oo]pinions)(?:,? (?:and|or) (?:views|opinions))? "
    r"(?:(?:do|does) not necessarily reflect\b|expressed\b[^.!?\"“”]{0,120}"
    r"\b(?:(?:author|writer|contributor|columnist|commentator)s?\b|(?:his|her|their) own\b"
    r"|(?:do|does) not (?:necessarily )?(?:reflect|represent)\b|not necessarily\b))[^!?\"“”]{0,200}"
)
_VIEWS_ALONE = re.compile(rf"(?:(?i:editor['’]s note): ?)?(?:{_LIFE} )?{_VIEWS}")
# A sentence's beginning within a line, and not a name's that follows an initial or "St."
_START = r"(?<=[.!?\"”’)])(?<!\b[A-Z]\.)(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z][a-z]\.)\s"
_SAYING = re.compile(r"\b(?:said|says|told)\b")
_MOST_NOTE_CHARS = 900

# At the end of the last line: texts that came on one line have their page's foot there.
_TAIL = re.compile(
    r"\s*(?:\( ?[A-Z][\w.'’-]*(?: [\w.'’-]+){0,6} \d\d/\d\d/\d{4} page ?\d+\)"
    r"|\bSource: ?-? ?(?:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}|News agencies)(?:,? and [\w ]{3,30})?"
    r"|\bSource: ?-? ?[A-Z]\w{1,20} news agency"
    r"|\bFollow us on Facebook, on Twitter @\w+,? .{0,160}"
    r"|\bDo you have information you want to share with (?:the )?[A-Z].{0,420}"
    r"|\bShare this slide:.{0,300}"
    # An invitation that speaks to the reader; without one the words of a button alone.
    r"|(?:(?<=[.!?\"”’)])\s[^.!?\"“”]{3,220}\b(?:[Yy]ou|[Yy]our)\b[^.!?\"“”]{0,200}[.!?])?\s(?:Learn more|Sign up here)\.?"
    r"|(?<=[.!?\"”’)])\s[^.!?]{5,160}\? [^.!?]{0,100}\b(?:[Ee]-?mail(?:ing)?|[Cc]ontact|[Ss]hare|[Ss]end|[Tt]ell us|in touch)\b"
    r"[^?]{0,160}\w@\w+\.\w.{0,300}"
    r"|(?<=[.!?\"”’)])\s(?:Read more (?:from|by) [A-Z][\w'’-]+ )?Follow [A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
    r" on (?:Twitter|X|Facebook)\b[^.]{0,40}\.?"
    r"|(?<=[.!?\"”’)])(?:\s[\w.+-]+@[\w-]+(?:\.[\w-]+)+)+)\s*\Z"
)
_VIEWS_LAST = re.compile(rf"(?:{_START}{_LIFE})?{_START}{_VIEWS}\s*\Z")
# These too, where their word is there.
_WORDED = (
    ("http", re.compile(
        r"(?:(?<=[.!?\"”’)])(?:\s[-–—]+)?\s(?:Follow|Contact) [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}"
        r"(?: on (?:Twitter|X|Facebook))? at https?://\S+|(?:\s(?:Logo|Photo|Video) ?- ?https?://\S+)+)\s*\Z"
    )),
    (" a comment ", re.compile(
        r"(?<=[.!?\"”’)])\sYou can leave a comment (?:below|under) this article\.(?:\s[^.!?]{5,80}[.!?])?\s*\Z"
    )),
    (" -", re.compile(r"(?<=[.!?\"”’)])(?:\s-+)+\s*\Z")),
    (" expressed ", _VIEWS_LAST),
    (" necessarily ", _VIEWS_LAST),
    (" reporting by ", re.compile(rf"{_START}(?:Additional|With) reporting by {_NAME}[^!?\"“”]{{0,200}}\Z")),
    (" contributed ", re.compile(
        rf"{_START}[A-Z](?:[^.!?\"“”]|(?:(?<=\b[A-Z])|(?<=\b[A-Z][a-z])|(?<=\b[A-Z][a-z][a-z]))\.){{3,250}}"
        r" contributed (?:reporting )?to (?:this|the) (?:report|story|article|column|dispatch)\.?\s*\Z"
    )),
    (" is ", re.compile(
        rf"{_START}(?:The|This) (?:writer|author|columnist) is an? (?=[^.]{{0,150}}{_WORK})[^.!?]{{5,250}}\.\s*\Z"
    )),
    # Whose initials, and whose agencies.
    (" (", re.compile(
        r"(?<=[.!?\"”’)])(?: -)?\s[a-z]{1,4}(?:[/,] ?[a-z]{1,4}){0,3}"
        r" \([A-Za-z]{2,10}(?: [a-z]{2,10})?(?:, [A-Za-z]{2,10}(?: [a-z]{2,10})?){0,5}\)\s*\Z"
    )),
)  # fmt: skip
_TAIL_CHARS = 600
_LIFE_CHARS = 1200
# Fewer lines than this are no column that its writer's life would stand under.
_FEWEST_LINES = 4


def foot(line: str) -> int | None:
    """Where the foot begins that the last line of a text ends with; None where it has none."""
    found = _TAIL.search(line, max(0, len(line) - _TAIL_CHARS))
    for word, pattern in _WORDED:
        if not found and line.find(word, max(0, len(line) - _TAIL_CHARS)) >= 0:
            found = pattern.search(line, max(0, len(line) - _LIFE_CHARS))
    return found.start() if found else None


def disclaims(line: str) -> bool:
    """Whether a line says whose views these are, and no more than that and who it is."""
    return (
        (" expressed " in line or " necessarily " in line)
        and len(line) <= _MOST_NOTE_CHARS
        and _VIEWS_ALONE.fullmatch(line) is not None
        and not _SAYING.search(line)
    )


def life_of_its_writer(lines: Sequence[str]) -> bool:
    """Whether the last of these lines is the life of somebody whom no other line names, as a writer's is."""
    if len(lines) < _FEWEST_LINES or " is " not in lines[-1][:80] or not _LIFE_ALONE.fullmatch(lines[-1]):
        return False
    if not _AT_WORK.search(lines[-1]) or _LIFE_ALONE.fullmatch(lines[-2]):
        return False
    surname = lines[-1].partition(" is ")[0].split()[-1]
    return not any(surname in line for line in lines[:-1])
