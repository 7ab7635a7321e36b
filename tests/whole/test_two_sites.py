"""Two sites and four workers over one PostgreSQL, one Elasticsearch and one Redis: each crawl once, one set of people."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.servers.databases import databases
from tests.whole.busy_sites import PAGES, SITES, all_done, all_is_there_once, end, three_sites
from tests.whole.processes import command, free_ports, start, wait_for, wait_until

Settings = dict[str, str]
ALL = PAGES * len(SITES)
"""So many listings come of all crawls together."""


class Browser:
    """A person at two sites; both are one host, so that cookies are for both, as behind one address."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, port: int, path: str) -> tuple[int, str]:
        return self._ask(f"http://127.0.0.1:{port}{path}", None)

    def post(self, port: int, path: str, *, form_at: str = "", **fields: str) -> tuple[int, str]:
        """Send the form of a page, with its token; `form_at` is that page where the form leads elsewhere."""
        _, page = self.get(port, form_at or path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page
        return self._ask(f"http://127.0.0.1:{port}{path}", urlencode({"csrf_token": token[1], **fields}).encode())

    def _ask(self, url: str, data: bytes | None) -> tuple[int, str]:
        try:
            with self._opener.open(url, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The data folders of the sites."""
    return [tmp_path_factory.mktemp(name) for name in ("a", "b")]


@pytest.fixture(scope="module")
def settings(postgres_server: str, elastic_url: str, redis_url: str) -> Iterator[Settings]:
    with databases(postgres_server) as make:
        yield {
            "PLATFORMA_DATABASE_URL": make(),
            "PLATFORMA_SEARCH_URL": f"{elastic_url}/two{os.getpid()}",
            "PLATFORMA_QUEUE_URL": redis_url,
            "PLATFORMA_SECRET_KEY": "one key for both sites, as long as it is long enough",
        }


@pytest.fixture(scope="module")
def ports(folders: list[Path], settings: Settings) -> Iterator[tuple[int, int]]:
    """Two sites, each with a data folder and a worker of its own, and two more workers; three approved platforms are crawled."""
    first = free_ports(2)
    with ExitStack() as stack:
        stack.enter_context(three_sites(folders[0], settings))
        commands = [start("serve", "--port", str(first + n), data=folder, **settings) for n, folder in enumerate(folders)]
        commands += [start("worker", data=folder, **settings) for folder in folders]
        stack.callback(end, commands)
        for number, folder in enumerate(folders):
            wait_for(f"http://127.0.0.1:{first + number}/readyz", commands[number], folder / "serve.log")
        wait_until(lambda: all_done(folders[0], settings) and found(first, "") == ALL)
        yield first, first + 1


def found(port: int, words: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/initiatives?q={quote(words)}", timeout=60) as answer:
        return int(json.load(answer)["total"])


def sign_in(browser: Browser, port: int, email: str, folder: Path, settings: Settings) -> None:
    done = command("user", "add", email, "--role", "curator", data=folder, **settings)
    assert done.returncode == 0, done.stderr
    assert browser.post(port, urlsplit(done.stdout.strip()).path)[0] == 200


def test_each_site_is_crawled_once_and_both_show_all(folders: list[Path], settings: Settings, ports: tuple[int, int]) -> None:
    all_is_there_once(folders[0], settings)
    assert [found(port, "") for port in ports] == [ALL, ALL]


def test_who_signs_in_at_one_is_signed_in_and_out_at_both(
    folders: list[Path], settings: Settings, ports: tuple[int, int]
) -> None:
    browser, stranger = Browser(), Browser()
    sign_in(browser, ports[0], "gone@sic.example", folders[0], settings)
    for port in ports:
        assert "<h1>Darāmais" in browser.get(port, "/lv/desk/")[1]
        assert "<h1>Darāmais" not in stranger.get(port, "/lv/desk/")[1]
    assert command("user", "close", "gone@sic.example", data=folders[1], **settings).returncode == 0
    for port in ports:
        assert "<h1>Darāmais" not in browser.get(port, "/lv/desk/")[1]


def test_what_is_changed_at_one_is_searched_by_at_both(folders: list[Path], settings: Settings, ports: tuple[int, int]) -> None:
    browser, (first, second) = Browser(), ports
    sign_in(browser, first, "curator@sic.example", folders[0], settings)
    assert found(second, "zvirbulīte") == 0
    names = {"lv": "zvirbulīte\nogre", "en": "sparrow"}
    status, page = browser.post(first, "/lv/desk/concepts/new", source="use", seen="0", **names)
    assert status == 200, page
    assert found(first, "zvirbulīte") == ALL
    wait_until(lambda: found(second, "zvirbulīte") == ALL)


def test_what_is_refused_at_one_the_other_shows_not_once_more(
    folders: list[Path], settings: Settings, ports: tuple[int, int]
) -> None:
    browser, visitor, (first, second) = Browser(), Browser(), ports
    sign_in(browser, first, "refuser@sic.example", folders[0], settings)
    pages = ("/lv/table", "/lv/search?q=ogre", "/lv/search?q=ogre")
    path = [re.search(r"/lv/initiatives/[a-z2-7]{10}/[\w-]+", visitor.get(second, page)[1]) for page in pages][-1]
    assert path and [visitor.get(second, path[0])[0] for _ in range(2)] == [200, 200]
    id = path[0].split("/")[3]
    desk_page = f"/lv/desk/initiatives/{id}"
    version = re.search(r'name="version" value="(\d+)"', browser.get(first, desk_page)[1])
    assert version
    decision = {"decision": "unpublish", "version": version[1]}
    status, said = browser.post(first, f"{desk_page}/state", form_at=desk_page, **decision)
    assert status == 200, said
    assert visitor.get(second, path[0])[0] == 404
    assert not any(id in visitor.get(second, page)[1] for page in ("/lv/search?q=ogre", "/lv/table", "/lv/"))
