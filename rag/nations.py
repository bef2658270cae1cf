"""Countries whose people and things are named otherwise than by its name with an ending, and the quarters of the sky. Data.

"Russian" for "Russia" needs no table: two forms of one name begin alike.
"""

from __future__ import annotations

_FORMS = """
america american americans us usa united-states
britain british briton britons uk united-kingdom
england english englishman
scotland scottish scots scot
wales welsh
ireland irish
france french frenchman frenchwoman
germany german germans
spain spanish spaniard spaniards
portugal portuguese
netherlands dutch holland
belgium belgian belgians
switzerland swiss
denmark danish dane danes
sweden swedish swede swedes
norway norwegian norwegians
finland finnish finn finns
poland polish pole poles
greece greek greeks
turkey turkish turk turks turkiye
china chinese
japan japanese
korea korean koreans
vietnam vietnamese
thailand thai thais
burma burmese myanmar
nepal nepali nepalese
lebanon lebanese
iran iranian iranians persian
iraq iraqi iraqis
yemen yemeni yemenis
oman omani
qatar qatari
kuwait kuwaiti
pakistan pakistani pakistanis
afghanistan afghan afghans
kazakhstan kazakh kazakhs
uzbekistan uzbek uzbeks
tajikistan tajik tajiks
kyrgyzstan kyrgyz
philippines philippine filipino filipina filipinos
peru peruvian
cuba cuban cubans
chile chilean
mali malian
chad chadian
niger nigerien
congo congolese
sudan sudanese
togo togolese
czech czechs czechia
serbia serb serbs serbian
croatia croat croats croatian
slovakia slovak slovaks
slovenia slovene slovenes
europe european europeans eu
paris parisian
london londoner londoners
east eastern easterner
west western westerner
north northern northerner
south southern southerner
"""
_NATION = {form: line.split()[0] for line in _FORMS.strip().splitlines() for form in line.split()}


def same_nation(one: str, other: str) -> bool:
    """Whether two folded words name the same country or its people: "french" and "france"."""
    nation = _NATION.get(one)
    return nation is not None and nation == _NATION.get(other)


def is_nation(word: str) -> bool:
    """Whether this folded word is a form in the table."""
    return word in _NATION
