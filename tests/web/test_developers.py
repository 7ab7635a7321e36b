"""The page for programmers: its examples are run against the site as they stand, and what it says of limits is so."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import threading
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from platforma.web.public.api.parameters import MAX_PER_PAGE
from platforma.web.public.reconciliation.questions import MAX_CANDIDATES, MAX_IDS, MAX_QUESTIONS

BASE = "http://127.0.0.1:8000"
LANGUAGES = pytest.mark.parametrize("lang", ["lv", "en"])


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the site on a port of its own."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def blocks(client: FlaskClient, lang: str, kind: str) -> list[str]:
    page = client.get(f"/{lang}/developers").get_data(as_text=True)
    return [unescape(text) for text in re.findall(rf'<code class="{kind}">(.*?)</code>', page, re.DOTALL)]


@LANGUAGES
def test_the_example_in_python_reads_every_listing(client: FlaskClient, served: str, lang: str) -> None:
    (example,) = blocks(client, lang, "python")
    inside = example.replace(BASE, served).replace("per_page=100", "per_page=1")
    moved = inside.replace('page["next"]', f'(page["next"] or "").replace("{BASE}", "{served}")')
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(moved, "example", "exec"), {})
    assert printed.getvalue() == "4 4\n"


@LANGUAGES
def test_the_examples_of_curl_are_answered(client: FlaskClient, lang: str) -> None:
    (example,) = blocks(client, lang, "curl")
    commands = [shlex.split(line) for line in example.splitlines()]
    assert len(commands) == 3
    for command in commands:
        address = next(word for word in command if word.startswith(BASE)).removeprefix(BASE)
        form = dict([word.split("=", 1) for word in command if word.startswith("queries=")])
        answer = client.post(address, data=form) if form else client.get(address)
        assert answer.status_code == 200, address


@LANGUAGES
def test_the_example_in_javascript_asks_for_what_there_is(client: FlaskClient, lang: str) -> None:
    (example,) = blocks(client, lang, "javascript")
    (address,) = re.findall(r'fetch\("([^"]+)"\)', example)
    answer = client.get(address.removeprefix(BASE), headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"total", "items"} <= set(answer.get_json())


@LANGUAGES
def test_every_link_and_limit_of_the_page_is_so(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/{lang}/developers").get_data(as_text=True)
    links = set(re.findall(r'href="(/(?:api|dumps)/[^"]+)"', page))
    assert len(links) == 4 and all(client.get(link).status_code == 200 for link in links)
    limits = " ".join(re.findall(r"<li>([^<]*\d[^<]*)</li>", page))
    assert [int(number) for number in re.findall(r"\d+", limits)] == [MAX_PER_PAGE, MAX_QUESTIONS, MAX_CANDIDATES, MAX_IDS]
