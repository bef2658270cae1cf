"""Who is one person across articles, by name and with care: a doubt keeps two apart. Pure.

"Dmitry Peskov", "Dmitri Peskov" and a bare "Peskov" are one; "John Smith" and "Jane Smith" are two, and a bare "Smith"
beside both is either only where his role tells which.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.speech import vocabulary
from rag.speech.given_names import SHORT_FORMS
from rag.speech.roles import role_words
from rag.spoken import Naming
from rag.terms import is_stopword, words

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# What transliterations write differently: Dmitry and Dmitriy, Zelensky and Zelenskyy, Alexei and Aleksey.
_SPELLINGS = (("y", "i"), ("j", "i"), ("x", "ks"), ("ck", "k"), ("ph", "f"))
_DOUBLED = re.compile(r"(.)\1+")
_ENDING = re.compile(r"[iyj]+$")
_MOST_NAME_WORDS = 6
_TITLED = vocabulary.TITLES | frozenset(vocabulary.HONORIFICS)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by every way of naming them; `name` is the fullest that is usual."""

    name: str
    namings: tuple[Naming, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(naming.name for naming in self.namings)

    @property
    def roles(self) -> tuple[str, ...]:
        """As worded, the most frequent first."""
        found: Counter[str] = Counter()
        for naming in self.namings:
            if naming.role:
                found[naming.role] += naming.count
        return tuple(role for role, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def count(self) -> int:
        return sum(naming.count for naming in self.namings)

    @property
    def is_named(self) -> bool:
        """Whether this is somebody with a name, as far as its form tells: no ministry, no "officials"."""
        return is_personal(self.name) and (len(_core(self.name)) > 1 or bool(self.roles))

    @property
    def is_somebody(self) -> bool:
        """Whether the name tells who or what this is: a person's or a body's, and no "its governor", no "officials"."""
        return is_personal(self.name) or not _is_bare_role(self.name)


@dataclass(frozen=True, slots=True)
class _Form:
    """The parts of a name that are compared; `given` is "" for a bare surname."""

    given: str
    middle: tuple[str, ...]
    surname: str
    suffix: str

    @property
    def initial_only(self) -> bool:
        return len(self.given) == 1


def folded(name: str) -> str:
    """Lower case, without diacritics, apostrophes, points and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    # Letters of other forms (superscript, double-struck) are capitals only once they are plain.
    plain = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=65_536)
def spelled(word: str) -> str:
    """The form in which spellings of one name are the same: "zelenski" for Zelensky, Zelenskyy and Zelenskiy."""
    plain = folded(word)
    for written, stands in _SPELLINGS:
        plain = plain.replace(written, stands)
    return _DOUBLED.sub(r"\1", plain)


def name_keys(name: str) -> frozenset[str]:
    """What a name is found by: each of its words, as `spelled`; titles and particles left out."""
    return frozenset(key for word in _core(name) if (key := spelled(word)))


def speaker_words(name: str, role: str | None = None) -> frozenset[str]:
    """What a speaker is found by: the words of the name, and the stems of the role's and of a name that is none."""
    phrase = " ".join((name if not is_personal(name) else "", role or ""))
    return name_keys(name) | {word.stem for word in words(phrase) if not is_stopword(word.text)}


def is_personal(name: str) -> bool:
    """Whether a name has the form of a person's: every word a capitalised one, none that organisations have."""
    written = name.split()
    if not written or len(written) > _MOST_NAME_WORDS or any(letter.isdigit() for letter in name):
        return False
    core = _core(name)
    if not core or any(word.lower() in vocabulary.ORGANISATION_WORDS for word in core[1:] or core):
        return False
    if len(core) == 1 and core[0].lower() in vocabulary.ROLE_NOUNS:
        return False
    small = vocabulary.NAME_PARTICLES | vocabulary.SUFFIXES
    return written[0].lower() not in vocabulary.DETERMINERS and all(
        word[:1].isupper() or word.lower().strip(",") in small for word in written
    )


def _is_bare_role(name: str) -> bool:
    """Whether a phrase names somebody by what they are alone: "its governor", "a ministry spokesman", "officials"."""
    written = name.lower().split()
    head = next((n for n, word in enumerate(written) if n and word in vocabulary.PREPOSITIONS), len(written))
    last = written[head - 1].strip(",’'") if written else ""
    return any(each in vocabulary.ROLE_NOUNS | vocabulary.TITLES for each in (last, last.removesuffix("s")))


def merge(namings: Iterable[Naming]) -> list[Person]:
    """Everybody named, each once, those with the most statements first. The order of the namings does not matter."""
    blocks: defaultdict[str, list[tuple[_Form, Naming]]] = defaultdict(list)
    people: list[Person] = []
    phrases: defaultdict[str, list[Naming]] = defaultdict(list)
    for naming in namings:
        form = _form(naming.name) if is_personal(naming.name) else None
        if form is None:
            phrases[" ".join(naming.name.casefold().split())].append(naming)
        else:
            blocks[spelled(form.surname)].append((form, naming))
    for block in blocks.values():
        people.extend(_merge_block(block))
    people.extend(_person(group) for group in phrases.values())
    return sorted(people, key=lambda person: (-person.count, person.name))


def _merge_block(block: Sequence[tuple[_Form, Naming]]) -> list[Person]:
    """Those of one surname: first the fully named, then the bare surnames to whom they can only mean."""
    groups: list[list[tuple[_Form, Naming]]] = []
    forms: defaultdict[_Form, list[Naming]] = defaultdict(list)
    for form, naming in block:
        forms[form].append(naming)
    full = [form for form in forms if form.given]
    # The most fully named first: what they leave apart, a shorter name cannot join.
    for form in sorted(full, key=lambda f: (f.initial_only, -len(f.middle), f.suffix, f.given, f.middle, f.surname)):
        fitting = [group for group in groups if all(_compatible(form, other) for other, _ in group)]
        members = [(form, naming) for naming in forms[form]]
        if len(fitting) == 1:
            fitting[0].extend(members)
        else:
            groups.append(members)
    apart: defaultdict[str, list[Naming]] = defaultdict(list)
    joined: list[list[Naming]] = [[naming for _, naming in group] for group in groups]
    for form in forms:
        if form.given:
            continue
        fitting_groups = [n for n, group in enumerate(groups) if any(_same_surname(form, other) for other, _ in group)]
        for naming in forms[form]:
            meant = _meant(naming, fitting_groups, groups)
            if meant is None:
                apart[folded(form.surname)].append(naming)
            else:
                joined[meant].append(naming)
    return [_person(group) for group in [*joined, *apart.values()]]


def _meant(naming: Naming, fitting: Sequence[int], groups: Sequence[Sequence[tuple[_Form, Naming]]]) -> int | None:
    if len(fitting) == 1:
        return fitting[0]
    wanted = role_words(naming.role or "")
    by_role = [n for n in fitting if any(wanted & role_words(other.role or "") for _, other in groups[n])]
    return by_role[0] if len(by_role) == 1 else None


def _person(group: Sequence[Naming]) -> Person:
    counts: Counter[str] = Counter()
    for naming in group:
        counts[naming.name] += naming.count
    full = [name for name in counts if len(_core(name)) > 1 and len(folded(_core(name)[0])) > 1]
    name = min(full or counts, key=lambda each: (-counts[each], -len(each), each))
    return Person(name, tuple(sorted(group, key=lambda n: (-n.count, n.name, n.role or "", n.key))))


def _core(name: str) -> list[str]:
    """The words of a name without titles before it, particles and suffixes."""
    written = [word.strip(",") for word in name.replace("’s", "").split()]
    while len(written) > 1 and written[0].lower() in _TITLED:
        written = written[1:]
    small = vocabulary.NAME_PARTICLES | vocabulary.SUFFIXES
    return [word for n, word in enumerate(written) if word and (n == 0 or word.lower() not in small)]


def _form(name: str) -> _Form | None:
    core = [folded(word) for word in _core(name)]
    core = [word for word in core if word]
    if core and core[0] in vocabulary.NAME_PARTICLES and len(core) > 1:
        core = core[1:]  # "von der Leyen" is a surname alone
    if not core:
        return None
    last = name.rsplit(maxsplit=1)[-1].lower().strip(",")
    suffix = last.strip(".") if last in vocabulary.SUFFIXES else ""
    given, middle = (core[0], tuple(core[1:-1])) if len(core) > 1 else ("", ())
    return _Form(given, middle, core[-1], suffix)


def _compatible(one: _Form, other: _Form) -> bool:
    return (
        one.suffix == other.suffix
        and _same_given(one.given, other.given)
        and _same_middle(one.middle, other.middle)
        and spelled(one.surname) == spelled(other.surname)
    )


def _same_given(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1]
    return spelled(one) == spelled(other) or any(one in names and other in names for names in SHORT_FORMS)


def _same_middle(one: Sequence[str], other: Sequence[str]) -> bool:
    """Middle names may be left out or cut to their initials, but not differ."""
    return len(one) == 0 or len(other) == 0 or [word[:1] for word in one] == [word[:1] for word in other]


def _same_surname(bare: _Form, full: _Form) -> bool:
    """A bare surname says less than a full name, so that only its ending may be spelled otherwise."""
    return _ENDING.sub("", bare.surname) == _ENDING.sub("", full.surname)
