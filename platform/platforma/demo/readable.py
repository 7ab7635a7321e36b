"""Demonstration sites made for people only: many initiatives on one page, and pages of prose."""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Flask, abort

from platforma.demo.content import entries
from platforma.demo.pages import about_pages, page, paragraphs, robots

NEWS = {
    "gada-sapulce": ("Notikusi gada sapulce", "Biedri pieņēma budžetu un ievēlēja revidentu."),
    "jauna-majaslapa": ("Mums ir jauna mājaslapa", "Lapu pārbūvējām vasarā. Paldies visiem, kuri palīdzēja."),
    "meklejam-telpas": ("Meklējam telpas", "Vajadzīga istaba desmit cilvēkiem, vislabāk centrā."),
}


def many_on_one() -> Flask:
    """One page with all initiatives, a heading and paragraphs each, nothing around them; news teasers below."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)

    @app.get("/")
    def front() -> str:
        teasers = "".join(f'<div class="news"><h4>{title}</h4><p>{text}</p></div>' for title, text in NEWS.values())
        body = "<h1>Apkaimju iniciatīvas</h1><p>Ko kaimiņi paši uzsākuši un kam var pievienoties.</p>"
        body += "".join(map(section, entries("many-on-one"))) + f"<section><h2>Ziņas</h2>{teasers}</section>"
        return page("Apkaimju iniciatīvas", body)

    return app


def section(entry: dict[str, Any]) -> str:
    """An initiative as a heading, a text and a line of facts."""
    website = f'<p><a href="{entry["website"]}">{entry["website"]}</a></p>' if entry.get("website") else ""
    facts = f"<p>Īstenotājs: {entry['organisation']}<br>Vieta: {entry['place']}<br>Valsts: {entry['country']}</p>"
    return f"<h3>{escape(entry['title'])}</h3><p>{entry['text']}</p>{facts}{website}"


def prose_pages() -> Flask:
    """A page that lists projects, and a page of prose for each; news of the same form that are no projects."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)
    projects = {entry["slug"]: entry for entry in entries("prose-pages")}

    @app.get("/")
    def front() -> str:
        news = "".join(f'<li><a href="/zinas/{name}/">{title}</a></li>' for name, (title, _) in NEWS.items())
        return page(
            "Kopienu stāsti", f'<h1>Kopienu stāsti</h1><p><a href="/projekti/">Projekti</a></p><h2>Ziņas</h2><ul>{news}</ul>'
        )

    @app.get("/projekti/")
    def projects_page() -> str:
        links = "".join(f'<li><a href="/projekti/{slug}/">{escape(entry["title"])}</a></li>' for slug, entry in projects.items())
        return page("Projekti", f"<h1>Projekti</h1><ul>{links}</ul>")

    @app.get("/projekti/<slug>/")
    def project(slug: str) -> str:
        entry = projects.get(slug) or abort(404)
        body = f"<h1>{escape(entry['title'])}</h1>{paragraphs(entry)}<p>Valsts: {entry['country']}</p>"
        return page(entry["title"], body, lang=entry["lang"])

    @app.get("/zinas/<name>/")
    def news(name: str) -> str:
        title, text = NEWS.get(name) or abort(404)
        return page(title, f"<h1>{title}</h1><p>{text}</p>")

    return app
