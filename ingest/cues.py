"""What the lines look like that a page adds to its story: English cues, by kind. Pure.

Each pattern is for a whole line, or for a text's last words where it says so. What a paragraph of news could say is no cue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.feet import disclaims
from ingest.headlines import LABELLED, glued

# A paragraph longer than this is story, whatever it says.
_MOST_CHARS = 450
# A note on commissions may be longer than other lines that are no story.
_MOST_NOTE_CHARS = 900

_SERVICE = (
    r"(?:Facebook|Twitter|X|Google\+|Whats[Aa]pp|Tumblr|[Ll]inked[Ii]n|stumble|Digg|[Rr]eddit|Newsvine|Pinterest|Instagram"
    r"|Telegram|Flipboard|YouTube|TikTok|Threads|Bluesky|E-?[Mm]ail|Print|Permalink|Copy link|Link copied!?|SMS|Messenger)"
)
# A bar of services has one of these; looking for them first is cheaper.
SHARE_SIGNS = ("Facebook", "Twitter", "Whats")
SHARE_RUN = re.compile(
    rf"(?<!\S)(?:(?:Send|Share)(?: this)?(?: on| via)?:? )?{_SERVICE}(?:[ ,|·/]+{_SERVICE}){{4,}}(?: https?://\S+)?(?!\S)"
)
_ASKING = (
    r"(?:sign(?:ing)? ?-?up|subscrib(?:e|ing)|register|delivered (?:straight |right |directly )?to your inbox"
    r"|(?:in|to) your inbox)"
)
_LETTER = r"(?:newsletters?|inbox|alerts?|e-?mails?|briefing|updates|digest|roundup|podcast|subscri(?:ber|ption|be)s?)"
_PHOTO_AGENCY = (
    r"(?:Getty(?: Images)?|AFP|AP(?: Photo)?|Reuters|EPA(?:-EFE)?|Shutterstock|iStock|Alamy|Bloomberg|ZUMA(?: Press)?"
    r"|PA (?:Images|Wire|Media)|Xinhua|dpa|Picture[ -]Alliance|USA TODAY Sports|Anadolu(?: Agency)?)"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    line: re.Pattern[str]
    # What must be in a line, in small letters, for its slow pattern to be tried.
    sign: str


def _rule(name: str, *patterns: str, sign: str = "") -> _Rule:
    return _Rule(name, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE), sign)


# Each is matched against a whole line that has no quotation and no "said" in it.
_RULES = (
    _rule(
        "newsletter",
        rf"(?:sign up|subscribe|register)\b(?=.*\b{_LETTER}\b).*",
        rf"[^.!?]{{1,60}}[:?!] ?(?:sign up|subscribe|get|register)\b(?=.*\b{_LETTER}\b).*",
        rf"[^.!?]{{5,160}}\? (?:join|sign up|subscribe|follow)\b(?=.*\b{_LETTER}\b).*",
        r"editor['’]s note: ?(?:sign up|subscribe)\b.*",
        rf"(?:get|want|would you like|looking for|for (?:more|the latest)|to (?:get|receive)|like what you|never miss|"
        rf"stay (?:up[ -]to[ -]date|informed|in the|on top)|join|enjoy|missed?)\b(?=.*\b{_ASKING})(?=.*\b{_LETTER}\b).*",
        rf"would you like to receive\b.{{1,60}}\b{_LETTER}\b.*",
        r"(?:editor['’]s note: ?)?a version of (?:this|the) (?:story|article|column|post)\b.{1,40}"
        r"\b(?:appear|publish|r[au]n).*\bnewsletter\b.*",
        r"get our (?:free )?(?:weekly |daily )?(?:newsletter|app)\b.*",
        r"(?:support (?:local|our|independent|quality) journalism)\b.*",
        r"(?:(?:this|these) (?:article|articles|story|stories|content) (?:is|are) (?:for|only available to)\b.*subscribers?).*",
        r"thank you for (?:supporting our journalism|subscribing|reading)\b.*",
        r"(?:already|not) a subscriber\?.*",
        r"(?:you (?:have|'ve) (?:reached|read) your|you've reached the limit).*articles?.*",
        r"the .{3,40} newsletter (?:provides|brings) you\b.*",
    ),
    _rule(
        "newsletter",
        r"(?:.{0,250}\b(?:you can|please|help(?: us)?) )?support local journalism by\b.{0,120}",
        r"(?:.{0,250}\bplease )?consider supporting (?:our|local|independent) (?:\w+ ){0,2}"
        r"(?:journalis[mt]s?|news|newsrooms?|reporting)\b.{0,120}",
        r".{0,300}\bplease (?:consider )?support(?:ing)? (?:it|us|our \w+|local journalism) (?:with|by)\b.{0,20}\bsubscri.{0,60}",
        r"[^.]{5,150}\bcovers\b[^.]{5,120}\. consider supporting\b.{5,120}\bsubscri.{0,80}",
        sign="support",
    ),
    _rule(
        "link",
        r"(?:read(?: more| next| also| on| it| the full (?:story|article)(?: here)?)?|more|"
        r"related(?: (?:stories|articles|content|coverage|reading))?|"
        r"see (?:also|more)|also (?:read|see)|learn more|find out more|watch(?: live| now| more| next)?|check out|go deeper|"
        r"don['’]t miss(?: this)?|you (?:may|might) also like|recommended(?: reading)?|must[ -]reads?|listen(?: now)?|"
        r"podcasts?|photos|gallery|in pictures|from the archives?|up next|trending|most read|opinion|"
        r"background|explainer|live updates|"
        r"more (?:from|on|news|stories|coverage)[^:]{0,40}) ?[:|»>] ?[^:]{1,150}(?<![.])",
        r"(?:read more|read next|keep reading|related(?: (?:stories|articles|content))?|see also|also read|"
        r"up next|more stories|"
        r"more (?:coverage )?from [\w' ]{2,30}|(?:more|full|related) coverage|"
        r"you (?:may|might) also like|recommended(?: for you)?|"
        r"most (?:read|popular)|trending now)\W{0,3}",
        r"(?:for more|AP|AFP|Reuters|PA|UPI|dpa) [\w '’&.-]{2,60}: ?https?://\S+(?:(?:,| and) https?://\S+)*",
        r"(?:visit|head to|go to|click) [\w./]+\.com\S* for more\b.*",
        r"(?:for the (?:full|whole|original) (?:story|article|report), )?click (?:here|through|on (?:the|this) link)\b.*",
        r"hit play on the player above\b.*",
        r"our fact[- ]check sources\W{0,3}",
        r"(?:read|see|find|watch) (?:more|the (?:full|original|whole) (?:story|article|report|interview|video)|it)"
        r"(?: \w+){0,3} here\W*",
        r"read more (?:about|on|from|at|in)\b[^.]{1,80}\W{0,2}",
    ),
    _rule(
        "follow",
        r"for the latest (?:news|updates?|coverage|stories)\b[^.]{3,120},? (?:visit|go to|follow|see) \S+\.(?:com|org|net)\S*",
        r"(?:follow|like|join|find|connect with) (?:us|me|him|her|them|our|@\w+|[\w.'’ &-]{2,60})\b.*"
        r"(?:@\w+|\bon (?:twitter|facebook|instagram|x|tiktok|social media|flipboard|snapchat)|//(?:www\.)?twitter\.com/\w+)\b.*",
        r"(?:e-?mail:? ?)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"(?:got|have|do you have) an? (?:news )?(?:tip|story idea|idea)\b.{0,120}\?.{0,30}\b(?:contact|e-?mail|reach)\b.+",
        r"(?:(?:on )?(?:twitter|x|instagram|facebook): ?)?@\w{2,30}",
        r"(?:contact|reach|email|e-mail|tweet|call|text)\b.{2,80}(?:\bat\b|\bvia\b|\bon\b|:).*(?:@\w|\bon twitter\b|\(\d{3}\)).*",
    ),
    _rule(
        "follow",
        r".{5,300}\b(?:follow (?:him|her|them|me|us|@\w+)\b|"
        r"(?:can be )?reach(?:ed)? (?:him|her|them|me)? ?at\b|on twitter at)\b.*@\w+.*",
        r".{5,300}\? .{0,120}\b(?:e-?mail|contact|write to|reach(?: out)?)\b.*@\w+.*",
        sign="@",
    ),
    _rule(
        "share",
        rf"(?:(?:send|share)(?: this)?(?: article| story| page)?(?: on| via| with)?:? ?)?"
        rf"{_SERVICE}?(?:[ ,|·/]+{_SERVICE})+\W*",
          r"share (?:this|on|via|full article|article|with (?:friends|your friends))\b[\w ,:|]{0,40}",
    ),
    _rule(
        "advertisement",
        r"(?:advertisements?|advertising|ad feedback|ad|sponsored(?: content| post)?|paid (?:post|content)|promoted(?: content)?|"
        r"(?:story|article|post|content)? ?continues? (?:reading )?(?:below|after)"
        r"(?: (?:the |this )?(?:advertisement|ad|gallery|video))?|"
        r"continue reading(?: (?:below|the main story|this article))?|scroll (?:down )?(?:to continue|for more)|"
        r"skip (?:advertisement|ad|to (?:content|main content))|loading(?:\.{3}|…)?)\W{0,3}",
        r"video ad feedback\b.*",
        r"video player was slow to load content\b.*",
        r"(?:\d\. )?how relevant is this ad to you\?",
        r"did you encounter any technical issues\?",
    ),
    _rule(
        "cookies",
        r"(?:we(?: and our partners)?|this (?:site|website|page)|our (?:site|website)) uses? cookies\b.*",
        r"by (?:clicking|continuing|using|signing up|submitting)\b(?=.*\b(?:cookies|privacy|terms)\b).*",
        r"(?:accept|manage|reject)(?: all)? cookies\W*",
        r"cookie (?:policy|settings|preferences|notice)\W*",
        r"we will use the (?:details|information) you have shared\b.*",
        r"(?:if you wish to object to the use of your data|"
        r"do not sell(?: or share)? my (?:personal )?(?:info|data|information))\b.*",
        r"'?we'? includes [^.]{3,60}\bas detailed here\W*",
    ),
    _rule(
        "commerce",
        r"(?:purchases you make|if you (?:buy|purchase|click)[^.]{0,60}(?:we|our)|recommendations are independently chosen)\b.*",
        r"[—–-] ?recommendations are independently chosen\b.*",
        r"prices were accurate at the time\b.*",
        r"[\w ,.'’/&©]{3,60} may (?:earn|receive)(?: a| an)? (?:revenue|commission|affiliate)\b.*",
        r"(?:the product experts at|make smart choices without)\b.*",
        r".{3,60} is an? .{3,40}content partner\b.*produced independently\b.*",
    ),
    _rule(
        "promotion",
        r"(?:prep for the polls|sign-up for your vote|holiday deals|[a-z]+ stats central|"
        r"(?:\d{4} )?(?:[a-z]+ )?olympic(?:s| medals)|[\w ]{3,40} map): "
        r"(?:see|text|shop|the latest|who is|follow|track)\b.{10,160}",
        r"the associated press .{3,80}\breceives? support from\b.+",
        r"[^.:]{3,40}: (?:the )?latest\b[^.:]{3,100}, [^.:]{0,80}\b(?:and|&) "
        r"(?:more|analysis|standings|updates|news|scores|stats)\.?",
        r"more [\w' ]{2,40}: ?https?://\S+(?:(?:,| and) https?://\S+)*",
        r"(?:our|this) (?:fact[- ]check(?:ing)?|reporting|coverage|journalism)\b.{0,20}\b(?:is|was) "
        r"(?:supported|funded|made possible)\b.{0,30}\b(?:grants?|funds?|funding|donations?)\b.{2,80}",
    ),
    _rule(
        "promotion",
        r"[\w' ]{3,40}\b(?:coverage|reporting|journalism) (?:at|by|in) [\w' ]{3,50} is (?:made possible|supported|funded)"
        r"\b.{0,40}\bgrants?\b.{2,200}",
        sign="grant",
    ),
    _rule(
        "promotion",
        r"(?:the )?[\w' ]{2,40} (?:created|generated) this (?:story|report|article) using technology\b.{3,120}",
        sign=" using technology ",
    ),
    _rule(
        "contribution",
        r"(?:(?:compiled )?from|by) [\w' ,/.-]{0,60}\b(?:wire|staff|news service)s?(?: and (?:wire|staff))? reports?\W?",
        r"contribut(?:ing|ors?|ed)(?: by| writers?)? ?: ?.{3,400}",
    ),
    _rule(
        "contribution",
        r".{3,300}\bcontributed (?:reporting )?to this (?:report|story|article|column|dispatch)(?: from [\w ,.]{2,40})?\W{0,3}",
        sign="contributed",
    ),
    _rule(
        "rights",
        r"(?:©|\(c\)|copyright)\W.*(?:\d{4}|all rights reserved).*",
        r"all rights reserved\W*",
        r"republi(?:shing|cation)\b.{5,200}\bprohibited\W*",
        r"(?:terms of (?:use|service)|privacy (?:policy|notice))"
        r"(?: (?:and|&|\|) (?:terms of (?:use|service)|privacy (?:policy|notice)))?\W*",
    ),
)  # fmt: skip
_CREDIT = re.compile(
    r"(?:(?:Photo(?:graph)?|Image|Picture|Video|Illustration)s?(?: credit| source| copyright| courtesy| by)?:? ?(?:of )?)?"
    r"(?:[A-Z][\w.'’-]*[ ,/]+){0,5}(?:Getty Images|" + _PHOTO_AGENCY + r")(?:/" + _PHOTO_AGENCY + r"|/File| Photo)*"
    r"|(?:AP|AFP|EPA|Reuters)(?: Photo)?/[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}"
    r"|(?:Photo(?:graph)?|Image|Picture|Video|Illustration)s? ?(?:credit|source|copyright|courtesy(?: of)?|by)\b:? ?.{2,50}"
    r"|(?:Photo(?:graph)?|Image|Picture|Illustration):? [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?: / .{2,30})?"
)
_BARE_AGENCY = re.compile(rf"(?:{_PHOTO_AGENCY}|[A-Z]\w+)")
_RULER = re.compile(r"[-_*=+•♦·.~–—#\s]{1,80}")
_NAMES = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}"
# The players of videos, ...
_PLAYER = re.compile(r".{3,300}\b\d\d?:\d\d ?[-–—] ?Source: ?.{2,40}")
# ... and the ways to a reporter.
_REACHED = re.compile(
    rf"(?:(?:Reporter|Editor|Staff [Ww]riter) {_NAMES}: ?[\d(][\d() .-]{{6,16}}[;,|]? ?\S+@\S+"
    rf"|(?:Reporter|Staff writer) {_NAMES} can be reached (?:at|by)\b.+|{_NAMES} can be reached (?:at|by)\b.*@.+"
    # Who wrote it, for whom, and where to write to.
    rf"|{_NAMES} (?:(?:covers|reports|writes)\b|is\b.{{0,80}}\b(?i:reporter|editor|columnist|writer|critic|journalist)\b)"
    r".{3,350}[\w.+-]+@[\w-]+\.\w.*)"
)
# Who else worked on it.
_WORKED = re.compile(
    r"CONTRIBUTING [A-Z][\w.'’-]+ .{3,300}"
    rf"|\(?(?:(?:Additional|With) r|R)eporting(?: and writing)? by {_NAMES}\b.{{0,250}}"
    rf"(?:[Ee]dit(?:ing|ed) by {_NAMES}.{{0,120}})\)?"
    rf"|\(?(?:Additional|With) reporting(?: and writing)? by {_NAMES}\b.{{0,250}}"
)
_COMMISSION = re.compile(
    r"(?:we occasionally recommend interesting products|gannett may earn revenue)\b.+", re.IGNORECASE
)
# Whose picture it is, after the words under it: names, and after a stroke an agency or an outlet's initials.
CREDIT_AFTER = re.compile(
    r"(?<=[.!?\"”’)]) \(?(?:[A-Z][\w.'’-]* ){0,5}[A-Z][\w.'’-]* ?"
    rf"(?:/ ?(?:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,2}}/ ?){{0,3}}(?:{_PHOTO_AGENCY}|[A-Z]{{2,5}}|File|FILE|Pool))+\)?\.?$"
    rf"|(?<=[.!?\"”’)]) (?:[A-Z][\w.'’/-]* ){{1,5}}via {_PHOTO_AGENCY}\.?$"
    # or strokes enough that it is nothing else
    r"|(?<=[.!?\"”’)]) [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}(?:/[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}){2,4}\.?$"
)
# What a player says instead of a video.
PLAYER_SIGN = " on this device"
PLAYER_MESSAGE = re.compile(r"\s?\bMedia playback is (?:not supported|unsupported) on this device\b")
# A button after a paragraph.
READ_MORE = re.compile(r"(?<=[.!?\"”’)]) Read more(?: here)?\.?$")
# A name and a paper at the top of a story: a byline.
NAME_ALONE = re.compile(rf"(?:By )?{_NAMES}(?:,? (?:and|&) {_NAMES}|, {_NAMES})*")
AGENCY_ALONE = re.compile(r"(?:The )?Associated Press|AP|AFP|Reuters|dpa|Xinhua|Bloomberg")
WRITER = re.compile(
    r"@\w{2,30}|[A-Z][\w'’. ]{2,30} \| [A-Z][\w'’. –-]{2,40}|(?i:special (?:to|for) (?:the )?|for (?:the )?)[A-Z][\w'’. ]{2,40}"
    r"|[A-Z]{3,}(?: [A-Z]{3,}){1,3}(?: (?:Sports|Network|News|Opinion))?"
    r"|(?i:(?:staff |senior )?(?:reporter|writer)|(?:opinion |guest )?(?:columnist|contributor)"
    r"|cnn|(?:the )?associated press|reuters|afp|bloomberg|usa today(?: network)?|gannett)"
    r"|(?:[A-Z][\w&'’.]* ){1,4}(?:Times|Post|Journal|Herald|Tribune|News|Gazette|Star|Register|Republic|Courier|Sentinel"
    r"|Observer|Chronicle|Press|Dispatch|Enquirer|Democrat|Journal Sentinel|Free Press)"
)
# Names and papers on one line.
BYLINE = re.compile(
    rf"(?:By )?{_NAMES}, (?:the )?(?:{WRITER.pattern})(?:(?:,|;|,? and|;? and) {_NAMES}, (?:the )?(?:{WRITER.pattern}))*"
)
_QUOTATION_MARKS = ("“", "”", "„", "«", "»", '"')
_STORY_WORDS = re.compile(r"\b(?:said|says|told|added|according to)\b")
_STORY_WORD_SIGNS = ("said", "says", "told", "added", "according to")


def rule_for(line: str) -> str | None:
    """The name of the rule by which a line is no story; None for a line that stays."""
    if len(line) <= _MOST_NOTE_CHARS and _COMMISSION.fullmatch(line):
        return "commerce"
    if disclaims(line):
        return "disclaimer"
    if len(line) > _MOST_CHARS:
        return None
    if _RULER.fullmatch(line):
        return "ruler"
    if len(line) <= 90 and _CREDIT.fullmatch(line) and not _BARE_AGENCY.fullmatch(line):
        return "credit"
    if LABELLED.fullmatch(line) or ("Source:" in line and _PLAYER.fullmatch(line)):
        return "link"
    if _REACHED.fullmatch(line):
        return "follow"
    if _WORKED.fullmatch(line):
        return "contribution"
    if _of_story(line):
        # Somebody may say something in a headline, too.
        return "link" if not line.endswith((".", "!", "?", "…", ")")) and not _quoted(line) and glued(line) else None
    if glued(line):
        return "link"
    small = line.casefold()
    return next((rule.name for rule in _RULES if rule.sign in small and rule.line.fullmatch(line)), None)


def _quoted(line: str) -> bool:
    return any(sign in line for sign in _QUOTATION_MARKS)


def _of_story(line: str) -> bool:
    """Whether somebody speaks in it, or is reported to."""
    if _quoted(line):
        return True
    return any(sign in line for sign in _STORY_WORD_SIGNS) and _STORY_WORDS.search(line) is not None
