"""What a page adds to its story is left out; the story is not, whatever it speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.boilerplate import sift, without_boilerplate
from ingest.cleaning import clean_text
from ingest.cues import rule_for

STORY = (
    "The council of Lower Fenwick voted on Tuesday to rebuild the old bridge, which was closed in May after a flood."
)
MORE = "Work begins in spring and will take two years. The town has yet to find the money for it, its treasurer warned."

ADDED = {
    "newsletter": [
        "Sign up for our newsletter",
        "Sign up here for the Harbour Courier's daily briefing.",
        "STAY UP-TO-DATE: Subscribe to our Sports newsletter now!",
        "Get the news that matters in your inbox: sign up for our morning alerts",
        "What's everyone talking about? Sign up for our trending newsletter to get the latest news of the day",
        "Editor’s Note: A version of this story appeared in the Courier’s Tide Table newsletter. Sign up here.",
        "Support local journalism. Subscribe to the Harbour Courier today.",
        "Not a subscriber? Join us today.",
        "If you like what we do, please consider supporting our journalism with a subscription.",
        "You can support local journalism by buying the paper.",
        "Want to know which boats come and go? Join our group Tides of Fenwick and subscribe to our Tide Table newsletter.",
        "Journalism like this takes time. Please support it with a subscription here.",
        "Ada Prow covers the harbour in Sarn. Consider supporting local journalism with a subscription to the Courier.",
        "Editor’s note: Sign up for Better Sailing. Our guide in eight parts shows you the ropes.",
    ],
    "link": [
        "Read more: Ferry fares to rise in June",
        "READ MORE:",
        "More:Ferry fares to rise in June",
        "Related: How the lighthouse was kept",
        "RELATED STORIES",
        "See also: The flood in pictures",
        "Click here to see the gallery.",
        "Read more about the flood",
        "More:Thorne said no: what the mayor told the county",
        "Read more in Harbour:“We will not wait”: a town and its bridge.",
        "► MORE: The flood, as three keepers told it.",
        "READ MORE: The mayor says the bridge will stand.",
        "Fenwick flood:What the town has lost, and what it may get back",
        "Bridge vote 2025:Who stood where on the old bridge",
        "The long night:'We heard it before we saw it,' a keeper's tale",
        "What the flood cost:The county has counted it street by street. Here's how it did so.",
        "Opinion:The old bridge was never ours. Let it go.",
        "Quiz:Which lighthouse would you keep?",
        "STORY: Four years without a ferry, and no end to it",
        "Ferries:What the new quay will cost? Here are the figures, the fares and more",
        "BRIDGE:Keepers of the light say that they were never asked",
        "A. Prow’s keeper:My forty years 'at the light' and one flood",
        "Podcasts:The flood in the words of those who kept the bridge.",
        "When is the next high tide?What to know about dates, hours and quays",
        "Floods on the coast:These six quays were lost in a year.",
        "More Tides:Six harbours that you may not know at low water.",
        "Who won at the regatta? See the complete list",
        "MORE COVERAGE",
        "Happy tides!:How a town of keepers spends its holiday by the sea",
        "Old bridge:The county can wait no longer, its mayor says",
        "Our fact-check sources:",
        "GOLD AND SILVER?10 boats of the regatta that may win it this year",
        "The old bridge is shut.Now, the county looks for another",
        "Is the old bridge safe?Here's what the keepers say about it.",
        "FOLLOW THE TIDES: Tables, charts, warnings and more.",
        "AP regatta: https://regatta.example/hub and https://regatta.example/sailing",
        "For more AP regatta coverage: https://regatta.example/hub",
        "Hear what the keeper said of the flood 02:19 - Source: CNN",
    ],
    "follow": [
        "Follow us on Facebook and Twitter.",
        "Follow Jo Marsh on Twitter: @jomarsh",
        "Contact Jo Marsh at jo.marsh@harbour.example or (302) 555-0100.",
        "Jo Marsh covers the harbour. Follow her on Twitter @jomarsh.",
        "jo.marsh@harbour.example",
        "Have a news tip? Want to tell us about your street? Contact us at tips@harbour.example.",
        "Got a story idea? Email jo.marsh@harbour.example",
        "Twitter: @jomarsh",
        "@jomarsh",
        "Reporter Jo Marsh can be reached at 302-555-0100.",
        "Jo Marsh covers the harbour for the Courier. Reach her at jmarsh@harbour.example",
        "Jo Ann Marsh is the Courier's harbour critic. Connect with her, and email her at jmarsh@harbour.example.",
        "Did you see the flood? Please write to our reporter at jmarsh@harbour.example.",
        "Jo Ann Marsh can be reached by mail at jmarsh@harbour.example, as she said.",
        "For the latest news from the quay and the light, visit harbour.example.com/quay.",
        "Staff Writer Jo Marsh: 302-555-0100; jmarsh@harbour.example",
        "Jo Marsh is a Harbour Reporter at COURIER TODAY . Contact Marsh at jmarsh@harbour.example. Twitter/X: @jomarsh",
        "Follow Jo Marsh at https://twitter.com/jomarsh",
    ],
    "contribution": [
        "Contributing: Ada Prow, Bo Stern",
        "Contributing: Ada Prow in Sarn; Bo Stern, Harbour Courier; the wires",
        "CONTRIBUTING Ada Prow, HARBOUR TODAY",
        "Contributors: Ada Prow and Bo Stern",
        "From HARBOUR TODAY Network and wire reports",
        "Compiled from staff reports",
        "Ada Prow in Sarn contributed to this report.",
        "Harbour reporters Ada Prow and J. B. Stern contributed reporting to this story.",
        "(Reporting by Ada Prow in Sarn; Editing by Bo Stern)",
        "Additional reporting by Ada Prow in Sarn",
    ],
    "disclaimer": [
        "The views expressed in this article are the author's own and do not reflect those of the paper.",
        "Editor’s Note: Ada Prow is a keeper of the light in Sarn. She has won a prize. The opinions expressed here are her own.",
        "The views and opinions expressed in this column are the author’s and do not necessarily reflect those of the Courier.",
    ],
    "share": ["Facebook Twitter WhatsApp Email", "Share this article", "Share on Facebook | Twitter | LinkedIn"],
    "advertisement": [
        "Advertisement", "ADVERTISEMENT", "Story continues below advertisement", "Continue reading below",
        "Article continues after this advertisement", "Scroll to continue", "Ad Feedback",
    ],
    "cookies": [
        "We use cookies to improve your experience. Find out more in our policy.",
        "By clicking Accept you agree to our use of cookies",
        "Accept all cookies", "Cookie settings",
        "By signing up you agree to our privacy policy.",
    ],
    "commerce": [
        "Purchases you make through our links may earn us a commission.",
        "We occasionally recommend interesting products and services. If you buy one, we may be paid.",
        "Gannett may earn revenue from sports betting operators.",
    ],
    "promotion": [
        "Holiday deals: Shop this season's lamps and oilskins with our guide",
        "Prep for the polls: See who stands for mayor and compare them",
        "Fenwick power outage map: Track the lights that are out",
        "2032 Olympic medals: Who is ahead, and by how many?",
        "Follow every match: Latest league scores, odds, tables and standings.",
        "More harbour sports: https://harbour.example/sports and https://twitter.example/harbour",
        "Harbour coverage at the Courier is made possible in part by a grant from a fund of doctors. It has no say in it.",
        "The Harbour Wire created this story using technology provided by Tide Scribe.",
        "Our fact-checking work is supported in part by a grant from a fund of doctors.",
        "The Associated Press health desk receives support from a fund of doctors. The AP answers for all content.",
    ],
    "rights": [
        "Republishing this poll without credit and a link to the Courier is prohibited.",
        "© 2025 Harbour Courier", "All rights reserved.", "Terms of Use"],
    "credit": [
        "Photo: Ada Prow", "Photograph by Bo Stern", "Image credit: Fenwick Wire", "Dan Kitwood/Getty Images",
        "AP Photo/Ada Prow",
    ],
    "ruler": ["___", "* * *", "---", "♦", "++++++++"],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in ADDED.items() for line in lines])
def test_a_line_that_the_page_added_is_left_out(rule: str, line: str) -> None:
    sifted = sift(f"{STORY}\n\n{line}\n\n{MORE}")

    assert sifted.kept == f"{STORY}\n\n{MORE}"
    assert [each.line for each in sifted.removed] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "The paper's newsletter has forty thousand subscribers, and its editor wants more of them to pay.",
        "Residents were asked to sign up for alerts from the county after the flood.",
        "The government will send you updates by email, so make sure that your address is right.",
        "“Sign up for our newsletter,” the sign at the ferry reads.",
        "“Follow us on Facebook,” said the mayor.",
        "Get out of the water when the siren sounds, the coastguard said.",
        "More than 300 people signed a letter to the county.",
        "More: that is what the union wants. It has asked for a tenth.",
        "Follow the coast road for six miles to reach the lighthouse.",
        "He was reached at home on Tuesday.",
        "Advertisement spending fell by a tenth in the third quarter.",
        "Related costs rose to nine million.",
        "The shop sells cookies, and we use butter in all of them.",
        "Facebook and Twitter were asked to remove the pictures.",
        "WINNER: Hallin Rovers",
        "THORNE: We will not wait for another flood.",
        "Reuters reported the vote first.",
        "Reuters",
        "Photo finish: Marsk United win by a goal.",
        "Copyright law is to change in June.",
        "Ransey P. Boyd, DMD, PA",
        "Opinion polls put the mayor ahead by nine points: 48 to 39.",
        "Watch out for the tide, which comes in fast.",
        "Share prices fell by a tenth on Tuesday.",
        "West Virginia",
        "Lower Fenwick — Tuesday",
        "Story: a word that the keeper never liked.",
        "More: Thorne wants the bridge, and the ferry too.",
        "Doors open:7 p.m. sharp",
        "The ferry leaves at 10:30 from the new quay on all days but Sunday",
        "He read from the book, chapter 3:16 and on to the very end of it",
        "The keeper of the light:She has kept it for forty years and will not leave.",
        "Squads for Sunday's match:Ada Prow, Marsk; Bo Stern, Hallin; Cy Fox, Fenwick and two more",
        "The drink of the day:2 oz rum with lime juice and a little sugar on top",
        "What happened:The keeper sent the county a letter in October, after the flood.",
        "Thorne:We will not wait for another flood.",
        "Who is to pay? The county has asked the mayor to write to the state.",
        "Our reporting line is open at all hours and was full on the night of the flood.",
        "The siren sounds at 02:19 - sources of the county confirm it",
        "More good news",
        "Fenwick Regatta is looking for a field of two hundred acres. If you have one, email info@regatta.example.",
        "Weather: The latest storm took the roof, the fence and the boat, and two lambs.",
        "Mayor: Follow the rules of the harbour, or leave it for good",
        "The county plans to support local journalism by buying more notices.",
        "Residents were asked to consider supporting local shops after the flood.",
        "The Flood Help Line can be reached at 302-555-0100 at any hour.",
        "Do you have an idea what this costs? The county has none.",
        "The Associated Press reported that the bridge would close.",
        "@jomarsh has forty thousand followers, more than the paper.",
        "Where:The old light, 40 Quay Road, near Fenwick",
        "Tickets:Nine for adults, four for children, two for dogs",
        "Thorne:What did the county ever do for the bridge?",
        "Thorne:We went there with the boats and saw that it was gone.",
        "From wire to wire, the reports were of the flood.",
        "By May the county had the reports of its staff.",
        "No glasses for the eclipse? Find a tree",
        "The county asked people to support it with a tax.",
        "The mayor covers the costs. Consider supporting her, he wrote.",
        "For the latest news he went to the quay.",
        "Old bridge:The county can wait no longer, its mayor says.",
        "Ada Prow:When the bridge was shut we went by boat.",
        "The bridge was shut in May.The ferry sails from the quay at nine.",
        "He kept the U.S.Navy's boats",
        "Crew:Ada Prow, helm; Bo Stern, sails; Cy Fox at the oars",
        "Tides:See https://tides.example/sarn for the hours and heights of each",
        "Who will pay? The county does not know what it will cost.",
        "What is a spring tide?The sea rises higher than usual. It did so in May.",
        "'What have we done?' Thorne wrote after the bridge was closed",
        "Follow the tide to the old quay: it is the quickest way.",
        "Follow-up: the county has paid.",
        "Contributing to the flood: a dam that nobody had looked after.",
        "The county has contributed to this report of the harbour board since May.",
        "Ada Prow contributed to this year's regatta with nine boats.",
        "Reporting by the county shows that the bridge was lost in May.",
        "The views expressed by the mayor do not reflect those of the council, Thorne said.",
        "The views expressed at the meeting were many.",
        "Spot the light from your street: https://light.example/",
        "We occasionally recommend that readers boil their water, the county's doctor wrote.",
    ],
)
def test_a_line_of_the_story_stays(line: str) -> None:
    assert rule_for(line) is None


def test_a_long_paragraph_stays_whatever_it_says() -> None:
    assert rule_for("Sign up for our newsletter. " + STORY * 4) is None


def test_a_note_on_commissions_may_be_longer() -> None:
    note = "Gannett may earn revenue from sports betting operators." + " It has no say in what is written." * 15

    assert rule_for(note) == "commerce"
    assert rule_for(note + STORY * 9) is None


def test_headlines_listed_at_the_end_go_with_their_heading() -> None:
    listed = "RELATED:\n\nFerry fares to rise in June\n\nHow the lighthouse was kept"

    assert without_boilerplate(f"{STORY}\n\n{MORE}\n\n{listed}") == f"{STORY}\n\n{MORE}"


def test_what_a_player_says_instead_of_a_video_is_cut_out_of_a_line() -> None:
    message = "Media playback is not supported on this device"

    assert without_boilerplate(f"{STORY} {message} {MORE}") == f"{STORY} {MORE}"
    assert without_boilerplate(f"{message} {STORY}\n\n{MORE} {message}") == f"{STORY}\n\n{MORE}"


def test_a_button_after_a_paragraph_is_cut_off() -> None:
    assert without_boilerplate(f"{STORY} Read more.\n\n{MORE} Read more\n\n{STORY}") == f"{STORY}\n\n{MORE}\n\n{STORY}"
    assert without_boilerplate(f"{STORY}\n\nThey should write less. Read more books.") == (
        f"{STORY}\n\nThey should write less. Read more books."
    )


def test_headlines_under_the_name_of_their_coverage_go_from_the_end() -> None:
    listed = "HARBOUR COVERAGE:\n\nFerry fares to rise in June\n\nHow the lighthouse was kept"

    assert without_boilerplate(f"{STORY}\n\n{MORE}\n\n{listed}") == f"{STORY}\n\n{MORE}"
    assert without_boilerplate(f"{listed}\n\n{STORY}") == f"{listed}\n\n{STORY}"


def test_headlines_on_a_subject_go_with_its_heading_where_nothing_else_follows() -> None:
    listed = "More Fenwick harbour news\n\nFerry fares to rise in June\n\nHow the lighthouse was kept"

    assert without_boilerplate(f"{STORY}\n\n{MORE}\n\n{listed}") == f"{STORY}\n\n{MORE}"
    assert without_boilerplate(f"{STORY}\n\n{listed}\n\n{MORE}") == f"{STORY}\n\n{listed}\n\n{MORE}"


@pytest.mark.parametrize(
    "credit",
    [
        "Ada Prow/AFP/Getty Images",
        "Ada Prow/Tide Photo/Getty Images",
        "Ada Prow / Xinhua",
        "(Ada Prow/FWA)",
        "Ada Prow/Pool Photo via AP",
        "Ada Prow/AP/FILE",
        "FWA/Harbour Board/Sarn State University",
    ],
)
def test_a_caption_is_known_by_its_credit_and_left_out(credit: str) -> None:
    caption = f"The mayor of Lower Fenwick looks at what is left of the bridge in May. {credit}"

    assert without_boilerplate(f"{STORY}\n\n{caption}\n\n{MORE}") == f"{STORY}\n\n{MORE}"


def test_a_paragraph_longer_than_a_caption_loses_only_whose_picture_ran_into_it() -> None:
    paragraph = " ".join([STORY] * 4)

    assert without_boilerplate(f"{paragraph} Ada Prow/AFP/Getty Images\n\n{MORE * 5}") == f"{paragraph}\n\n{MORE * 5}"


def test_a_page_of_pictures_keeps_their_words() -> None:
    assert without_boilerplate(f"{STORY} Ada Prow/AFP/Getty Images") == STORY
    assert without_boilerplate(f"{STORY} Ada Prow/AP\n\nTwo.\n\n{MORE} Bo Stern/AP") == f"{STORY}\n\nTwo.\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "The keeper plays two parts. One is his/HERS",
        "It was closed in May. The board pays the crew and/or the keeper",
        "The mayor came by sea. She left via Sarn",
    ],
)
def test_a_stroke_at_the_end_makes_no_caption(line: str) -> None:
    assert without_boilerplate(f"{STORY}\n\n{line}\n\n{MORE}") == f"{STORY}\n\n{line}\n\n{MORE}"


def test_a_polled_agency_is_no_credit() -> None:
    polled = f"{STORY}\n\nSix of ten want the bridge, according to a poll of Ipsos/Reuters"
    assert without_boilerplate(polled) == polled


ASIDE = "OLD LIGHT: Keepers look back on a hundred years of storms"


def test_a_headline_under_a_label_in_capitals_goes_from_among_paragraphs() -> None:
    assert without_boilerplate(f"{STORY}\n\n{ASIDE}\n\n{MORE}") == f"{STORY}\n\n{MORE}"
    assert (
        without_boilerplate(f"{STORY}\n\n{ASIDE}\n\nNEW LIGHT: The lamp and its keepers\n\n{MORE}")
        == f"{STORY}\n\n{MORE}"
    )


@pytest.mark.parametrize(
    "aside",
    [
        f"{ASIDE}\n\nA short line.",
        f"A short line.\n\n{ASIDE}",
        f"{ASIDE}\n\n{MORE}\n\nOLD LIGHT: Nobody asked the keepers of it before",
        "ADA PROW: We were there before any of you.",
        "BONUS TIP: How to keep your boat dry in the winter",
        "FIRST ROUND: Keepers beat the pilots in the rain",
        "WINNER: Hallin Rovers keep the cup for another year",
        "1907: Keepers of the light go out on strike",
        "MAY 16: Keepers of the light go out on strike",
        "BOX SCORE: Hallin 81, Marsk 60",
        "MAYOR ADA PROW: well then let us have it out",
    ],
)
def test_another_label_in_capitals_stays(aside: str) -> None:
    text = f"{STORY}\n\n{aside}\n\n{MORE}"

    assert without_boilerplate(text) == text


def test_the_story_goes_on_after_a_heading_in_its_middle() -> None:
    assert without_boilerplate(f"{STORY}\n\nRelated:\n\nFerry fares to rise\n\n{MORE}") == (
        f"{STORY}\n\nFerry fares to rise\n\n{MORE}"
    )


def test_a_bar_of_services_is_cut_out_of_a_line() -> None:
    bar = "Send Facebook Twitter Google+ Whatsapp Tumblr linkedin Digg reddit Permalink http://dw.example/p/2Vash"

    assert without_boilerplate(f"{STORY} {bar} {MORE}") == f"{STORY} {MORE}"


@pytest.mark.parametrize(
    "foot",
    [
        " (China Daily 03/04/2017 page7)",
        " ( China Daily Africa Weekly 03/04/2017 page 12)",
        " Source: Al Jazeera and news agencies",
        " Source:-News agencies",
        "Source: Agencies",
        " Follow us on Facebook, on Twitter @harbour_courier, or write to us at the quay.",
        " Do you have information you want to share with HuffPost? Here is how.",
        " Source: Agencies (China Daily 03/04/2017 page7)",
        " jomarsh@harbour.example (China Daily 03/04/2017 page7)",
        " Share this slide: Never miss a tide. Learn more",
        " How will the flood change the way you sail? Learn more",
        " Learn more",
        " Were you at the bridge? You can share what you saw by emailing us@harbour.example. Please give a number.",
        " Read more from Jo Follow Jo Marsh on Twitter",
        " Follow Jo on Twitter @jomarsh",
        " Source:-Tarvian news agency",
        " The views expressed in this article are the author's own and do not necessarily reflect the paper's.",
        " Ada Prow is a writer based in Sarn. She has kept the light for the U.S. Navy. The opinions expressed here are her own.",
        " Ada Prow and J. B. Stern contributed to this report.",
        " The views do not necessarily reflect those of the Courier.",
        " Additional reporting by Ada Prow in Sarn.",
        " The wires contributed reporting to this story.",
        " Ada Prow in St. Sarn and Dr. Bo Stern contributed to this report.",
        " ap/bst (FWA, dpa)",
        " - ap/bst (Reuters)",
        " ap/bst (FWA, county website) -",
        " -",
        " — Follow Ada Prow on Twitter at http://twitter.com/adaprow",
        " - -",
        " You can leave a comment below this article. We look forward to hearing from you!",
        " Logo - http://media.example/147665/logo.jpg",
        " — Contact Prow at https://www.twitter.com/adaprow",
        " The writer is a senior editorial consultant for the Courier.",
        " The author is a professor of tides at Marsk.",
    ],
)
def test_the_foot_of_a_page_is_cut_off_its_last_line(foot: str) -> None:
    assert without_boilerplate(f"{STORY} {MORE}{foot}") == f"{STORY} {MORE}"
    assert without_boilerplate(f"{STORY}\n\n{MORE}{foot}\n\nAdvertisement") == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "He read it in the China Daily of 4 March.",
        "Source: Al Jazeera was told by the mayor, who asked not to be named, that the bridge is lost.",
        "The ministry's Resource: Agencies",
        "“Do you have information?” the police asked.",
        "Were you there? The police ask witnesses to come to the station on the quay.",
        "The other request has many of the same terms, and you will learn more",
        "The police follow Jo Marsh on Twitter, and so does the mayor.",
        "The views expressed there are not those of the mayor.",
        "Her views do not reflect those of the council.",
        "Ada Prow is a writer based in Sarn. She has kept the light for years.",
        "Nobody contributed to the report that the county ordered.",
        "The writer is a hero to the people of the quay.",
        "Contact was made with the boat at https://tides.example/boat and it is safe.",
        "It is worth less than half. The rest is paid in shares (all of it)",
        "The letter was signed with a name that nobody knew, tide@harbour.example, and a date.",
    ],
)
def test_a_last_line_that_only_looks_like_a_foot_stays_whole(line: str) -> None:
    assert without_boilerplate(f"{STORY}\n\n{line}") == f"{STORY}\n\n{line}"


def test_a_foot_in_the_middle_of_a_text_stays() -> None:
    text = f"{STORY} Source: Agencies\n\n{MORE}"

    assert without_boilerplate(text) == text


LIFE = "Ada Prow is a columnist for the Harbour Courier. She lives in Sarn."


def test_the_life_of_a_writer_under_the_story_is_left_out() -> None:
    column = f"{STORY}\n\n{MORE}\n\nSo it goes in Fenwick."

    assert without_boilerplate(f"{column}\n\n{LIFE}") == column
    assert without_boilerplate(f"{column}\n\n{LIFE} The views expressed here are her own.\n\nAdvertisement") == column


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY}\n\nNobody asked Prow, who kept the light.\n\n{MORE}\n\n{LIFE}",
        f"{STORY}\n\n{MORE}\n\nAmong those who spoke:\n\nBo Stern is an editor of charts in Marsk.\n\n{LIFE}",
        f"{STORY}\n\n{MORE}\n\nSo it goes.\n\nAda Prow is a hero of the flood. She lives in Sarn.",
        f"{STORY}\n\n{LIFE}\n\n{MORE}\n\nSo it goes.",
        f"{STORY}\n\n{LIFE}",
    ],
    ids=["named above", "one of a list", "no writer", "not the last", "under too little"],
)
def test_a_life_that_the_story_tells_stays(text: str) -> None:
    assert without_boilerplate(text) == text


@pytest.mark.parametrize(
    "second",
    [
        "@jomarsh",
        "Harbour Courier Journal",
        "USA TODAY",
        "The Associated Press",
        "Staff Reporter",
        "Special to the Courier",
        "HARBOUR TODAY",
        "For HARBOUR TODAY",
        "HARBOUR TODAY Sports",
        "Capital Bureau | HARBOUR TODAY NETWORK – FENWICK",
    ],
)
def test_a_byline_over_the_story_is_left_out(second: str) -> None:
    assert without_boilerplate(f"Jo Ann Marsh\n{second}\n\n{STORY}") == STORY


@pytest.mark.parametrize(
    "opening",
    [
        "Jo Marsh\n\nHarbour keeper",
        "Jo Marsh",
        "The mayor\n\nReuters",
        "How Lower Fenwick lost a bridge\n\nReuters",
    ],
)
def test_another_opening_stays(opening: str) -> None:
    assert without_boilerplate(f"{opening}\n\n{STORY}") == f"{opening}\n\n{STORY}"


@pytest.mark.parametrize(
    "opening",
    [
        "Ada Prow, Harbour News Journal, and BO STERN, Associated Press",
        "Ada Prow\n\nOpinion contributor",
        "AP",
        "The Associated Press",
        "Jo Marsh and Ada Prow\n\nReuters",
        "By Jo Marsh\nHARBOUR TODAY",
    ],
)
def test_an_agency_or_several_writers_over_the_story_are_left_out(opening: str) -> None:
    assert without_boilerplate(f"{opening}\n\n{STORY}") == STORY


def test_bylines_are_found_among_other_lines_that_go() -> None:
    opening = "Advertisement\n\nJo Marsh\n\nReuters\n\n@jomarsh\n\nAda Prow\n\nAdvertisement\n\n@adaprow"

    assert without_boilerplate(f"{opening}\n\n{STORY}") == STORY


def test_a_byline_over_nothing_stays() -> None:
    assert without_boilerplate("Jo Marsh\n\nReuters\n\nAdvertisement") == "Jo Marsh\n\nReuters"
    assert without_boilerplate("Reuters\n\nAdvertisement") == "Reuters"


def test_a_name_and_a_paper_further_down_stay() -> None:
    text = f"{STORY}\n\nJo Marsh\n\nReuters\n\n{MORE}"

    assert without_boilerplate(text) == text


def test_a_page_about_newsletters_is_left_whole() -> None:
    text = "\n\n".join(["Five newsletters", *(f"Subscribe to newsletter number {n} for its tides" for n in range(9))])

    assert without_boilerplate(text) == text


def test_nothing_is_left_of_a_page_that_has_nothing_else() -> None:
    assert without_boilerplate("Advertisement\n\nSign up for our newsletter\n\n© 2025 Harbour Courier") == ""


LINES = st.sampled_from(
    [
        STORY,
        MORE,
        "",
        "Related:",
        "A headline",
        *(lines[0] for lines in ADDED.values()),
        "Jo Marsh",
        "Reuters",
        f"{MORE} Source: Agencies",
        "Related: ► More Source: Agencies",
        "Source: Agencies",
    ]
)


@given(st.lists(LINES | st.text(max_size=30), max_size=15))
def test_sifting_twice_is_sifting_once(lines: list[str]) -> None:
    once = without_boilerplate(clean_text("\n".join(lines)))

    assert without_boilerplate(once) == once
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "hostile",
    [
        "Follow " + "a @ " * 110,
        "Reach " + "on " * 140,
        "Sign up " * 55,
        "X " * 100_000,
        "Share" + " " * 400,
        "- " * 220 + "x",
        "Follow us on Facebook, on Twitter @a " * 1000,
        "Source: Agencies" * 5000,
        "a b" * 140 + ":",
        "Ab " * 140 + "can be reached at",
        "Who? " + "share a@a " * 44,
        "Where? " * 60 + "@",
        "Ab " * 140 + "/AP/AP",
        "You. " * 119 + "Learn more.",
        "Ada Prow is a b. " * 50 + " expressed ",
        "The views expressed " * 40,
        "a contributed to this " * 20,
        "A. " * 300 + "Ab contributed to the x",
        "x. " + "Ab/" * 140 + "AP",
        "x. " + "Ab " * 140 + "via AP",
        "x. (a/" * 100,
        "a?A" * 150,
        "Contributing:" * 30,
        "A.b:C " * 70,
        "AB " * 70 + ": x",
        "AB C: " + "abc " * 50,
        "abc.Abc " * 27,
    ],
)
def test_a_hostile_line_is_weighed_in_no_time(hostile: str) -> None:
    assert len(without_boilerplate(f"{STORY}\n" + f"{hostile}\n" * 3)) >= 0
