"""Hosts of addresses: which addresses are of one site, and what a host is called."""

from __future__ import annotations

import pytest

from crawlers.values.addresses import host_of, same_site, site_of, written_host_of


@pytest.mark.parametrize(
    ("address", "host", "site"),
    [
        ("https://x.lv/a?b=c#d", "x.lv", "x.lv"),
        ("HTTPS://WWW.X.LV", "x.lv", "x.lv"),
        ("http://x.lv:80/", "x.lv", "x.lv"),
        ("http://x.lv:443/", "x.lv", "x.lv"),
        ("https://www.x.lv:8443/", "x.lv", "x.lv:8443"),
        ("https://x.lv./a", "x.lv", "x.lv"),
        ("https://user:secret@www.x.lv/", "x.lv", "x.lv"),
        ("https://x.lv@y.lv/", "y.lv", "y.lv"),
        ("https://awww.x.lv", "awww.x.lv", "awww.x.lv"),
        ("https://www.www.lv", "www.lv", "www.lv"),
        ("https://Ķekava.lv/", "xn--ekava-n5a.lv", "xn--ekava-n5a.lv"),
        ("https://xn--ekava-n5a.lv/", "xn--ekava-n5a.lv", "xn--ekava-n5a.lv"),
        ("http://127.0.0.1:8000/", "127.0.0.1", "127.0.0.1:8000"),
        ("http://[::1]/", "::1", "::1"),
        ("//www.x.lv/a", "x.lv", "x.lv"),
        (" https://x.lv/ ", "x.lv", "x.lv"),
    ],
)
def test_one_host_has_one_form(address: str, host: str, site: str) -> None:
    assert (host_of(address), site_of(address)) == (host, site)


@pytest.mark.parametrize(
    "text",
    ["", "x.lv/a", "www.x.lv", "/a/b/c", "mailto:a@x.lv", "ftp://x.lv/", "javascript:alert(1)", "https://", "http://[::1", "https://x.lv:port/",
     "https://x.lv:99999/", "nonsense", "\x00"],
)  # fmt: skip
def test_what_is_no_web_address_has_no_host(text: str) -> None:
    assert (host_of(text), site_of(text), written_host_of(text)) == ("", "", "")


@pytest.mark.parametrize(
    ("url", "other", "is_same"),
    [
        ("http://www.x.lv/a", "https://x.lv/b", True),
        ("https://x.lv:443/", "http://x.lv", True),
        ("https://ķekava.lv/", "https://xn--ekava-n5a.lv/a", True),
        ("https://x.lv./", "https://x.lv/", True),
        ("//x.lv/a", "https://x.lv/", True),
        ("https://x.lv:8443/", "https://x.lv/", False),
        ("https://lv.x.lv/", "https://x.lv/", False),
        ("/a/x.lv/c", "https://x.lv/", False),
        ("mailto:a@x.lv", "https://x.lv/", False),
    ],
)
def test_a_site_is_a_host_with_its_port(url: str, other: str, is_same: bool) -> None:
    assert same_site(url, other) is is_same
    assert same_site(other, url) is is_same


def test_people_read_a_host_as_its_owner_writes_it() -> None:
    assert written_host_of("https://www.Ķekava.lv:8443/a") == "ķekava.lv"
    assert written_host_of("https://xn--ekava-n5a.lv/") == "xn--ekava-n5a.lv"
