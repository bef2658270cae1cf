"""How an answer cites. One value a case; None where there is nothing to score.

The first three count faults, and each must be 0. The others rest on a support check (rag/support.py), whose verdicts are
made beforehand: evals/supporting.py.
"""

from __future__ import annotations

import re

from evals.cases import Case
from evals.results import Reply, Result
from evals.supporting import Verdict
from rag.citations import fold, is_verbatim, quoted_words

_MARKER = re.compile(r"\[(\d+)\]")


def invalid_spans(_: Case, result: Result) -> float | None:
    """Citations whose quote is not what the article has at their span, as it was read again; None where none could be."""
    if result.reply is None:
        return None
    known = [citation for citation in result.reply.citations if citation.stands is not None]
    return float(sum(citation.stands != citation.quote for citation in known)) if known else None


def dangling_pointers(_: Case, result: Result) -> float | None:
    """Numbers in the text or in claims that name no citation."""
    reply = _answered(result)
    if reply is None:
        return None
    there = {citation.number for citation in reply.citations}
    named = {int(number) for number in _MARKER.findall(reply.text)}
    named |= {number for claim in reply.claims for number in claim.citations}
    return float(len(named - there))


def loose_quotations(_: Case, result: Result) -> float | None:
    """Words between quotation marks, in a claim, that stand in nothing that it cites; None where citations have no words."""
    reply = _answered(result)
    if reply is None or any(citation.quote is None for citation in reply.citations):
        return None
    quotes = {citation.number: citation.quote or "" for citation in reply.citations}
    return float(
        sum(
            not is_verbatim(words, [quotes[number] for number in claim.citations if number in quotes])
            for claim in reply.claims
            for words in quoted_words(claim.text)
        )
    )


def citation_recall(verdicts: tuple[Verdict, ...] | None) -> float | None:
    """The share of claims that all that they cite, together, bears out; one without a citation is not borne out.

    Source: Gao, Yen, Yu and Chen, Enabling Large Language Models to Generate Text with Citations (ALCE), EMNLP 2023, 3.3.
    """
    return sum(verdict.whole for verdict in verdicts) / len(verdicts) if verdicts else None


def citation_precision(verdicts: tuple[Verdict, ...] | None) -> float | None:
    """The share of citations that are of use, over all claims: their claim is borne out, and either they bear it out alone
    or the others do not without them. One that points at nothing, or at no passage, is wrong.

    Source: as for `citation_recall`.
    """
    cited = [(verdict, number) for verdict in verdicts or () for number in verdict.cited]
    return sum(verdict.needs(number) for verdict, number in cited) / len(cited) if cited else None


def coverage(_: Case, result: Result) -> float | None:
    """The share of claims with a citation."""
    reply = _answered(result)
    if reply is None or not reply.claims:
        return None
    return sum(bool(claim.citations) for claim in reply.claims) / len(reply.claims)


def gold_cited(case: Case, result: Result) -> float | None:
    """1 where a citation shares a sentence's worth with the gold evidence: one of the two quotes holds the other.

    An abstention on a question with evidence scores 0.
    """
    if result.reply is None or not case.evidence:
        return None
    if any(citation.quote is None for citation in result.reply.citations):
        return None
    for citation in result.reply.citations:
        quote = fold(citation.quote or "")
        for fact in case.evidence:
            gold = fold(fact.quote)
            if citation.article == fact.key and quote and (gold in quote or quote in gold):
                return 1.0
    return 0.0


def right_speaker(case: Case, result: Result) -> float | None:
    """1 where a citation's speaker is the one that the question asks for; None where it asks for nobody's words, or none came."""
    reply = _answered(result)
    if reply is None or case.speaker is None:
        return None
    return float(any(citation.speaker == case.speaker for citation in reply.citations))


def _answered(result: Result) -> Reply | None:
    return result.reply if result.reply is not None and result.reply.answered else None
