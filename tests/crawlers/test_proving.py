"""The code that proves who runs a site: where it counts, and what does not count as it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from crawlers.fetch import PoliteSession
from crawlers.websites.proving import ELSEWHERE, FILE, META_NAME, NOT_THERE, CodePlace, NoCode, find_code
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running

CODE = "0123456789abcdef0123456789abcdef"
FRONT = "<!doctype html><title>Vietne</title>{}<p>Nāc ciemos</p>"
META = f'<meta name="{META_NAME}" content="{CODE}">'
Answers = dict[str, tuple[int, str] | str]


def found(answers: Answers, code: str = CODE) -> CodePlace:
    """Where the code is on a site that answers by path with a text, or a status and a text or an address."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path, (404, ""))
            status, body = (200, answer) if isinstance(answer, str) else answer
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", body.format(host=self.headers["Host"]))
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Site) as base, PoliteSession(contact=None, allow_private=True, clock=QuickClock()) as session:
        return find_code(session, f"{base}/", code)


@pytest.mark.parametrize("body", [CODE, f"{CODE}\n", f"\ufeff\n other {CODE} \r\n"])
def test_a_file_with_the_code_proves_it(body: str) -> None:
    assert found({FILE: body.lstrip("\ufeff"), "/": FRONT}) == CodePlace.FILE


@pytest.mark.parametrize(
    "meta",
    [META, META.upper().replace(META_NAME.upper(), META_NAME).replace(CODE.upper(), CODE), f"<meta content='{CODE}' name={META_NAME} />",
     f'<meta property="x"\n name="{META_NAME}"\n content="{CODE}">'],
)  # fmt: skip
def test_a_meta_element_of_the_front_page_proves_it(meta: str) -> None:
    assert found({"/": FRONT.format(meta)}) == CodePlace.PAGE


@pytest.mark.parametrize(
    "body",
    [CODE, f"<p>{CODE}</p>", f'<meta name="description" content="{CODE}">', f'<meta name="{META_NAME}" content="{CODE}0">',
     f'<meta name="{META_NAME}" content="x">{CODE}', f"&lt;meta name=&quot;{META_NAME}&quot; content=&quot;{CODE}&quot;&gt;",
     f'<meta name="{META_NAME}x" content="{CODE}">', "<meta " * 20_000],
)  # fmt: skip
def test_what_visitors_can_write_on_a_page_proves_nothing(body: str) -> None:
    with pytest.raises(NoCode) as error:
        found({"/": FRONT.format(body)})
    assert error.value.reason == NOT_THERE


@pytest.mark.parametrize("body", [f"x{CODE}", CODE[:-1], CODE + "0", "", f"<!doctype html><p>Nav atrasts: {CODE}0"])
def test_a_file_with_something_else_proves_nothing(body: str) -> None:
    with pytest.raises(NoCode):
        found({FILE: body, "/": FRONT})


def test_what_another_host_answers_counts_for_nothing() -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (META + "\n" + CODE).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with running(Other) as other, pytest.raises(NoCode) as error:
        found({FILE: (302, f"{other}{FILE}"), "/": (302, f"{other}/")})
    assert error.value.reason == ELSEWHERE


def test_a_page_of_the_same_host_counts_after_a_redirect() -> None:
    assert found({"/": (302, "http://{host}/lv/"), "/lv/": FRONT.format(META)}) == CodePlace.PAGE


def test_a_site_that_cannot_be_read_is_told_as_what_it_is() -> None:
    with pytest.raises(NoCode) as error:
        found({FILE: (404, ""), "/": (403, "")})
    assert error.value.reason not in (NOT_THERE, ELSEWHERE) and "403" in error.value.text


def test_robots_rules_are_heeded() -> None:
    with pytest.raises(NoCode) as error:
        found({"/robots.txt": "User-agent: *\nDisallow: /", FILE: CODE, "/": META})
    assert "robots.txt" in error.value.text
