"""What an article's rights allow: when it may be shown, and how many of its words. The one place that decides.

Pure. What the source states (an embargo, an expiry) and what the policy of its outlet says both hold: the stricter wins.
Every way out (answers, searches, lists, the reader) asks here, or asks a store that was told from here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from rag.domain import Article, Span

ANY_OUTLET = "*"
_DAY_S, _HOUR_S = 86_400.0, 3_600.0
# The end of a showing that never was; well before any article, and within what the stores can count in microseconds.
_NEVER = -1e12
# Scripts that do not space their words: each character counts as a word.
UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACED = rf"(?:(?!{UNSPACED})\w)+"
_WORD = re.compile(rf"{UNSPACED}|{_SPACED}(?:[’'\-.,]{_SPACED})*")
_CLAUSE_END = re.compile(r"[,;:.!?…—–](?=[\s”\"’')\]]|$)[”\"’')\]]*|[”\"](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be done with one outlet's articles. None leaves it open.

    `quote_words` is the most words of one citation; `full_text` whether whole texts are shown, by default only where
    `quote_words` is open. Days and hours count from publication, or from when the article came in where it has no date.
    """

    show: bool = True
    quote_words: int | None = None
    full_text: bool | None = None
    expires_after_days: float | None = None
    embargo_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When an article may be shown: `shown_from <= moment < shown_until`, seconds since 1970; None is open."""

    shown_from: float | None = None
    shown_until: float | None = None


ALWAYS = Window()


@dataclass(frozen=True, slots=True)
class Rights:
    """The policies, by outlet as `outlet_key` writes it; `*` holds for outlets without one of their own."""

    policies: Mapping[str, Policy] = field(default_factory=dict)

    def policy(self, outlet: str | None) -> Policy:
        fallback = self.policies.get(ANY_OUTLET, Policy())
        return self.policies.get(outlet_key(outlet), fallback) if outlet else fallback

    def window(self, article: Article, *, recorded_at: float) -> Window:
        """`recorded_at` is when the article first came in, in seconds since 1970."""
        policy = self.policy(article.outlet)
        if not policy.show:
            return Window(shown_until=_NEVER)
        published = article.published_at.timestamp() if article.published_at else recorded_at
        starts = [_epoch(article.embargoed_until), _after(published, policy.embargo_hours, _HOUR_S)]
        ends = [_epoch(article.expires_at), _after(published, policy.expires_after_days, _DAY_S)]
        return Window(
            max((moment for moment in starts if moment is not None), default=None),
            min((moment for moment in ends if moment is not None), default=None),
        )

    def quote_words(self, outlet: str | None) -> int | None:
        """The most words of one citation, None where there is no limit."""
        return self.policy(outlet).quote_words

    def shows_full_text(self, outlet: str | None) -> bool:
        policy = self.policy(outlet)
        return policy.quote_words is None if policy.full_text is None else policy.full_text

    @property
    def fingerprint(self) -> str:
        """Differs where the policies do: the windows that a catalog keeps were computed by these or by others."""
        told = sorted((name, sorted(asdict(policy).items(), key=str)) for name, policy in self.policies.items())
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def outlet_key(outlet: str) -> str:
    """The form in which outlets are compared: case and white space aside."""
    return " ".join(outlet.split()).casefold()


def word_spans(text: str) -> list[Span]:
    """What counts as a word in a limit, by its place in `text`."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def within_limit(body: str, span: Span, words: int | None, *, start: int | None = None) -> Span:
    """At most `words` whole words of `span`, from `start` on where given; all of it where there is no limit.

    It ends with a clause where one ends in the latter half of what is allowed, else with a word.
    """
    if words is None:
        return span
    begin = span.start if start is None else start
    found = word_spans(body[begin : span.end])
    if len(found) <= words:
        return Span(begin, span.end)
    text = body[begin : begin + found[words].start]
    least = found[words // 2].end
    clauses = [match.end() for match in _CLAUSE_END.finditer(text) if match.end() >= least]
    return Span(begin, begin + (clauses[-1] if clauses else found[words - 1].end))


def _epoch(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _after(published: float, amount: float | None, unit_s: float) -> float | None:
    return None if amount is None else published + amount * unit_s
