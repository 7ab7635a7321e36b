"""Which addresses a crawler may ask: every notation in which one can hide, and the harmless ones that look odd."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import AddressRefused
from crawlers.fetch import PoliteSession
from crawlers.fetch.guard import Guard, check_address, is_public, parse_target
from crawlers.fetch.networks import Network, network_of
from crawlers.recipe import Limits
from tests.crawlers.server import hostile
from tests.samples.hostile import HOSTILE

SETTING = "PLATFORMA_CRAWL_PRIVATE_HOSTS"
OWN_NETWORK = """
http://127.0.0.1/ http://127.0.0.1:80/ https://127.0.0.1/ http://127.1/ http://127.0.1/ http://127.255.255.254/
http://2130706433/ http://017700000001/ http://0x7f000001/ http://0x7F.1/ http://0x7f.0x0.0x0.0x1/ http://0177.0.0.1/
http://0000000000000177.0.0.1/ http://127.0.0.1./ http://%31%32%37.0.0.1/ http://127%2e0%2e0%2e1/
http://１２７.０.０.１/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://127．0．0．1/ http://127｡0｡0｡1/ http://1𝟐7.0.0.1/
http://10.0.0.1/ http://10.255.255.255/ http://167772161/ http://0xa000001/ http://012.0.0.1/ http://172.16.0.1/
http://172.31.255.255/ http://192.168.0.1/ http://192.168.1.1:80/ http://0xc0a80101/ http://3232235777/ http://100.64.0.1/
http://100.127.255.254/ http://[::1]/ http://[0:0:0:0:0:0:0:1]/ http://[0000::0001]/ http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/ http://[::FFFF:10.0.0.1]/ http://[0:0:0:0:0:ffff:192.168.1.1]/ http://[::127.0.0.1]/ http://[::10.0.0.1]/
http://[64:ff9b::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::10.1.2.3]/ http://[64:ff9b:1::a00:1]/
http://[2002:7f00:1::]/ http://[2002:a00:1::1]/ http://[2002:c0a8:101::1]/ http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/
http://[fc00::1]/ http://[fd12:3456:789a::1]/ http://[fec0::1]/ http://[2a00:1450::5efe:7f00:1]/ http://[2a00:1450::200:5efe:10.0.0.1]/
http://[::1%25lo]/ http://[::1%lo]/ http://localhost/ http://LOCALHOST/ http://LocalHost./ http://localhost.localdomain/
http://a.localhost/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/ http://ｌｏｃａｌｈｏｓｔ/ http://loc%61lhost/ http://ip6-localhost/ http://ip6-loopback/
http://printer.local/ http://metadata.google.internal/ http://db.internal./ http://router.lan/ http://nas.home.arpa/
http://intranet/ http://db:80/ http://mail.corp/ http://wiki.intranet/ http://x.private/ http://kubernetes.default.svc.cluster.local/
""".split()
NEVER = """
http://0.0.0.0/ http://0/ http://0x0/ http://00.0.0.0/ http://0.1.2.3/ http://[::]/ http://[::0]/ http://[0:0:0:0:0:0:0:0]/
http://169.254.169.254/latest/meta-data/ http://169.254.0.1/ http://2852039166/ http://0xA9FEA9FE/ http://0251.0376.0251.0376/
http://[::ffff:169.254.169.254]/ http://[64:ff9b::a9fe:a9fe]/ http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[febf::1]/
http://224.0.0.1/ http://239.255.255.250/ http://[ff02::1]/ http://240.0.0.1/ http://255.255.255.255/ http://4294967295/
http://192.0.0.1/ http://192.0.2.1/ http://198.51.100.7/ http://203.0.113.9/ http://198.18.0.1/ http://198.19.255.255/
http://192.88.99.1/ http://[2001:db8::1]/ http://[3fff::1]/ http://[2001:2::1]/ http://[2001:10::1]/ http://[2001:20::1]/
http://[100::1]/ http://[4000::1]/ http://[5f00::1]/ http://[::8.8.8.8]/ http://[2002:a9fe:a9fe::]/ http://[2a00::5efe:a9fe:a9fe]/
""".split()
NO_ADDRESSES = [
    "", " ", "partner.lv", "//partner.lv/", "http://", "http:///", "http:///127.0.0.1/", "http:127.0.0.1", "http:/127.0.0.1/",
    "http:\\\\127.0.0.1\\", "file:///etc/passwd", "file://localhost/etc/passwd", "ftp://partner.lv/", "gopher://127.0.0.1:6379/_",
    "dict://127.0.0.1:11211/", "ldap://127.0.0.1/", "data:text/html,x", "javascript:alert(1)", "jar:http://partner.lv!/",
    "ws://partner.lv/", "view-source:http://partner.lv/", "http://user@partner.lv/", "http://user:word@partner.lv/",
    "http://partner.lv@127.0.0.1/", "http://127.0.0.1@partner.lv/", "http://partner.lv:80@127.0.0.1/", "http://partner.lv\\@127.0.0.1/",
    "http://127.0.0.1\\@partner.lv/", "http://partner.lv%40127.0.0.1/", "http://partner.lv%2f@127.0.0.1/", "http://[::1/", "http://::1/",
    "http://[127.0.0.1]/", "http://256.0.0.1/", "http://1.2.3.4.5/", "http://127.0.0.0x1g.1/", "http://partner..lv/", "http://.partner.lv/",
    "http://./", "http://part ner.lv/", "http://partner.lv\x00.evil.lv/", "http://partner.lv%00.evil.lv/", "http://xn--a.lv/",
    "http://partner.lv:99999/", "http://partner.lv:-1/", "http://partner.lv:8o/", "http://partner.lv:４４３/", "http://\ud800.lv/",
    "http://partner.lv:22/", "http://partner.lv:25/", "http://partner.lv:6379/", "http://partner.lv:8080/", "https://8.8.8.8:8443/",
]  # fmt: skip
HARMLESS = [
    "http://partner.lv", "http://partner.lv/", "https://www.partner.lv/lv/projekti/", "HTTPS://PARTNER.LV/", "http://partner.lv:80/",
    "https://partner.lv:443/", "http://partner.lv:443/", "https://partner.lv:80/", "http://partner.lv:/", "http://partner.lv:00080/",
    "http://partner.lv./", "http://a.b.c.d.partner.lv/", "http://a_b.partner.lv/", "http://-a.partner.lv/", "http://1.partner.lv/",
    "http://127.0.0.1.partner.lv/", "http://localhost.partner.lv/", "http://localhost.example.com/", "http://mylocalhost.lv/",
    "http://local.lv/", "http://internal.partner.lv/", "http://10.lv/", "http://192-168-1-1.partner.lv/", "http://lan.lv/",
    "http://sociale-entreprenører.dk/", "http://xn--sociale-entreprenrer-rcc.dk/", "http://ķekava.lv/", "http://ĶEKAVA.LV/",
    "http://straße.de/", "http://пример.рф/", "http://日本語。jp/", "http://８.８.８.８/", "http://8.8.8.8/", "http://134744072/",
    "http://0x08080808/", "http://193.40.5.1/", "http://11.0.0.1/", "http://172.15.255.255/", "http://172.32.0.1/", "http://100.63.255.255/",
    "http://100.128.0.1/", "http://169.253.1.1/", "http://192.167.1.1/", "http://198.17.0.1/", "http://223.255.255.254/", "http://[2a00:1450:4001::200e]/",
    "http://[2001:4860:4860::8888]/", "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::8.8.8.8]/", "http://[2002:808:808::1]/",
    "http://partner.lv/http://127.0.0.1/", "http://partner.lv/?url=http://127.0.0.1/", "http://partner.lv/#@127.0.0.1/", "http://partner.lv?@127.0.0.1",
    "http://partner.lv/@localhost", "http://partner.lv/a//b/../c", "http://partner.lv/%2e%2e/", "http://partner.lv/%00", "http://partner.lv/a b",
    "http://partner.lv/ā?q=č#ž", "http://partner.lv/a\\b", "http://partner.lv/a:b@c", "http://partner.lv/;x=1", "http://partner.lv/?a=1&amp;b=2",
    " http://partner.lv/ ", "http://part\tner.lv/", "http://partner.lv/%zz", "http://partner.museum/", "http://@partner.lv/", "http://partner.lv/" + "a" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("url", OWN_NETWORK)
def test_own_networks_are_refused_and_the_setting_that_allows_them_named(url: str) -> None:
    with pytest.raises(AddressRefused, match=SETTING):
        check_address(url, allow_private=False)
    assert check_address(url, allow_private=True) == url


@pytest.mark.parametrize("url", NEVER)
def test_some_networks_are_never_crawled(url: str) -> None:
    for allow_private in (False, True):
        with pytest.raises(AddressRefused, match=f"never crawled, not even with {SETTING}"):
            check_address(url, allow_private=allow_private)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_addresses_that_no_crawler_visits(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        check_address(url, allow_private=False)
    assert SETTING not in caught.value.text
    assert ";" in caught.value.text, "it does not say what to do"


@pytest.mark.parametrize("url", HARMLESS)
def test_harmless_addresses_are_allowed(url: str) -> None:
    assert check_address(url, allow_private=False) == url


def test_a_port_is_allowed_by_the_recipe_or_on_the_own_network() -> None:
    ports = Limits(ports=(8443,)).ports
    assert check_address("https://partner.lv:8443/", allow_private=False, ports=ports)
    assert check_address("http://127.0.0.1:8443/", allow_private=True)
    with pytest.raises(AddressRefused, match=r"port 8444 .*limits\.ports"):
        check_address("https://partner.lv:8444/", allow_private=False, ports=ports)
    with pytest.raises(AddressRefused, match="port 8443"):
        check_address("https://8.8.8.8:8443/", allow_private=True)


def notations(address: ipaddress.IPv4Address) -> list[str]:
    """The ways in which a browser reads this address as a host: WHATWG's IPv4 parser, and the IPv6 addresses that hold it."""
    a, b, c, d = address.packed
    number = int(address)
    plain = [str(address), f"{address}.", f"{a}.{b}.{c << 8 | d}", f"{a}.{number & 0xFFFFFF}", str(number), hex(number), f"0{number:o}",
             f"0x{a:X}.0{b:o}.{c}.{d}", f"000{a:o}.{b}.{c:#x}.{d}"]  # fmt: skip
    wide = str.maketrans("0123456789.", "０１２３４５６７８９。")
    groups = f"{a << 8 | b:x}:{c << 8 | d:x}"
    return [*plain, str(address).translate(wide), str(address).replace(".", "%2E"), "".join(f"%{ord(sign):x}" for sign in str(address)),
            f"[::ffff:{address}]", f"[0:0::FFFF:{groups}]", f"[64:ff9b::{address}]", f"[2002:{groups}::]"]  # fmt: skip


PRIVATE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "0.0.0.0/8",
    "224.0.0.0/3",
)


@pytest.mark.parametrize("network", PRIVATE)
@given(st.data())
def test_a_private_address_is_refused_in_every_notation(network: str, data: st.DataObject) -> None:
    address = data.draw(st.ip_addresses(v=4, network=network))
    assert isinstance(address, ipaddress.IPv4Address)
    allowed = [host for host in notations(address) if _is_allowed(f"http://{host}/")]
    assert allowed == []


@pytest.mark.parametrize(
    "network", ["8.0.0.0/8", "11.0.0.0/8", "172.32.0.0/11", "193.40.0.0/16", "192.169.0.0/16", "100.128.0.0/9"]
)
@given(st.data())
def test_a_public_address_is_allowed_in_every_notation(network: str, data: st.DataObject) -> None:
    address = data.draw(st.ip_addresses(v=4, network=network))
    assert isinstance(address, ipaddress.IPv4Address)
    refused = [host for host in notations(address) if not _is_allowed(f"http://{host}/")]
    assert refused == []


def _is_allowed(url: str) -> bool:
    try:
        return bool(check_address(url, allow_private=False))
    except AddressRefused:
        return False


def test_hostile_strings_are_refused_or_plain_and_raise_nothing_else() -> None:
    for text in HOSTILE:
        for url in (text, f"http://{text}/", f"http://partner.lv/{text}", f"http://{text}.partner.lv/"):
            if _is_allowed(url):
                assert parse_target(url).host.isascii()


def test_one_address_has_one_origin() -> None:
    spellings = ("http://PARTNER.lv", "http://partner.lv:80/a", "http://ｐartner.lv/b", "http://partner.lv:/#c")
    assert {parse_target(url).origin for url in spellings} == {"http://partner.lv"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", Network.LOOPBACK), ("::ffff:127.0.0.1", Network.LOOPBACK), ("fe80::1%eth0", Network.LINK_LOCAL),
        ("100.64.0.1", Network.PRIVATE), ("2001:db8::1", Network.DOCUMENTATION), ("198.18.0.1", Network.BENCHMARKING),
        ("224.0.0.1", Network.MULTICAST), ("0.0.0.0", Network.UNSPECIFIED), ("240.0.0.1", Network.RESERVED),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Network.DOCUMENTATION), ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", Network.PUBLIC),
        ("8.8.8.8", Network.PUBLIC), ("2a00:1450:4001::200e", Network.PUBLIC), ("::ffff:8.8.8.8", Network.PUBLIC),
    ],
)  # fmt: skip
def test_networks_by_their_registries(address: str, network: Network) -> None:
    assert network_of(address) is network
    assert is_public(address) is (network is Network.PUBLIC)


def _lookups(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """A name server of an attacker: each look-up of a name gets the next of these addresses, the last one for ever."""
    looked_up: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        is_name = host[0].isalpha() and ":" not in host
        looked_up.extend([host] if is_name else [])
        address = answers[min(len(looked_up), len(answers)) - 1] if is_name else host
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in address.split("+")]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return looked_up


@pytest.mark.parametrize("answer", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "8.8.8.8+127.0.0.1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    _lookups(monkeypatch, answer)
    with PoliteSession(None, allow_private=False) as polite, pytest.raises(AddressRefused, match=SETTING) as caught:
        polite.get("http://rebind.partner.lv/")
    assert caught.value.url == "http://rebind.partner.lv/"


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    _lookups(monkeypatch, "8.8.8.8", "127.0.0.1")
    with PoliteSession(None, allow_private=False) as polite, pytest.raises(AssertionError, match=r"8\.8\.8\.8"):
        polite.get("http://rebind.partner.lv/")


def test_a_public_host_on_an_odd_port_is_refused_also_where_private_ones_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    _lookups(monkeypatch, "8.8.8.8")
    with PoliteSession(None, allow_private=True) as polite, pytest.raises(AddressRefused, match="port 6379"):
        polite.get("http://partner.lv:6379/")


def test_a_redirect_to_a_cloud_s_secrets_is_refused() -> None:
    with hostile() as (base, requested), PoliteSession(None, allow_private=True) as polite:
        for path in ("/to-metadata", "/to-nothing", "/to-file"):
            with pytest.raises(AddressRefused):
                polite.get(base + path)
    assert requested == ["/robots.txt", "/to-metadata", "/to-nothing", "/to-file"]


def test_private_addresses_are_refused_before_anything_is_asked() -> None:
    with hostile() as (base, requested), PoliteSession(None, allow_private=False) as polite:
        for url in (base, "http://localhost/", "http://127.1/", "http://2130706433/", "http://[::1]/"):
            with pytest.raises(AddressRefused, match=SETTING):
                polite.get(url)
    assert requested == []


def test_a_host_s_addresses_come_in_the_same_order_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    _lookups(monkeypatch, "9.9.9.9+8.8.8.8", "8.8.8.8+9.9.9.9")
    assert Guard(allow_private=False).resolve("partner.lv", 80) == Guard(allow_private=False).resolve("partner.lv", 80)
