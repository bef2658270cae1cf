"""Hostile addresses: a fetch must not reach this machine, its network or a cloud's metadata, however it is asked.

A sink listens on loopback and must hear nothing. Addresses on the internet are only checked: the network of these tests
connects to loopback alone, and says what it was asked to connect to.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import AddressRules, is_public
from ingest.connecting import resolve
from ingest.fetching import Fetched, Fetcher
from rag.errors import AddressRefusedError, FetchError, UnreachableError
from rag.settings import FetchSettings
from tests.ingest.site import Answers, Hours, Names, Page, Site, Wire, redirect, running
from tests.running import run

# PORT is the sink's, so that whatever slips through is heard there.
HOSTILE = """
http://127.0.0.1:PORT/
http://127.0.0.2:PORT/
http://127.255.255.254:PORT/
http://127.1:PORT/
http://127.0.1:PORT/
http://127.0.0.1.:PORT/
http://0:PORT/
http://0.0.0.0:PORT/
http://0.0.0.1:PORT/
http://0x0:PORT/
http://00:PORT/
http://2130706433:PORT/
http://017700000001:PORT/
http://0177.0.0.1:PORT/
http://0177.0.0.01:PORT/
http://0x7f.0.0.1:PORT/
http://0X7F000001:PORT/
http://0x7f000001:PORT/
http://0x7f.1:PORT/
http://4294967297:PORT/
http://127.0.0.1%00.example.com:PORT/
http://%31%32%37.0.0.1:PORT/
http://127%2e0%2e0%2e1:PORT/
http://①②⑦.⓪.⓪.①:PORT/
http://127。0。0。1:PORT/
http://１２７.0.0.1:PORT/
http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:PORT/
http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/
http://localhost:PORT/
http://LOCALHOST:PORT/
http://localhost.:PORT/
http://localhost..:PORT/
http://.localhost:PORT/
http://sub.localhost:PORT/
http://ip6-localhost:PORT/
http://[::1]:PORT/
http://[::]:PORT/
http://[0:0:0:0:0:0:0:1]:PORT/
http://[::127.0.0.1]:PORT/
http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/
http://[::FFFF:7F00:0001]:PORT/
http://[::ffff:0:127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/
http://[64:ff9b::7f00:1]:PORT/
http://[64:ff9b:1::7f00:1]:PORT/
http://[2002:7f00:1::]:PORT/
http://[2001:0:7f00:1::80ff:fffe]:PORT/
http://[2a00:1450::5efe:127.0.0.1]:PORT/
http://[fe80::1%25lo]:PORT/
http://[::1%25lo]:PORT/
http://[::1:PORT/
http://[v1.127.0.0.1]:PORT/
http://example.com@127.0.0.1:PORT/
http://user:password@127.0.0.1:PORT/
http://127.0.0.1:PORT@example.com/
http://example.com:80@127.0.0.1:PORT/
http://example.com#@127.0.0.1:PORT/
http://example.com\\@127.0.0.1:PORT/
http://127.0.0.1:PORT\\@example.com/
http://127.0.0.1:PORT\\.example.com/
http:\\\\127.0.0.1:PORT/
http:/127.0.0.1:PORT/
http:127.0.0.1:PORT
http:///127.0.0.1:PORT/
//127.0.0.1:PORT/
127.0.0.1:PORT
http://example.com:PORT:80/
http://example.com:80:PORT/
http://example.com:PORT/
http://example.com:22/
http://example.com:6379/
http://example.com:0/
http://example.com:-1/
http://example.com:65616/
http://example.com:8٠/
http://exa mple.com/
http://exa\tmple.com/
http://127.0.0.1\t:PORT/
http://127.0.0.1:PORT/\x00
http://-/
http://./
http://a..b/
http://
http:
https://127.0.0.1:PORT/
https://[::1]:PORT/
ftp://127.0.0.1:PORT/
file:///etc/passwd
file://127.0.0.1:PORT/etc/passwd
gopher://127.0.0.1:PORT/_GET
dict://127.0.0.1:PORT/info
ws://127.0.0.1:PORT/
data:text/html,news
javascript:fetch('http://127.0.0.1:PORT')
unix:///var/run/docker.sock
HTTP+UNIX://%2Fvar%2Frun%2Fdocker.sock/
jar:http://127.0.0.1:PORT!/
http://169.254.169.254/latest/meta-data/
http://[::ffff:169.254.169.254]/latest/meta-data/
http://[fd00:ec2::254]/latest/meta-data/
http://2852039166/latest/meta-data/
http://0xa9fea9fe/
http://0251.0376.0251.0376/
http://169.254.170.2/v2/credentials
http://100.100.100.200/latest/meta-data/
http://192.0.0.192/opc/v1/instance/
http://168.63.129.16/machine/
http://metadata.google.internal/computeMetadata/v1/
http://10.0.0.1/
http://10.255.255.255/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.0.1/
http://100.64.0.1/
http://198.18.0.1/
http://192.0.2.1/
http://224.0.0.1/
http://239.255.255.250/
http://240.0.0.1/
http://255.255.255.255/
http://[fe80::1]/
http://[fc00::1]/
http://[fec0::1]/
http://[ff02::1]/
http://[100::1]/
http://[2001:db8::1]/
""".strip("\n").split("\n")  # fmt: skip
# Names that the machine's own resolver would ask the network for.
ASKED_OF_DNS = ("example.com", "mple.com", "google.internal", "sub.localhost", "ip6-localhost", "/-/", "a..b")
READ_HERE = [url for url in HOSTILE if not any(name in url for name in ASKED_OF_DNS)]
IN_A_HEADER = [url for url in HOSTILE if url.isascii() and url.isprintable()]

# What a name may resolve to; one such address among good ones is enough to refuse them all.
HOSTILE_ANSWERS = [
    *(("127.0.0.1",), ("127.8.8.8",), ("0.0.0.0",), ("::1",), ("::",), ("::ffff:127.0.0.1",), ("::127.0.0.1",)),
    *(("10.0.0.5",), ("172.20.1.1",), ("192.168.1.1",), ("100.64.3.4",), ("169.254.169.254",), ("fd00:ec2::254",)),
    *(("64:ff9b::a00:5",), ("64:ff9b::a9fe:a9fe",), ("2002:a00:5::1",), ("2001:0:1:2:3:4:5:6",), ("fe80::1%eth0",)),
    *(("224.0.0.251",), ("255.255.255.255",), ("192.0.2.7",), ("ff02::fb",), ("168.63.129.16",), ("192.88.99.1",)),
    *(("8.8.8.8", "127.0.0.1"), ("127.0.0.1", "8.8.8.8"), ("2606:4700::1111", "::1"), ("8.8.8.8", "10.0.0.5")),
    *(("localhost",), ("",), ("127.1",), ("0177.0.0.1",), ("2130706433",), ("8.8.8.8, 127.0.0.1",)),
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fetch: the page or the error, what the sink heard, and where connections were made to."""

    page: Fetched | None
    error: FetchError | None
    heard: int
    connected: Sequence[tuple[str, int]]
    names: Names
    visited: Sequence[str]


def attempt(
    url: str,
    *,
    table: Mapping[str, Sequence[Sequence[str]]] | None = None,
    pages: Mapping[str, Answers] | None = None,
    wire: Wire | None = None,
    system_names: bool = False,
    **settings: Any,
) -> Outcome:
    """Fetch it. `SINK` in it is the sink on loopback; `SITE` is the one address on loopback that may be fetched."""

    async def work() -> Outcome:
        async with running(Site()) as sink, running(Site()) as site:

            def placed(text: str) -> str:
                return text.replace("PORT", str(sink.port)).replace("SINK", sink.host).replace("SITE", site.host)

            sink.pages["/"] = Page(b"secret")
            for path, answers in (pages or {}).items():
                site.pages[path] = _placed(answers, placed)
            names, network = Names(table or {}), wire or Wire()
            # The port of the sink is a usual one here, so that no test passes by the port alone.
            ports = (80, 443, sink.port)
            one = Fetcher(
                FetchSettings(**({"allowed_hosts": (site.host,), "ports": ports, "retries": 1} | settings)),
                resolver=resolve if system_names else names,
                network=network,
                clock=Hours(),
            )
            page, error = None, None
            async with one:
                try:
                    page = await one.fetch(placed(url))
                except FetchError as refused:
                    error = refused
            connected = [at for at in network.connected if at != ("127.0.0.1", site.port)]
            return Outcome(page, error, sink.connections, connected, names, site.paths())

    return run(work())


def _placed(answers: Answers, placed: Any) -> Answers:
    if not isinstance(answers, Page):
        return answers
    return Page(answers.body, answers.status, {name: placed(value) for name, value in answers.headers.items()})


LOOPBACK = (("127.0.0.1",), ("::1",))


class TestUrls:
    @pytest.mark.parametrize("url", HOSTILE)
    def test_none_reaches_the_sink(self, url: str) -> None:
        """Whatever looks like a name resolves to loopback, as it does on a machine that is lied to."""
        names = ["localhost", "ip6-localhost", "sub.localhost", "metadata.google.internal", "-", "example.com", "a"]

        outcome = attempt(url, table=dict.fromkeys(names, LOOPBACK))

        assert isinstance(outcome.error, AddressRefusedError | UnreachableError)
        assert (outcome.heard, list(outcome.connected)) == (0, [])

    @pytest.mark.parametrize("url", READ_HERE)
    def test_none_reaches_it_by_the_names_of_this_machine(self, url: str) -> None:
        """By the machine's own resolver, which reads 127.1 and 0x7f.1 as addresses too."""
        outcome = attempt(url, system_names=True)

        assert outcome.error is not None
        assert (outcome.heard, list(outcome.connected)) == (0, [])

    @pytest.mark.parametrize("url", IN_A_HEADER)
    def test_none_reaches_it_by_a_redirect(self, url: str) -> None:
        pages = {"/start": redirect("/second"), "/second": redirect(url)}

        outcome = attempt("http://SITE/start", pages=pages, table={"example.com": LOOPBACK, "localhost": LOOPBACK})

        assert outcome.page is None
        assert outcome.visited[:2] == ["/start", "/second"]  # what is read as a relative address stays on the site
        assert (outcome.heard, list(outcome.connected)) == (0, [])

    def test_the_sink_would_be_heard_where_it_is_allowed(self) -> None:
        """The control: without the rules, the same fetch arrives."""

        async def work() -> tuple[bytes, int]:
            async with running(Site()) as sink:
                sink.pages["/"] = Page(b"secret")
                async with Fetcher(FetchSettings(allowed_hosts=(sink.host,)), clock=Hours()) as one:
                    return (await one.fetch(sink.url("/"))).body, sink.connections

        body, heard = run(work())

        assert body == b"secret"
        assert heard > 0


class TestNames:
    @pytest.mark.parametrize("addresses", HOSTILE_ANSWERS, ids=" ".join)
    def test_a_name_with_an_address_that_is_not_public_is_refused(self, addresses: tuple[str, ...]) -> None:
        outcome = attempt("http://news.example:PORT/", table={"news.example": [addresses]})

        assert isinstance(outcome.error, AddressRefusedError)
        assert (outcome.heard, list(outcome.connected)) == (0, [])

    def test_a_name_that_is_public_first_and_loopback_next_is_connected_to_the_first(self) -> None:
        wire = Wire(plays=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews")
        table = {"rebound.example": [("8.8.8.8",), ("127.0.0.1",)]}

        outcome = attempt("http://rebound.example/", table=table, wire=wire, obey_robots=False)

        assert outcome.page is not None
        assert outcome.page.body == b"news"
        assert outcome.names.asked == ["rebound.example"]
        assert (outcome.heard, list(outcome.connected)) == (0, [("8.8.8.8", 80)])

    def test_its_next_connection_is_checked_again(self) -> None:
        """robots.txt comes from the public address; for the page the name has become loopback."""
        wire = Wire(plays=b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        outcome = attempt(
            "http://rebound.example:PORT/", table={"rebound.example": [("8.8.8.8",), ("127.0.0.1",)]}, wire=wire
        )

        assert isinstance(outcome.error, AddressRefusedError)
        assert outcome.heard == 0
        assert [host for host, _ in outcome.connected] == ["8.8.8.8"]

    def test_so_is_a_retry(self) -> None:
        outcome = attempt("http://rebound.example:PORT/", table={"rebound.example": [("8.8.8.8",), ("127.0.0.1",)]})

        assert isinstance(outcome.error, AddressRefusedError)
        assert outcome.heard == 0
        assert [host for host, _ in outcome.connected] == ["8.8.8.8"]

    def test_the_connection_is_to_the_checked_address_and_host_and_sni_are_the_name(self) -> None:
        wire = Wire(plays=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews")

        outcome = attempt(
            "https://News.Example./a", table={"news.example": [("2606:4700::1111",)]}, wire=wire, obey_robots=False
        )

        assert outcome.page is not None
        assert list(outcome.connected) == [("2606:4700::1111", 443)]
        assert wire.names_in_tls == ["news.example"]
        assert b"\r\nHost: news.example\r\n" in wire.sent

    def test_the_next_address_is_tried_where_one_does_not_answer(self) -> None:
        table = {"news.example": [("8.8.8.8", "9.9.9.9")]}

        outcome = attempt("http://news.example/", table=table, obey_robots=False, retries=0)

        assert isinstance(outcome.error, UnreachableError)
        assert list(outcome.connected) == [("8.8.8.8", 80), ("9.9.9.9", 80)]

    def test_a_name_with_no_address_is_unreachable(self) -> None:
        assert isinstance(attempt("http://nowhere.example/").error, UnreachableError)


class TestRedirects:
    @pytest.mark.parametrize(
        "to",
        [
            *("http://SINK/", "//SINK/", "http://evil.example:PORT/", "http://127.1:PORT/", "http://[::1]:PORT/"),
            *("http://localhost:PORT/", "file:///etc/passwd", "http://me@SINK/", "http://0x7f.1:PORT/"),
            *("http://169.254.169.254/", "http://SITE@SINK/", "https://SINK/", "gopher://SINK/"),
        ],
    )
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_to_the_sink_is_refused(self, to: str, status: int) -> None:
        table = {"evil.example": [("127.0.0.1",)], "localhost": [("127.0.0.1",)]}

        outcome = attempt("http://SITE/a", pages={"/a": redirect(to, status)}, table=table)

        assert isinstance(outcome.error, AddressRefusedError)
        assert (outcome.heard, list(outcome.connected)) == (0, [])

    def test_a_long_chain_is_checked_to_its_end(self) -> None:
        pages: dict[str, Answers] = {f"/{n}": redirect(f"/{n + 1}") for n in range(5)}

        outcome = attempt("http://SITE/0", pages=pages | {"/5": redirect("http://SINK/")})

        assert isinstance(outcome.error, AddressRefusedError)
        assert outcome.heard == 0

    def test_a_robots_txt_that_redirects_to_the_sink_is_not_followed(self) -> None:
        outcome = attempt("http://SITE/a", pages={"/robots.txt": redirect("http://SINK/robots.txt"), "/a": Page(b"x")})

        assert isinstance(outcome.error, AddressRefusedError)
        assert outcome.heard == 0

    @pytest.mark.parametrize("header", ["Refresh", "Content-Location", "Link", "Alt-Svc", "X-Accel-Redirect"])
    def test_no_other_header_leads_anywhere(self, header: str) -> None:
        page = Page(b'<meta http-equiv="refresh" content="0; http://SINK/">', headers={header: "0; url=http://SINK/"})

        outcome = attempt("http://SITE/a", pages={"/a": page})

        assert outcome.page is not None
        assert outcome.heard == 0


class TestTheEnvironment:
    @pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY", "https_proxy"])
    def test_a_proxy_of_the_environment_is_not_used(self, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
        async def work() -> int:
            async with running(Site()) as sink:
                monkeypatch.setenv(variable, sink.url("/"))
                table = {"news.example": [("8.8.8.8",)]}
                one = Fetcher(FetchSettings(retries=0), resolver=Names(table), network=Wire(), clock=Hours())
                async with one:
                    for url in ("http://news.example/", "https://news.example/"):
                        with contextlib.suppress(UnreachableError):
                            await one.fetch(url)
                await asyncio.sleep(0)
                return sink.connections

        assert run(work()) == 0


class TestAllowedHosts:
    def allows(self, entry: str, url: str) -> bool:
        rules = AddressRules.of(FetchSettings(allowed_hosts=(entry,)))
        try:
            checked = rules.checked(url)
            rules.vetted(checked.raw_host.decode(), checked.port or 80, ["10.0.0.5"])
        except AddressRefusedError:
            return False
        return True

    @pytest.mark.parametrize(
        ("entry", "url"),
        [
            ("wire.local", "http://wire.local/feed"),
            ("wire.local", "http://WIRE.local.:8080/feed"),
            ("wire.local:9000", "http://wire.local:9000/feed"),
            ("wire.local:80", "http://wire.local/feed"),
            ("10.0.0.5", "http://10.0.0.5/"),
            ("::1", "http://[0:0::1]/"),
            ("[::1]:9000", "http://[::1]:9000/"),
            ("nachrichten-büro.local", "http://xn--nachrichten-bro-cwb.local/"),
        ],
    )
    def test_a_listed_host_may_be_fetched_although_it_is_private(self, entry: str, url: str) -> None:
        assert self.allows(entry, url)

    @pytest.mark.parametrize(
        ("entry", "url"),
        [
            ("wire.local", "http://sub.wire.local/"),
            ("wire.local", "http://wire.local.evil.example/"),
            ("wire.local", "http://notwire.local/"),
            ("wire.local", "http://wire.local:22/"),
            ("wire.local:9000", "http://wire.local/"),
            ("wire.local:9000", "http://wire.local:9001/"),
            ("10.0.0.5", "http://10.0.0.6/"),
            ("10.0.0.5", "http://167772165/"),
            ("wire.local", "http://me@wire.local/"),
            ("wire.local", "ftp://wire.local/"),
        ],
    )
    def test_no_other_may(self, entry: str, url: str) -> None:
        assert not self.allows(entry, url)


class TestTheTableOfNetworks:
    @given(st.ip_addresses(v=4))
    def test_it_lets_no_ipv4_address_through_that_python_knows_as_private(self, address: ipaddress.IPv4Address) -> None:
        if is_public(str(address)):
            assert address.is_global
            assert not address.is_multicast

    @given(st.ip_addresses(v=6))
    def test_nor_an_ipv6_address(self, address: ipaddress.IPv6Address) -> None:
        if is_public(str(address)) and address not in ipaddress.IPv6Network("64:ff9b::/96"):
            assert address.is_global
            assert not address.is_multicast

    @pytest.mark.parametrize("v4", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "0.0.0.0", "192.168.1.1"])
    @pytest.mark.parametrize(
        "form",
        ["::{}", "::ffff:{}", "::ffff:0:{}", "64:ff9b::{}", "64:ff9b:1::{}", "fe80::5efe:{}", "2a00:1::200:5efe:{}"],
    )
    def test_a_private_address_within_another_is_seen(self, v4: str, form: str) -> None:
        assert not is_public(form.format(v4))

    @pytest.mark.parametrize(
        "address", ["8.8.8.8", "1.1.1.1", "151.101.1.164", "172.15.0.1", "172.32.0.1", "100.128.0.1", "223.255.255.255"]
    )
    def test_sites_on_the_internet_are_public(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize("address", ["2606:4700::1111", "2a04:4e42::81", "2400:cb00::1", "64:ff9b::8.8.8.8"])
    def test_so_are_they_by_ipv6_also_behind_nat64(self, address: str) -> None:
        assert is_public(address)
