"""How much of a question a sentence holds."""

from __future__ import annotations

import pytest

from rag.adapters.embedding import StaticEmbeddings
from rag.candidates import text_of
from rag.domain import Article
from rag.holding import Held, learn_evidence
from rag.matching import Matcher, make_terms
from tests.rag.reading import evidence_of

BUS = Article(
    id="bus",
    title="Fares on the night bus",
    body="Passengers may purchase a ticket on board. Nobody was purchasing one on Sunday, the driver told us.",
)


def test_each_form_of_a_word_is_weighed_where_it_stands() -> None:
    """The same stem stands in the passage twice, each time as another word that is like the one asked for."""
    matcher = Matcher(make_terms("buying", (), {"buying": 1}, 100), StaticEmbeddings())
    evidence = evidence_of(BUS)
    learn_evidence(matcher, evidence)
    [reading] = evidence.readings.values()

    for sentence in (0, 1):
        alone = Matcher(matcher.terms, StaticEmbeddings())
        alone.learn([text_of(reading, sentence, sentence)])
        held = Held(matcher).by(reading, sentence)
        assert held == pytest.approx(alone.credits(text_of(reading, sentence, sentence)))
        assert held[0] > 0
