"""Headlines of other stories that stand among the paragraphs of this one: English cues, by how they are set. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

# A headline tells what another story will tell.
_TELLING = r"(?:Here['’]s|Here are|This is|These|What|Why|How|See|Read|Who|When|Where|Everything)\b"
# Under a label that no sentence has; the case counts.
LABELLED = re.compile(
    r"(?:[►▶»]\s*)?(?i:(?:(?:read|see|learn) )?more|related|story|icymi)(?i: (?:in|on|from|about) [\w'’ .-]{2,40})?:\S.{5,220}"
    r"|More [A-Z][\w'’]+(?: [A-Z][\w'’]+){0,2}:(?! )[A-Z0-9].{5,160}"
    r"|[►▶»]\s*(?i:(?:read |see )?more|related|opinion|video|photos|see also)\s?: ?.{5,220}"
    r"|(?:READ MORE|MORE|RELATED|READ NEXT|SEE ALSO|STORY|STORIES|VIDEOS?|PHOTOS|GALLERY|WATCH|QUIZ"
    r"|FOLLOW (?:THE|EVERY|ALL) [A-Z0-9 '’-]{2,40}): .{5,220}"
)
# A label and a headline without a blank between them (no time of day, verse, recipe or list).
_GLUED = re.compile(
    r"(?!.*;.*;)(?:[^.!:\"“”]|(?<=\b[A-Z])\.){1,40} [^.!:\"“”]{1,40}!?:(?=['‘“$]?[A-Z0-9])"
    r"(?!\d\d\b)(?!(?<=\d:)\d)(?!\d+ (?:oz|cups?|tbsp)\b)"
    r"(?=(?:\S+ ){4}).{20,200}"
    # A sentence may have lost the blank after its own label, where no headline says what it will tell.
    r"(?:(?<![.])|(?<=[.?!…]) (?:Here['’]s|This is|What|Why|How|See|Read) [^.]{0,60}\.)"
    # (but "Ada Prow:When ..." is somebody who speaks)
    rf"|(?!.*;)(?=[^:]* [a-z]{{3}})[^.!:\"“”]{{1,40}} [^.!:\"“”]{{1,40}}:{_TELLING}[^.?!\"“”;]{{8,160}}\."
    # A sentence, and the headline that goes on from it.
    r"|[^.!?:\"“”]{8,120}[a-z]{3}[.!](?=[A-Z][a-z]+,? )[^.?!\"“”]{12,160}"
    # One word before a headline that ends without a stop: with one, it may be somebody who speaks.
    r"|(?!.*(?:;.*;|https?://))(?!(?i:when|where|who|what|why|how|times?|dates?|place|venue|cost|price|tickets|details|info|information"
    r"|phone|hours|cast|address|ingredients|director|location):)[^\W\d_][^\s.!:\"“”]{2,30}:(?=['‘$]?[A-Z0-9])(?=(?:\S+ ){4})"
    r"[^:;]{20,200}(?<![.?!…)])"
    # A question, and its answer's headline.
    r"|[^.!?:\"“”]{8,120}\?(?=[A-Z]|\d\d)"
    rf"(?:[^.?!\"“”;]{{12,160}}|{_TELLING}[^.?!\"“”;]{{8,160}}\.)"
    r"|(?i:quiz|poll|photos?|videos?|opinion|analysis|column|live|updates?|explainer|maps?|graphics?|gallery|watch|listen|podcasts?"
    r"|reviews?|timeline|exclusive|interactive|story|report|recap|rankings?|elections?|archive|fact[ -]check)"
    r":(?=['‘“$]?[A-Z0-9])(?=(?:\S+ ){3}).{10,200}"
)
_ASKED = re.compile(r"[^.!?:\"“”]{8,120}\? (?:See|Read) (?:the|our) [^.?!\"“”]{4,60}")
_GLUE = re.compile(r"[:?!.](?=['‘“$A-Z0-9])")
# In capitals, a label of two words and more; nothing that counts, names a part of this story or lets somebody speak.
_ASIDE = re.compile(
    r"(?!.*\b(?:TIPS?|STEPS?|PART|CHAPTER|LINE|TAKEAWAYS?|KEY|QUESTIONS?|ANSWERS?|MYTHS?|FACTS?|REASONS?|RULES?|ROUND|OPTIONS?"
    r"|LESSONS?|CLAIMS?|RATING|WINNERS?|LOSERS?|GRADE|VERDICT|PROS?|CONS?|IT MATTERS|TO KNOW|PRESIDENT|SENATOR|SEN|REP|GOV"
    r"|GOVERNOR|MAYOR|MODERATOR|HOST|REPORTER|JUDGE|OFFICER|SUMMARY|NOTES?|WARNING|UPDATES?):?\b.*:)"
    r"(?:[A-Z][A-Z'’&,.-]*(?: [A-Z'’&,.-]+)+): ?(?=(?:\S+ ){3})(?=(?:.*(?<![\w'’])[a-z]{3}){2})"
    r"[^.?!;:\"“”]{12,140}(?<![.?!,…)])"
)
_MOST_ASIDE_CHARS = 220
_LEAST_PARAGRAPH_CHARS = 100
_LABEL = re.compile(r"([^:]{1,60}):")
LIST_HEAD = re.compile(
    r"(?:related|read (?:more|next|also)|see also|more (?:coverage|stories|from [\w' ]{2,30})|most read)\s?:?",
    re.IGNORECASE,
)
# Headlines stand under it, down to the end.
TOPIC_HEAD = re.compile(
    r"(?:[\w'’&-]+ ){1,3}coverage:|more (?:[\w'’&-]+ ){0,4}(?:news|stories|coverage|headlines|reading):?", re.IGNORECASE
)


def glued(line: str) -> bool:
    """Whether a line is a label, a question or a sentence with a headline set to it without a blank, or asks to see one."""
    if ("? See " in line or "? Read " in line) and _ASKED.fullmatch(line):
        return True
    return _GLUE.search(line) is not None and _GLUED.fullmatch(line) is not None


def asides(lines: Sequence[str], gone: Mapping[int, str]) -> list[int]:
    """The lines that are a label in capitals and a headline, each between two paragraphs, their label used once.

    A timeline, a list of facts and the turns of a debate have neighbours like themselves, or come back to a label.
    """
    found = [n for n, line in enumerate(lines) if line[:2].isupper() and n not in gone and _aside(line)]
    if not found:
        return []
    labels = Counter(label[1] for line in lines if (label := _LABEL.match(line)))
    filled = [n for n, line in enumerate(lines) if line and n not in gone and n not in found]
    return [
        n
        for n in found
        if labels[lines[n].partition(":")[0]] == 1
        and _paragraph(lines, next((m for m in reversed(filled) if m < n), None))
        and _paragraph(lines, next((m for m in filled if m > n), None))
    ]


def _aside(line: str) -> bool:
    return len(line) <= _MOST_ASIDE_CHARS and ":" in line and _ASIDE.fullmatch(line) is not None


def _paragraph(lines: Sequence[str], number: int | None) -> bool:
    return (
        number is not None
        and len(lines[number]) >= _LEAST_PARAGRAPH_CHARS
        and lines[number].endswith((".", "”", '"', "!", "?", "’"))
    )
