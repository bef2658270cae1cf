"""The language that an article is in: what its source states, as far as its own words bear it out, else what they show.

Pure. A small model that ships in its wheel (py3langid) tells 97 languages apart in half a millisecond, once it is loaded,
which takes as long as a thousand articles: English of some length is told by its commonest words before.
"""

from __future__ import annotations

import tempfile
from functools import cache, lru_cache
from typing import Any

from rag.errors import StorageError
from rag.languages import is_written_in, language_code, main_script
from rag.terms import WORD

# As much of the text as is looked at; more costs time and tells nothing more.
_READ_CHARS = 1000
# Fewer characters than this do not overrule a statement in the same script.
_FEWEST_CHARS = 200
# How much likelier, as a difference of log-probabilities, another language must be before a statement in the same
# script is overruled: 200 characters of another language lead by 250 and more, those of near kin by 100.
_CLEAR_LEAD = 150.0
# Words that English cannot do without and no other language has, but by chance. Of 15,959 articles 98 % hold such a share,
# and the model took each of 2,000 of these for English too.
_ENGLISH = frozenset({"the", "and", "of", "to", "that", "with", "from", "which", "were", "their"})
_FEWEST_WORDS, _ENGLISH_SHARE = 40, 0.08


def language_of(title: str, body: str, stated: str | None) -> str | None:
    """The code of the article's language; None for a text without letters.

    Many publishing systems put "en" on whatever they publish. A statement that the letters contradict ("en" on a page in
    Cyrillic) is never believed, and one in the same letters is not where a long text is clearly of another language.
    """
    text = f"{title}\n{body[:_READ_CHARS]}"
    code = language_code(stated)
    script = main_script(text)
    if script is None:
        return code
    if code in (None, "en") and script == "latin" and _is_plain_english(text):
        return "en"
    if code is None or not is_written_in(code, script):
        return _ranked(text)[0][0]
    if len(text) < _FEWEST_CHARS:
        return code
    ranked = _ranked(text)
    likelihood = dict(reversed(ranked)).get(code)
    # A language that the model does not know is the source's word against nothing.
    return ranked[0][0] if likelihood is not None and ranked[0][1] - likelihood >= _CLEAR_LEAD else code


def _is_plain_english(text: str) -> bool:
    words = WORD.findall(text)
    return len(words) >= _FEWEST_WORDS and sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words)


def _ranked(text: str) -> list[tuple[str, float]]:
    """Languages and their log-probabilities, likeliest first."""
    return [(_code(name), float(value)) for name, value in _identifier().rank(text)]


@cache
def _code(name: str) -> str:
    """The model's name of a language, one of 97, as ours."""
    return language_code(name) or name


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Half a second to load, so only once an article is read.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE)
    except OSError as error:
        # It unpacks its model into a temporary file.
        raise StorageError(
            f"the model that tells languages cannot be unpacked in {tempfile.gettempdir()}: {error.strerror}"
        ) from error
