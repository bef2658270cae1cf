"""What every support check does."""

from __future__ import annotations

import asyncio

from rag.support import Claimed, Support

CITED = ("The council put off its vote on the new bridge on Monday.", "The vote will now take place on 17 June.")
BORNE_OUT = Claimed("The council put off its vote on the new bridge on Monday.", CITED)
INVENTED = Claimed("Aliens from Neptune have bought the stadium for 90 million dollars, police warned.", CITED)
UNCITED = Claimed("The council put off its vote.", ())


class SupportContract:
    """Inherit, and give `support`."""

    def support(self) -> Support:
        raise AssertionError("an adapter's test gives its support check here")

    def test_a_claim_in_the_words_of_its_source_passes_and_an_invented_one_does_not(self) -> None:
        support = self.support()

        borne_out, invented = asyncio.run(support.scores([BORNE_OUT, INVENTED]))

        assert 0 <= invented < support.threshold <= borne_out <= 1

    def test_scores_come_in_the_order_of_the_claims(self) -> None:
        support = self.support()

        there = asyncio.run(support.scores([BORNE_OUT, INVENTED, UNCITED]))
        back = asyncio.run(support.scores([UNCITED, INVENTED, BORNE_OUT]))

        assert there == back[::-1]

    def test_a_claim_that_cites_nothing_has_no_support(self) -> None:
        assert asyncio.run(self.support().scores([UNCITED])) == [0.0]

    def test_no_claims_have_no_scores(self) -> None:
        assert asyncio.run(self.support().scores([])) == []
