"""Texts to the terms that a lexical index holds, by language: tantivy's analyzers, whatever index they are for.

Languages stand side by side in one field: a passage's words are stemmed by its article's language before they go in.
"""

from __future__ import annotations

from collections.abc import Sequence

import tantivy

from rag.languages import STEMMERS, question_language, without_function_words
from rag.terms import indexed_text, is_stopword

# More words than any question has; a pasted page as a question must not become a query of ten thousand terms.
_MAX_QUERY_TERMS = 256


class Analysis:
    """Thread-safe."""

    def __init__(self) -> None:
        self._analyzers = {language: _analyzer(language) for language in (*STEMMERS, "")}

    def terms(self, text: str, language: str) -> list[str]:
        analyzer = self._analyzers.get(language) or self._analyzers[""]
        terms: list[str] = analyzer.analyze(indexed_text(text))
        return terms

    def asked(self, text: str, held: Sequence[str]) -> list[str]:
        """The terms that a question looks for, each once, in an index that holds these languages."""
        language = question_language(text)
        # Where the question does not tell its language, its words are looked for as each language here would stem them.
        languages = (language,) if language is not None and language in held else held
        text = without_function_words(text, language or "")
        plain = " ".join(word for word in text.split() if not is_stopword(word, language or "en"))
        found = dict.fromkeys(term for code in languages for term in self.terms(plain, code))
        return list(found)[:_MAX_QUERY_TERMS]

    def counted(self, word: str, language: str) -> list[str]:
        """The terms whose rarest tells how often a word occurs."""
        terms = self.terms(word.replace("’", "'"), language)
        return [term for term in terms if len(term) > 1 or len(terms) == 1]


def languages_held(codes: Sequence[str]) -> tuple[str, ...]:
    """Of those in Latin letters, with English first, as which a passage without one was read."""
    return tuple(dict.fromkeys(("en", *codes)))


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    """How words in Latin letters are compared; `indexed_text` has prepared the others."""
    plain = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
    )
    if language == "en":
        return plain.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english")).build()
    # Other languages' endings are told by their accents: folded first, "élevé" would keep its own.
    if language in STEMMERS:
        plain = plain.filter(tantivy.Filter.stemmer(STEMMERS[language]))
    return plain.filter(tantivy.Filter.ascii_fold()).build()
