"""Hosts of addresses, as they are compared: a site's articles are found by any form of its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sites import site_named, site_of, sites_above


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Harbour.example/2025/bridge?a=b#c", "harbour.example"),
        ("http://news.harbour.example:8080/x", "news.harbour.example"),
        ("https://someone:else@harbour.example/", "harbour.example"),
        ("https://zeitung-münchen.example/", "xn--zeitung-mnchen-osb.example"),
        ("https://xn--zeitung-mnchen-osb.example/", "xn--zeitung-mnchen-osb.example"),
        ("https://[::1", None),
        ("no address", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_the_site_of_its_host(url: str | None, site: str | None) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("harbour.example", "harbour.example"),
        (" WWW.Harbour.example ", "harbour.example"),
        ("https://harbour.example/local/", "harbour.example"),
        ("harbour.example/", "harbour.example"),
        (".gov", "gov"),
    ],
)
def test_a_domain_is_understood_as_people_write_it(text: str, site: str) -> None:
    assert site_named(text) == site


@pytest.mark.parametrize("text", ["", "-", "two words", "harbour.example/local", "https://", "a..b", "x" * 64])
def test_what_is_no_domain_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"write one such as example\.com"):
        site_named(text)


def test_a_site_lies_under_all_that_its_name_ends_with() -> None:
    assert sites_above("https://www.a.b.example/x") == ["a.b.example", "b.example", "example"]
    assert sites_above(None) == []


@given(st.text(max_size=80))
def test_no_address_is_too_odd_to_be_looked_at(url: str) -> None:
    site = site_of(f"https://{url}")

    assert site is None or (site in sites_above(f"https://{url}") and site_named(site) == site)
