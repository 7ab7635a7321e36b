"""What all demonstration sites share: the frame of a page, pages about the site, a robots.txt."""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Flask, Response, request

NOTICES = {
    "lv": "Demonstrācijas saturs: šādas organizācijas nav, teksti izdomāti.",
    "en": "Demonstration content: these organisations do not exist, the texts are invented.",
}
COOKIES = "This site uses cookies. Šī vietne izmanto sīkdatnes."


def page(title: str, body: str, *, lang: str = "lv", head: str = "") -> str:
    """An HTML page with a menu, a cookie notice and a footer around its body; `head` is HTML for the head."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)} | Demo</title>{head}</head>'
        f'<body><div class="cookie">{COOKIES}</div><nav><a href="/">Sākums</a> <a href="/par-mums/">Par mums</a> '
        f'<a href="/kontakti/">Kontakti</a></nav><main>{body}</main><footer><p>{NOTICES["lv"]}</p>'
        f'<p lang="en">{NOTICES["en"]}</p><a href="/privatums/">Privātums</a></footer></body></html>'
    )


def about_pages(app: Flask) -> None:
    """Add pages that every site has and that are no initiatives."""
    titles = {"par-mums": "Par mums", "kontakti": "Kontakti", "privatums": "Privātums"}

    @app.get("/<any('par-mums', 'kontakti', 'privatums'):name>/")
    def about(name: str) -> str:
        return page(titles[name], f"<h1>{titles[name]}</h1><p>Mēs uzturam šo demonstrācijas vietni.</p>")


def robots(app: Flask, more: str = "") -> None:
    """Add a robots.txt that allows all but the administration; in the lines of `more`, BASE is the site's address."""

    @app.get("/robots.txt")
    def robots_txt() -> Response:
        return Response(f"User-agent: *\nDisallow: /wp-admin/\n{more.replace('BASE', base())}", mimetype="text/plain")


def base() -> str:
    """The site's own address, without a slash at its end."""
    return request.host_url.rstrip("/")


def paragraphs(entry: dict[str, Any]) -> str:
    """The lines of a text as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in entry["text"].splitlines())
