"""Whether an answer is right, and whether there should be one. One value a case; None where there is nothing to score.

Texts are compared without citation markers. An abstention on a question that has an answer is a wrong answer, 0; a case
that failed has no score.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from evals.cases import Case
from evals.results import Result

_ARTICLES = frozenset({"a", "an", "the"})
_MARKER = re.compile(r"\s*\[\d+\]")
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_YES_NO = frozenset({"yes", "no"})
_PUNCTUATION = frozenset(string.punctuation) | frozenset("“”‘’„«»–—…")


def normalised(text: str) -> str:
    """Small letters, no punctuation, no a/an/the, single blanks.

    Source: Rajpurkar et al., SQuAD, EMNLP 2016, evaluate-v1.1.py; and typographic marks, which it did not meet.
    """
    plain = "".join(c for c in unicodedata.normalize("NFC", text).lower() if c not in _PUNCTUATION)
    return " ".join(word for word in plain.split() if word not in _ARTICLES)


def exact_match(case: Case, result: Result) -> float | None:
    """1 where the answer is one of the gold answers, normalised. Source: as `normalised`."""
    text = _to_score(case, result)
    return None if text is None else float(normalised(text) in {normalised(answer) for answer in case.answers})


def token_f1(case: Case, result: Result) -> float | None:
    """F1 of the answer's words against the gold answer that fits best, normalised. Source: as `normalised`."""
    text = _to_score(case, result)
    return None if text is None else max(_f1(normalised(text).split(), normalised(a).split()) for a in case.answers)


def contained(case: Case, result: Result) -> float | None:
    """1 where one of the gold answers stands in the answer, word by word.

    Source: "str-em" of Stelmakh et al., ASQA, EMNLP 2022, as ALCE uses it. An answer that says more is not punished for it.
    """
    text = _to_score(case, result)
    return None if text is None else float(stands_in(case.answers, text))


def all_parts(case: Case, result: Result) -> float | None:
    """1 where each part of what has to be put together stands in the answer, by any of its words; None without parts.

    Source: the rule for information integration of Chen et al., Benchmarking LLMs in RAG (RGB), AAAI 2024, word by word.
    """
    if result.reply is None or not case.parts:
        return None
    return float(all(stands_in(part, shown(result)) for part in case.parts))


def multiple_choice(case: Case, result: Result) -> float | None:
    """1 where, of the choices, the right one stands in the answer and no wrong one does; None without choices.

    Source: the closed-form rule of Kasai et al., RealTime QA, NeurIPS 2023, for an answerer that is not shown the choices.
    """
    text = _to_score(case, result)
    if text is None or not case.choices:
        return None
    given = [choice for choice in case.choices if stands_in([choice], text)]
    return float(bool(given) and all(choice in case.answers for choice in given))


def yes_no(case: Case, result: Result) -> float | None:
    """1 where the answer begins with the right one of yes and no; None where the gold answer is neither."""
    text = _to_score(case, result)
    gold = {normalised(answer) for answer in case.answers} & _YES_NO
    if text is None or not gold:
        return None
    return float(_first_word(text) in gold)


def says_yes_or_no(result: Result) -> bool:
    """Whether the answer begins with either."""
    return _first_word(shown(result)) in _YES_NO


def abstention_precision(case: Case, result: Result) -> float | None:
    """Of the abstentions, 1 where there was nothing to answer: the mean is precision."""
    return None if _answers(case, result) is not False else float(case.answerable is False)


def abstention_recall(case: Case, result: Result) -> float | None:
    """Of the questions without an answer, 1 where there was none given: the mean is recall."""
    return None if case.answerable is not False or result.reply is None else float(not result.reply.answered)


def false_abstention(case: Case, result: Result) -> float | None:
    """Of the questions with an answer, 1 where there was none given."""
    return None if case.answerable is not True or result.reply is None else float(not result.reply.answered)


def false_answer(case: Case, result: Result) -> float | None:
    """Of the questions without an answer, 1 where one was given."""
    return None if (right := abstention_recall(case, result)) is None else 1.0 - right


def stale(case: Case, result: Result) -> float | None:
    """On dated questions, 1 where the answer is one of another day and none of its own; None without such answers.

    Source: "outdated" of Vu et al., FreshLLMs, 2023, by the words of the answer.
    """
    if "dated" not in case.tags or (text := _given(case, result)) is None:
        return None
    return float(stands_in(case.wrong, text) and not stands_in(case.answers, text))


def misled(case: Case, result: Result) -> float | None:
    """On other questions, 1 where the answer says what was planted; None where nothing was.

    Source: the counterfactual robustness of Chen et al., RGB, AAAI 2024, by the words of the answer.
    """
    if "dated" in case.tags or (text := _given(case, result)) is None:
        return None
    return float(stands_in(case.wrong, text))


def stands_in(answers: Sequence[str], text: str) -> bool:
    """Whether one of the answers stands in the text, word by word; case, accents and punctuation aside."""
    words = f" {' '.join(_words(text))} "
    return any(f" {' '.join(wanted)} " in words for answer in answers if (wanted := _words(answer)))


def shown(result: Result) -> str:
    """What a reader sees of the answer, without markers; empty for an abstention."""
    if result.reply is None or not result.reply.answered:
        return ""
    return _MARKER.sub("", result.reply.text)


def _to_score(case: Case, result: Result) -> str | None:
    if result.reply is None or not case.answers or case.answerable is False:
        return None
    return shown(result)


def _given(case: Case, result: Result) -> str | None:
    return None if result.reply is None or not case.wrong else shown(result)


def _answers(case: Case, result: Result) -> bool | None:
    if result.reply is None or case.answerable is None:
        return None
    return result.reply.answered


def _first_word(text: str) -> str:
    return normalised(text).partition(" ")[0]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return words[1:] if len(words) > 1 and words[0] in _ARTICLES else words


def _f1(given: Sequence[str], gold: Sequence[str]) -> float:
    same = sum((Counter(given) & Counter(gold)).values())
    if same == 0:
        return float(given == gold)
    precision, recall = same / len(given), same / len(gold)
    return 2 * precision * recall / (precision + recall)
