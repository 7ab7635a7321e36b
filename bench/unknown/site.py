"""A site that exists only while it is measured: its pages by address, the chrome around them, the server."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

from bench.unknown import themes
from bench.unknown.entries import Entry

WORDS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
HTML = "text/html; charset=utf-8"
TRACKING = re.compile(r"^(utm_|fbclid|gclid|PHPSESSID)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one address."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[str, dict[str, str]], Answer | None]


@dataclass
class Site:
    """A site under construction; builders add pages, `finish` adds what every site has."""

    base: str
    entries: list[Entry]
    rng: random.Random
    lang: str
    theme: str
    start: str = "/"
    front: str = ""
    head: str = ""
    everywhere: str = ""
    news_path: str = "/news/{slug}/"
    robots: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    menu: list[tuple[str, str]] = field(default_factory=list)
    unstated: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words = WORDS[self.lang]
        self.name: str = self.rng.choice(self.words["sites"])
        self.list_name: str = self.rng.choice(self.words["lists"])
        self.links = self.rng.choice(["rooted", "rooted", "absolute", "base", "slashless"])
        self.logo = f'<img src="/logo.png" alt="{escape(self.name)}">'
        self.news_feed = "/feed/" if self.rng.random() < 0.5 else ""
        if self.news_feed:
            self.head += (
                f'<link rel="alternate" type="application/rss+xml" title="{escape(self.name)} &raquo; Feed" href="/feed/">'
            )
        self.labels = {key: self.rng.choice(names) for key, names in self.words["labels"].items()}

    def word(self, key: str) -> str:
        return escape(self.words[key])

    def stated(self) -> dict[str, str | None]:
        """Country code by title, None where the site does not say it."""
        return {entry.name: None if entry.name in self.unstated else entry.code for entry in self.entries}

    def add(self, path: str, body: str | bytes | object, content_type: str = HTML, status: int = 200, **headers: str) -> None:
        """Put something at an address; what is neither text nor bytes is served as JSON."""
        if not isinstance(body, (str, bytes)):
            body, content_type = json.dumps(body, ensure_ascii=False), "application/json"
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = Answer(raw, content_type, status, headers)

    def page(
        self, path: str, title: str, content: str, *, head: str = "", crumbs: Sequence[tuple[str, str]] = (), lang: str = ""
    ) -> None:
        """An HTML page in the site's theme; `content` comes below the heading, which the theme prints."""
        text = themes.render(self, themes.Page(path, title, content, head, crumbs, lang or self.lang))
        if self.links == "absolute":
            text = re.sub(r'(href|src|action)="/', rf'\1="{self.base}/', text)
        elif self.links == "base":
            text = re.sub(r'(href|src|action)="/', r'\1="', text).replace("<head>", '<head><base href="/">')
        elif self.links == "slashless":
            text = re.sub(r'href="(/[^"?]+)/"', r'href="\1"', text)
        if self.theme == "tables":
            self.add(path, text.encode("cp1257", "xmlcharrefreplace"), "text/html")
        else:
            self.add(path, text)

    def finish(self) -> None:
        """Add the pages about the network itself, its news, robots.txt, the logo."""
        words = self.words
        paragraphs = {key: "".join(f"<p>{escape(text)}</p>" for text in words[key]) for key in ("about_text", "privacy_text")}
        contact = f"<p>{self.word('address')}</p><p>E-mail: office@network.example</p><p>+371 6700 0000</p>"
        self._plain("/about/", words["about"], paragraphs["about_text"])
        self._plain("/contact/", words["contact"], contact + themes.form(self))
        self._plain("/privacy/", words["privacy"], paragraphs["privacy_text"])
        roles = "".join(
            f'<div class="card"><h3>{escape(role)}</h3><p>office@network.example</p></div>' for role in words["roles"]
        )
        self._plain("/team/", words["team"], roles)
        cards = []
        for title, text in words["news_items"]:
            path = self.news_address(title)
            self._plain(path, title, f'<p><time datetime="2024-05-12">12.05.2024</time></p><p>{escape(text)}</p>')
            cards.append(f'<article><h3><a href="{path}">{escape(title)}</a></h3><p>{escape(text[:60])}…</p></article>')
        self._plain("/news/", words["news"], "".join(cards))
        self._plain("/", words["home"], f"<p>{self.word('intro')}</p>{paragraphs['about_text']}{self.front}")
        if "/robots.txt" not in self.pages:
            lines = self.robots or self.rng.choice(
                ["", "User-agent: *\nDisallow: /wp-admin/\n", "User-agent: *\nDisallow: /search\n"]
            )
            self.add("/robots.txt", lines, "text/plain", 200 if lines else 404)
        if self.news_feed:
            self.add(self.news_feed, self.news_rss(), "application/rss+xml; charset=utf-8")
        self.add("/logo.png", b"\x89PNG\r\n\x1a\n", "image/png")

    def news_address(self, title: str) -> str:
        number = [one[0] for one in self.words["news_items"]].index(title)
        return self.news_path.format(slug=f"n{number + 1}-network", number=number + 1)

    def news_rss(self) -> str:
        """A feed of the network's own news."""
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.base}{self.news_address(title)}</link><description>{escape(text)}</description>"
            f"<pubDate>Sun, 12 May 2024 10:00:00 +0300</pubDate></item>"
            for title, text in self.words["news_items"]
        )
        return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(self.name)}</title><link>{self.base}</link>{items}</channel></rss>'

    def _plain(self, path: str, title: str, content: str) -> None:
        if path not in self.pages:
            self.page(path, title, content)

    def answer(self, target: str) -> Answer:
        """What stands at an address as asked for: exact, without tracking, by a route, redirected, or a 404 page."""
        split = urlsplit(target)
        path = unquote(split.path)
        query = {key: value for key, value in parse_qsl(split.query, keep_blank_values=True) if not TRACKING.match(key)}
        asked = path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
        for route in self.routes:
            if found := route(path, query):
                return found
        for candidate in (asked, path):
            if candidate in self.pages:
                return self.pages[candidate]
        for other in (path + "/", path.rstrip("/"), path.lower(), path.lower() + "/"):
            if other in self.pages:
                return Answer(b"", HTML, 301, {"Location": self.base + other})
        return Answer(f"<!DOCTYPE html><title>404</title><h1>404</h1><p>{self.word('home')}</p>".encode(), HTML, 404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        answer = self.site.answer(self.path)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(answer.body)

    do_HEAD = do_GET

    def log_message(self, *args: Any) -> None:
        """Silence."""


@contextmanager
def serving(make: Callable[[str], Site]) -> Iterator[Site]:
    """Serve the site that `make` builds for its base address (`http://127.0.0.1:PORT`), until the block ends."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.site = make(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield handler.site  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
