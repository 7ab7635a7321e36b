"""The demonstration sites as Flask applications, each with the good and bad habits of its kind."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from flask import Flask, Response, abort, request

from platforma.demo.content import entries
from platforma.demo.drawings import add_pictures
from platforma.demo.files import calendar, ckan_portal, register_csv, register_xlsx
from platforma.demo.pages import about_pages, base, page, paragraphs, robots
from platforma.demo.readable import many_on_one, prose_pages

CHANGED = "Mon, 02 Nov 2026 08:00:00 GMT"
PER_PAGE = 5
REST_LABELS = {
    "lv": {
        "legal": "Juridiskais nosaukums",
        "organisation": "Īstenotājs",
        "country": "Valsts",
        "place": "Pilsēta",
        "theme": "Joma",
    }
    | {"website": "Mājaslapa"},
    "en": {"legal": "Legal name", "organisation": "Implemented by", "country": "Country", "place": "City", "theme": "Field"}
    | {"website": "Website"},
}
"""The labels of an entry's facts on the bilingual WordPress, by language and key."""
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A demonstration site; `adapter` is the one that discovery must choose for it, `kind` what a curator says that its entries
    are where they do not say so."""

    id: str
    title: str
    adapter: str
    make_app: Callable[[], Flask]
    kind: str | None = None


def wordpress_open() -> Flask:
    """A bilingual WordPress: REST under /wp-json/ and /en/wp-json/, types of its own, builder shortcodes in the texts."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)
    alternates = '<link rel="alternate" hreflang="lv" href="{0}/"><link rel="alternate" hreflang="en" href="{0}/en/">'

    @app.get("/")
    @app.get("/en/")
    def front() -> str:
        lang = "en" if request.path.startswith("/en") else "lv"
        return page("Tīkls", "<h1>Tīkls</h1>", lang=lang, head=alternates.format(base()))

    @app.get("/wp-json/wp/v2/types")
    @app.get("/en/wp-json/wp/v2/types")
    def types() -> dict[str, Any]:
        names = {"post": "posts", "page": "pages", "attachment": "media", "uznemums": "uznemumi", "projekts": "projekti"}
        return {name: {"name": name, "slug": name, "rest_base": rest} for name, rest in names.items()}

    @app.get("/wp-json/wp/v2/<any(uznemumi, projekti):rest>", defaults={"lang": "lv"})
    @app.get("/en/wp-json/wp/v2/<any(uznemumi, projekti):rest>", defaults={"lang": "en"})
    def listing(rest: str, lang: str) -> Response:
        kind = {"uznemumi": "uznemums", "projekti": "projekts"}[rest]
        return rest_answer([rest_entry(e, lang) for e in entries("wordpress-open") if e["type"] == kind])

    @app.get("/<any(uznemums, projekts):kind>/<int:number>/", defaults={"lang": "lv"})
    @app.get("/en/<any(uznemums, projekts):kind>/<int:number>/", defaults={"lang": "en"})
    def entry_page(kind: str, number: int, lang: str) -> str:
        entry = next((e for e in entries("wordpress-open") if e["id"] == number and e["type"] == kind), None) or abort(404)
        return page(entry["title"][lang], f"<h1>{escape(entry['title'][lang])}</h1><p>{entry[lang]}</p>", lang=lang)

    return app


def rest_entry(entry: dict[str, Any], lang: str) -> dict[str, Any]:
    """An entry as WordPress with Polylang publishes it; the English one has the next number."""
    number = entry["id"] + (lang == "en")
    prefix = "/en" if lang == "en" else ""
    facts = "".join(f"<p>{label}: {escape(entry[key])}</p>" for key, label in REST_LABELS[lang].items() if entry.get(key))
    content = (
        f"[vc_row][vc_column][vc_column_text css=&#8221;.vc_custom_{number}&#8221;]<p>{entry[lang]}</p>{facts}"
        f'[/vc_column_text][/vc_column][/vc_row]<div class="spacer"></div><p><a href="#">Read more</a></p>'
    )
    return {
        "id": number,
        "type": entry["type"],
        "lang": lang,
        "translations": {"lv": entry["id"], "en": entry["id"] + 1},
        "guid": {"rendered": f"{base()}/?p={number}"},
        "link": f"{base()}{prefix}/{entry['type']}/{entry['id']}/",
        "modified_gmt": "2026-10-01T10:00:00",
        "title": {"rendered": escape(entry["title"][lang])},
        "excerpt": {"rendered": ""},
        "content": {"rendered": content, "protected": False},
    }


def rest_answer(collection: list[dict[str, Any]]) -> Response:
    """A page of a REST collection with WordPress's headers, or its error past the last page."""
    per_page, number = request.args.get("per_page", 10, int), request.args.get("page", 1, int)
    pages = max(1, -(-len(collection) // per_page))
    if number > pages:
        error = {"code": "rest_post_invalid_page_number", "data": {"status": 400}}
        return Response(json.dumps(error), 400, mimetype="application/json")
    body = json.dumps(collection[(number - 1) * per_page : number * per_page])
    headers = {"X-WP-Total": str(len(collection)), "X-WP-TotalPages": str(pages)}
    return Response(body, mimetype="application/json", headers=headers)


def wordpress_closed() -> Flask:
    """A WordPress whose REST answers 401: a sitemap index with a gzipped part, pages with labelled facts."""
    app = Flask(__name__)
    about_pages(app)
    robots(app, "Sitemap: BASE/wp-sitemap.xml\n")
    add_pictures(app)
    projects = {entry["slug"]: entry for entry in entries("wordpress-closed")}

    @app.get("/")
    def front() -> str:
        return page(
            "Projects", "<h1>Projects</h1>" + "".join(f'<p><a href="/project/{slug}/">Read more</a></p>' for slug in projects)
        )

    @app.get("/wp-json/<path:rest>")
    def closed(rest: str) -> tuple[dict[str, str], int]:
        return {"code": "rest_disabled", "message": f"{rest} is closed"}, 401

    @app.get("/wp-sitemap.xml")
    def index() -> Response:
        names = ("wp-sitemap-posts-page-1.xml", "wp-sitemap-posts-project-1.xml.gz")
        parts = "".join(f"<sitemap><loc>{base()}/{name}</loc></sitemap>" for name in names)
        return Response(
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>', mimetype="text/xml"
        )

    @app.get("/wp-sitemap-posts-page-1.xml")
    def pages() -> Response:
        return Response(sitemap([f"{base()}/par-mums/", f"{base()}/kontakti/"]), mimetype="text/xml")

    @app.get("/wp-sitemap-posts-project-1.xml.gz")
    def project_sitemap() -> Response:
        return Response(
            gzip.compress(sitemap([f"{base()}/project/{slug}/" for slug in projects]).encode()), mimetype="application/gzip"
        )

    @app.get("/project/<slug>/")
    def entry_page(slug: str) -> str:
        return project_page(projects.get(slug) or abort(404))

    return app


def project_page(entry: dict[str, Any]) -> str:
    """A project with labelled facts in bold and its text, as such sites print them."""
    labels = {"Project title": "title", "Country": "country", "City": "place", "Field": "theme", "Type": "kind"}
    labels |= {"Website": "website", "Start date": "start", "Implemented by": "organisation", "Legal form": "form"}
    facts = "".join(f"<p><strong>{label}:</strong> {escape(entry[key])}</p>" for label, key in labels.items() if entry.get(key))
    title = escape(entry["title"])
    canonical = f'<link rel="canonical" href="{base()}/project/{entry["slug"]}/">'
    canonical += f'<meta property="og:image" content="{base()}/attels/{entry["slug"]}.jpg">'  # without a licence
    body = f"<article><h1>{title}</h1>{facts}<p>{entry['text']}</p></article>"
    return page(entry["title"], body, lang="en", head=f'<meta property="og:title" content="{title}">{canonical}')


def sitemap(urls: list[str]) -> str:
    """A sitemap of these addresses (sitemaps.org)."""
    items = "".join(f"<url><loc>{escape(url)}</loc><lastmod>2026-11-02</lastmod></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def static_jsonld() -> Flask:
    """Static pages with schema.org JSON-LD, pictures, validators and 304 answers; two thirds of the members name a licence."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)
    add_pictures(app)
    members = {entry["slug"]: entry for entry in entries("static-jsonld")}

    @app.get("/")
    def front() -> str:
        site = {"@context": "https://schema.org", "@type": "Organization", "name": "Baltijas biedru tīkls", "url": f"{base()}/"}
        links = "".join(f'<li><a href="/members/{slug}.html">{slug}</a></li>' for slug in members)
        return page("Members", f"<h1>Members</h1><ul>{links}</ul>", lang="en", head=json_ld(site))

    @app.get("/sitemap.xml")
    def site_map() -> Response:
        urls = [f"{base()}/", f"{base()}/kontakti/", *(f"{base()}/members/{slug}.html" for slug in members)]
        return Response(sitemap(urls), mimetype="text/xml")

    @app.get("/members/<slug>.html")
    def member(slug: str) -> Response:
        entry = members.get(slug) or abort(404)
        title = next(iter(entry["name"].values()))
        text = "".join(f'<p lang="{lang}">{words}</p>' for lang, words in entry["description"].items())
        answer = Response(page(title, f"<h1>{escape(title)}</h1>{text}", lang="en", head=json_ld(thing(entry))))
        answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:16])
        answer.headers["Last-Modified"] = CHANGED
        answer.make_conditional(request.environ)
        return answer

    return app


def thing(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as schema.org has it, its texts tagged with their languages."""
    data: dict[str, Any] = {
        "@type": entry["type"],
        "@id": f"{base()}/members/{entry['slug']}#this",
        "name": [{"@language": lang, "@value": text} for lang, text in entry["name"].items()],
        "description": [{"@language": lang, "@value": text} for lang, text in entry["description"].items()],
        "url": entry["url"],
        "keywords": entry["keywords"],
    }
    slug = entry["slug"]
    data["image"] = f"{base()}/logo/{slug}.png" if entry["type"] == "NGO" else f"{base()}/attels/{slug}.jpg"
    if len(slug) % 3:
        data["license"] = LICENCE
    if entry.get("legal"):
        data["legalName"] = entry["legal"]
    if entry.get("organisation"):
        data["parentOrganization"] = {"@type": "Organization", "name": entry["organisation"]}
    address = {"@type": "PostalAddress", "addressLocality": entry["place"], "addressCountry": entry["country"]}
    if entry["type"] == "Event":
        data |= {"startDate": entry["start"], "endDate": entry["end"], "location": {"@type": "Place", "address": address}}
    else:
        data |= {"address": address, "geo": {"@type": "GeoCoordinates", "latitude": entry["lat"], "longitude": entry["lon"]}}
    return {"@context": "https://schema.org", "@graph": [data]}


def json_ld(data: dict[str, Any]) -> str:
    """A script element with JSON-LD."""
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def microdata() -> Flask:
    """A list in pages of five with microdata on its items, without a sitemap; the html lang is wrong."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)

    @app.get("/")
    def listing() -> str:
        number = request.args.get("page", 1, int)
        enterprises = entries("microdata")
        on_page = enterprises[(number - 1) * PER_PAGE : number * PER_PAGE] or abort(404)
        next_link = f'<a rel="next" href="/?page={number + 1}">Next</a>' if number * PER_PAGE < len(enterprises) else ""
        return page("Enterprises", "<h1>Enterprises</h1>" + "".join(map(item, on_page)) + next_link, lang="et")

    return app


def item(entry: dict[str, Any]) -> str:
    """An entry as microdata."""
    legal = f'<p itemprop="legalName">{escape(entry["legal"])}</p>' if entry.get("legal") else ""
    return (
        f'<div itemscope itemtype="https://schema.org/{entry["type"]}"><h2 itemprop="name">{escape(entry["name"])}</h2>'
        f'{legal}<p itemprop="description">{entry["text"]}</p><a itemprop="url" href="{entry["url"]}">{entry["url"]}</a>'
        '<span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">'
        f'<span itemprop="addressLocality">{entry["place"]}</span>, <span itemprop="addressCountry">{entry["country"]}</span>'
        "</span></div>"
    )


def feed() -> Flask:
    """A news site with RSS and Atom; the feed holds whole texts in several languages."""
    app = Flask(__name__)
    about_pages(app)
    robots(app)

    @app.get("/")
    def front() -> str:
        links = "".join(f'<li><a href="/zinas/{entry["id"]}">{escape(entry["title"])}</a></li>' for entry in entries("feed"))
        kinds = {"application/rss+xml": "/feed.xml", "application/atom+xml": "/atom.xml"}
        head = "".join(f'<link rel="alternate" type="{kind}" href="{address}">' for kind, address in kinds.items())
        return page("Ziņas", f"<h1>Ziņas</h1><ul>{links}</ul>", head=head)

    @app.get("/zinas/<id>")
    def news(id: str) -> str:
        entry = next((e for e in entries("feed") if e["id"] == id), None) or abort(404)
        return page(entry["title"], f"<h1>{escape(entry['title'])}</h1>{paragraphs(entry)}", lang=entry["lang"])

    @app.get("/feed.xml")
    def rss() -> Response:
        items = "".join(
            f"<item><guid isPermaLink='false'>demo-{e['id']}</guid><title>{escape(e['title'])}</title>"
            f"<link>{base()}/zinas/{e['id']}</link>"
            + "".join(f"<category>{escape(tag)}</category>" for tag in e["tags"])
            + f"<description><![CDATA[{paragraphs(e)}]]></description><pubDate>{CHANGED}</pubDate></item>"
            for e in entries("feed")
        )
        return Response(
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ziņas</title>{items}</channel></rss>',
            mimetype="application/rss+xml",
        )

    @app.get("/atom.xml")
    def atom() -> Response:
        items = "".join(
            f"<entry><id>demo-{e['id']}</id><title>{escape(e['title'])}</title><link href='{base()}/zinas/{e['id']}'/>"
            f"<updated>2026-11-02T08:00:00Z</updated><content type='html'>{escape(paragraphs(e))}</content></entry>"
            for e in entries("feed")
        )
        return Response(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Ziņas</title>{items}</feed>', mimetype="application/atom+xml"
        )

    return app


SITES: tuple[DemoSite, ...] = (
    DemoSite("wordpress-open", "Sociālo uzņēmumu tīkls (demonstrācija)", "wordpress", wordpress_open),
    DemoSite("wordpress-closed", "Baltic project database (demonstration)", "sitemap", wordpress_closed),
    DemoSite("static-jsonld", "Baltijas biedru tīkls (demonstrācija)", "structured", static_jsonld),
    DemoSite("microdata", "Estonian enterprise list (demonstration)", "structured", microdata, "social_enterprise"),
    DemoSite("feed", "Sociālo ideju ziņas (demonstrācija)", "feed", feed),
    DemoSite("register-csv", "Sociālo uzņēmumu reģistrs (demonstrācija)", "table", register_csv, "social_enterprise"),
    DemoSite("ckan-portal", "Atvērto datu portāls (demonstrācija)", "ckan", ckan_portal, "organisation"),
    DemoSite("register-xlsx", "Atbalsta programmu saraksts (demonstrācija)", "table", register_xlsx),
    DemoSite("many-on-one", "Apkaimju iniciatīvas (demonstrācija)", "html", many_on_one, "project"),
    DemoSite("prose-pages", "Kopienu stāsti (demonstrācija)", "html", prose_pages, "project"),
    DemoSite("calendar", "Jomas pasākumu kalendārs (demonstrācija)", "calendar", calendar),
)
