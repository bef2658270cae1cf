"""The report is one file that loads nothing, and no text of a case becomes a part of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from evals.calibration import Sure, calibration, expected_error, judged, precision_by_coverage, reliability
from evals.comparing import compare
from evals.plots import Bar, Line, curve, histogram, intervals
from evals.report import Against, Reported, html_report, markdown_report
from evals.results import Header, Reply, Run
from evals.scoring import default_support, score
from evals.statistics import Estimate
from evals.verdicts import Judgement, Judging, Verdicts
from tests.evals.scoring import ABSTAINED, answered, case, cited, gold, passage, result

HOSTILE = '</details><script>alert(1)</script><img src=x onerror="alert(2)">\u202e'


class Elements(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def reported(*replies: Reply | None, text: str = "") -> Reported:
    asked = [
        case(
            id=f"c{n}{text}",
            question=f"When {text}?",
            answers=("at nine",),
            answerable=True,
            evidence=(gold(f"stops at nine {text}"),),
            tags=("when", f"t{text}"),
        )
        for n in range(len(replies))
    ]
    header = Header(
        name=f"x{text}", cases="", count=len(asked), target=f"here{text}", started=datetime(2026, 1, 2, tzinfo=UTC)
    )
    run = Run(header=header, results=tuple(result(c, r, seconds=0.5) for c, r in zip(asked, replies, strict=True)))
    return Reported(run, asyncio.run(score(run, default_support())))


def against(before: Reported, now: Reported) -> Against:
    return Against(before.run, before.scores, compare(before.run, now.run, (before.scores, now.scores)))


def answer(text: str = "", **fields: str) -> Reply:
    quote = f"It stops at nine {text}"
    citation = cited(1, quote, title=text, outlet=text, speaker=text, before=text, **fields)
    return answered(
        (quote, (1,)), citations=(citation,), passages=(passage(f"Late. {quote}. More."),), reason=text, detail=text
    )


def test_the_page_has_every_case_with_its_citation_marked_in_its_passage() -> None:
    page = html_report(reported(answer(), ABSTAINED, None))

    assert Elements(page).tags.count("details") == 3 + 1
    assert "Late. <mark>It stops at nine </mark>. More." in page
    assert 'data-marks="abstained wrong"' in page
    assert 'data-marks="failed"' in page
    assert "borne out (" in page


def test_a_citation_that_is_not_what_stands_there_is_shown_with_what_does() -> None:
    page = html_report(reported(answer(stands="t stops at nine i")))

    assert "At its span the article has: <bdi>t stops at nine i</bdi>" in page
    assert 'data-marks="wrong"' in page


def test_no_text_of_a_case_becomes_an_element_an_attribute_or_a_request() -> None:
    before, now = (
        reported(answer(HOSTILE), ABSTAINED, text=HOSTILE),
        reported(answer(f"x{HOSTILE}"), answer(HOSTILE), text=HOSTILE),
    )

    found = Elements(html_report(now, against(before, now)))

    assert found.tags.count("script") == 1
    assert not {"img", "link", "iframe", "a", "object"} & set(found.tags)
    names = {name for name, _ in found.attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "href", "style")]


def test_the_page_lets_only_its_own_script_and_style_run() -> None:
    page = html_report(reported(answer()))

    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'", policy)
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_against_another_run_the_cases_that_changed_stand_side_by_side() -> None:
    before, now = reported(ABSTAINED, answer()), reported(answer(), answer())

    page = html_report(now, against(before, now))

    assert 'data-marks="changed"' in page
    assert "<h3>Before</h3>" in page
    assert "contained 0 → 1" in page
    assert "1 of them changed" in page


def test_the_markdown_has_the_figures_and_no_text_of_a_case_becomes_markup() -> None:
    before, now = (
        reported(ABSTAINED, text="<b>|![x](http://a.example)"),
        reported(answer(), text="<b>|![x](http://a.example)"),
    )

    alone, both = markdown_report(now), markdown_report(now, against(before, now))

    assert "| contained | 1 | 1.000 [" in alone
    assert "| contained | 0.000 | 1.000 | +1.000 [" in both
    assert "1 of 1 cases changed." in both
    assert not re.search(r"(?<!\\)[<\[!]b?x?\]?\(", both)
    assert "<b>" not in both


# --- a judge's verdicts -------------------------------------------------------------------------------------------------


def judged_by(run: Reported, *said: Judgement, judge: str = "small") -> Reported:
    return replace(run, judged=(Verdicts(Judging(judge, "ragas 0.4.3", run.run.header.identity), said),))


def test_each_case_has_what_the_judge_said_of_it_and_unscored_is_no_zero() -> None:
    said = (
        Judgement("c0", "faithfulness", 0, 1.0),
        Judgement("c0", "faithfulness", 1, 0.5),
        Judgement("c1", "faithfulness", 0, None),
        Judgement("c1", "context_recall", 0, None, "no usable reply"),
        Judgement("c2", "faithfulness", 0, 0.25),
        Judgement("c2", "faithfulness", 1, 0.25),
    )

    page = html_report(judged_by(reported(answer(), answer(), answer()), *said))
    lines = markdown_report(judged_by(reported(answer(), answer(), answer()), *said))

    assert '<li>faithfulness 1, then 0.5 <span class="fault">0.5 apart</span></li>' in page
    assert "<li>faithfulness unscored</li><li>context_recall failed (no usable reply)</li>" in page
    assert "<li>faithfulness 0.25, 2 times</li>" in page
    assert page.count("Judged by <bdi>small</bdi>, prompts of <bdi>ragas 0.4.3</bdi>") == 3
    # Two cases scored, with .75 and .25; of the two that were judged twice one moved, by a half.
    assert "<td>faithfulness</td><td>0.500</td>" in page
    assert "<td>2</td><td>1</td><td>0</td><td>0.250</td><td>1</td>" in page
    assert "<td>context_recall</td><td>unscored</td><td></td><td>0</td><td>0</td><td>1</td>" in page
    assert "| `faithfulness` | 0.500 [0.250, 0.750] | 2 | 1 | 0 | 0.250 | 1 |" in lines
    assert "| `context_recall` | unscored | 0 | 0 | 1 | – | – |" in lines


def test_a_report_without_a_judge_says_nothing_of_one() -> None:
    assert "judge" not in html_report(reported(answer())).replace("judged", "").lower()
    assert "Judged" not in markdown_report(reported(answer()))


def test_against_a_run_that_the_same_judge_judged_the_difference_has_an_interval() -> None:
    before = judged_by(reported(answer(), answer()), *(Judgement(f"c{n}", "faithfulness", 0, 0.0) for n in range(2)))
    now = judged_by(reported(answer(), answer()), *(Judgement(f"c{n}", "faithfulness", 0, 1.0) for n in range(2)))
    by_another = judged_by(reported(answer(), answer()), Judgement("c0", "faithfulness", 0, 0.0), judge="large")

    def page(earlier: Reported) -> str:
        return html_report(now, replace(against(earlier, now), judged=earlier.judged))

    assert "<td>+1.000</td><td>+1.000 to +1.000</td></tr>" in page(before)
    assert "<td>+1.000</td>" not in page(by_another)
    both = markdown_report(now, replace(against(before, now), judged=before.judged))
    assert both.splitlines()[-1].endswith("| +1.000 [+1.000, +1.000] |")


def test_no_word_of_a_judge_becomes_markup() -> None:
    bad = Judgement("c0", HOSTILE, 0, None, HOSTILE)
    hostile = judged_by(reported(answer()), bad, judge=HOSTILE)

    assert Elements(html_report(hostile)).tags.count("script") == 1
    assert "img" not in Elements(html_report(hostile)).tags
    assert (
        "|"
        not in markdown_report(judged_by(reported(answer()), bad, judge="a|`b`")).split("Judged by")[1].split("(")[0]
    )


# --- plots -----------------------------------------------------------------------------------------------------------


def test_a_bar_stands_at_its_mean_with_its_interval_as_a_tooltip() -> None:
    svg = intervals("by tag", [Bar("<who>", 7, Estimate(0.5, 0.25, 1.0), Estimate(0.25, 0, 0.5))])

    # The scale is 380 wide and begins at 210.
    assert '<circle cx="400.0"' in svg
    assert '<line x1="305.0" x2="590.0"' in svg
    assert "&lt;who&gt; (7)" in svg
    assert "now: 0.500 [0.250, 1.000]" in svg
    assert "before: 0.250" in svg


def test_a_curve_goes_from_lower_left_to_upper_right_and_a_histogram_counts() -> None:
    svg = curve("c", "x", "y", [Line("now", ((0.0, 0.0), (1.0, 1.0)), ("a", "b"))], diagonal=True)
    bars = histogram("h", "s", [0.1, 0.1, 2.0], [1.0])

    assert 'points="60.0,312.0 480.0,12.0"' in svg
    assert "2 now" in bars
    assert "1 before" in bars


# --- calibration -----------------------------------------------------------------------------------------------------


def test_the_expected_error_is_how_far_confidence_lies_from_being_right() -> None:
    # Two of .9, one right: off by .4; two of .1, none right: off by .1; the mean weighs both alike.
    answers = [Sure(0.9, 1), Sure(0.9, 0), Sure(0.1, 0), Sure(0.1, 0)]

    assert expected_error(answers) == pytest.approx(0.25)
    assert [(found.confidence, found.right, found.cases) for found in reliability(answers)] == [
        (0.1, 0, 2),
        (0.9, 0.5, 2),
    ]
    assert expected_error([]) is None


def test_the_error_has_an_interval_and_beside_it_what_chance_alone_shows() -> None:
    # .5 and right every other time: nothing is off, yet ten answers seldom split evenly.
    fair = calibration([Sure(0.5, n % 2) for n in range(10)])
    # .9 and never right, a hundred times: off by .9, whatever is drawn.
    far = calibration([Sure(0.9, 0)] * 100)

    assert fair is not None
    assert far is not None
    assert (fair.error.value, fair.error.low, fair.answers) == (0, 0, 10)
    # The mean distance of ten tosses of a coin from five heads, 1.23, and what one in twenty exceeds: a tenth of each.
    assert fair.by_chance == pytest.approx(0.123, abs=0.01)
    assert fair.seldom == pytest.approx(0.3)
    assert (far.error.value, far.error.low, far.error.high) == pytest.approx((0.9, 0.9, 0.9))
    assert far.seldom < 0.06
    assert calibration([]) is None


def test_as_the_threshold_falls_more_is_answered_and_ties_come_together() -> None:
    kept = precision_by_coverage([Sure(0.2, 0), Sure(0.9, 1), Sure(0.5, 1), Sure(0.5, 0)], questions=8)

    assert [(each.confidence, each.coverage, each.precision) for each in kept] == [
        (0.9, 1 / 8, 1),
        (0.5, 3 / 8, 2 / 3),
        (0.2, 4 / 8, 2 / 4),
    ]


def test_confidence_is_the_services_own_where_it_states_one() -> None:
    sure = answered(("At nine.", ()), confidence=0.75)
    stated, guessed = reported(sure, ABSTAINED), reported(answered(("At nine.", ()), passages=()))

    assert judged(stated.run.results) == ([Sure(0.75, 1)], True)
    assert judged(guessed.run.results) == ([], False)
    assert "expected calibration error 0.250 [0.250, 0.250] over 1 answers" in html_report(stated).replace("\n", " ")


def test_without_a_stated_confidence_the_margin_of_the_best_passage_orders_the_answers() -> None:
    read = [
        passage(text).model_copy(update={"score": score})
        for text, score in (("One.", 1.0), ("Two.", 0.75), ("Three.", 0.5))
    ]
    margins = reported(*(answered(("At nine.", ()), passages=tuple(read[:n])) for n in (3, 1)))

    assert judged(margins.run.results) == ([Sure(0.25, 1), Sure(1.0, 1)], False)
