"""WordPress sites whose REST interface is open, in the manners in which people set them up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Answer, Site

OPENING = "<p>[vc_row][vc_column width=&#8221;1/2&#8243;][vc_column_text css=&#8221;.vc_custom_1{margin: 0}&#8221;]</p>"


@dataclass
class Rest:
    """A WordPress REST interface over lists of objects by rest base."""

    site: Site
    prefix: str = "/wp-json"
    types: dict[str, dict[str, Any]] = field(default_factory=dict)
    taxonomies: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add_type(
        self, name: str, base: str, label: str, items: list[dict[str, Any]], taxonomies: list[str] | None = None
    ) -> None:
        link = {"href": f"{self.site.base}/wp-json/wp/v2/{base}"}
        self.types[name] = {
            "name": label, "slug": name, "rest_base": base, "rest_namespace": "wp/v2", "hierarchical": name == "page",
            "has_archive": False, "taxonomies": taxonomies or [], "description": "", "_links": {"wp:items": [link]},
        }  # fmt: skip
        self.items[base] = items

    def add_taxonomy(self, name: str, base: str, types: list[str], terms: list[str]) -> dict[str, int]:
        """Register terms; returns their ids by name."""
        self.taxonomies[name] = {
            "name": name.title(),
            "slug": name,
            "rest_base": base,
            "rest_namespace": "wp/v2",
            "types": types,
            "hierarchical": True,
        }
        ids = {term: 300 + len(self.items) * 100 + number for number, term in enumerate(terms)}
        self.items[base] = [
            {
                "id": number,
                "name": escape(term),
                "slug": f"t{number}",
                "taxonomy": name,
                "count": 3,
                "link": f"{self.site.base}/{base}/t{number}/",
            }
            for term, number in ids.items()
        ]
        return ids

    def route(self, path: str, query: dict[str, str]) -> Answer | None:
        if "rest_route" in query and path == "/" and not self.prefix:
            return self.answer(query["rest_route"], query)
        if self.prefix and (path == self.prefix or path.startswith(self.prefix + "/")):
            return self.answer(path.removeprefix(self.prefix) or "/", query)
        return None

    def answer(self, route: str, query: dict[str, str]) -> Answer:
        bits = route.strip("/").split("/")
        if bits == [""]:
            routes = {f"/wp/v2/{base}": {"methods": ["GET"]} for base in self.items}
            return _json({"name": self.site.name, "url": self.site.base, "namespaces": ["oembed/1.0", "wp/v2"], "routes": routes})
        if bits[:2] != ["wp", "v2"]:
            return _json({"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}}, 404)
        if bits[2:] == ["types"]:
            return _json(self.types)
        if bits[2:] == ["taxonomies"]:
            return _json(self.taxonomies)
        if len(bits) == 2 or bits[2] not in self.items:
            return _json({"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}}, 404)
        if len(bits) == 4:
            found = [one for one in self.items[bits[2]] if str(one["id"]) == bits[3]]
            return _json(found[0]) if found else _json({"code": "rest_post_invalid_id"}, 404)
        return self._listing(bits[2], query)

    def _listing(self, base: str, query: dict[str, str]) -> Answer:
        items = self.items[base]
        if "categories" in query:
            wanted = {int(one) for one in query["categories"].split(",") if one.isdigit()}
            items = [one for one in items if wanted & set(one.get("categories", ()))]
        if "include" in query:
            items = [one for one in items if str(one["id"]) in query["include"].split(",")]
        if "lang" in query:
            items = [one for one in items if one.get("lang", query["lang"]) == query["lang"]]
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        last = -(-len(items) // size)
        if size > 100 or (page > last and page > 1):
            return _json({"code": "rest_post_invalid_page_number", "data": {"status": 400}}, 400)
        shown = items[(page - 1) * size : page * size]
        if "_fields" in query:
            keep = {one.split(".")[0] for one in query["_fields"].split(",")}
            shown = [{key: value for key, value in one.items() if key in keep} for one in shown]
        return _json(shown, 200, {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(last)})


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(json.dumps(value).encode(), "application/json; charset=UTF-8", status, headers or {})


def dress(site: Site) -> None:
    """Put on a theme in which WordPress is seen."""
    site.theme = site.rng.choice(["block_theme", "bootstrap", "builder"])


def item(site: Site, number: int, kind: str, title: str, content: str, path: str, **more: Any) -> dict[str, Any]:
    """An object as the REST interface gives it; a `slug` in `more` overrules the address."""
    return {
        "id": number, "date": "2024-03-01T10:00:00", "date_gmt": "2024-03-01T08:00:00", "modified": "2024-04-02T10:00:00",
        "modified_gmt": "2024-04-02T08:00:00", "slug": path.strip("/").rsplit("/", 1)[-1], "status": "publish", "type": kind,
        "link": site.base + path, "guid": {"rendered": f"{site.base}/?p={number}"}, "title": {"rendered": _texturized(title)},
        "content": {"rendered": content, "protected": False}, "excerpt": {"rendered": _excerpt(content), "protected": False},
        "author": 1, "featured_media": 0, "template": "", "meta": [], **more,
    }  # fmt: skip


def _excerpt(content: str) -> str:
    """The first 30 words, as WordPress cuts them."""
    words = re.sub(r"<[^>]+>", " ", content).split()
    return f"<p>{' '.join(words[:30])}{' [&hellip;]' if len(words) > 30 else ''}</p>"


def _texturized(title: str) -> str:
    """As WordPress escapes titles: ampersands and dashes by number."""
    return escape(title, quote=False).replace("&amp;", "&#038;").replace("–", "&#8211;")


def furnish(site: Site, rest: Rest, category: dict[str, int] | None = None) -> None:
    """The posts, pages and inner types that every WordPress has beside what is looked for."""
    words = site.words
    posts = [
        item(
            site,
            50 + n,
            "post",
            title,
            f"<p>{escape(text)}</p>",
            site.news_address(title),
            categories=[(category or {}).get("News", 1)],
            tags=[],
        )
        for n, (title, text) in enumerate(words["news_items"])
    ]
    rest.add_type("post", "posts", "Posts", posts + rest.items.get("posts", []), ["category", "post_tag"])
    pages = [
        item(
            site,
            10 + n,
            "page",
            words[key],
            "".join(f"<p>{escape(text)}</p>" for text in words[f"{key}_text"]),
            f"/{key}/",
            parent=0,
            menu_order=n,
        )
        for n, key in enumerate(["about", "privacy"])
    ]
    pages.append(item(site, 19, "page", words["contact"], f"<p>{site.word('address')}</p>", "/contact/", parent=0, menu_order=4))
    rest.add_type("page", "pages", "Pages", pages)
    rest.add_type(
        "attachment",
        "media",
        "Media",
        [item(site, 5, "attachment", "logo", "", "/logo/", media_type="image", source_url=f"{site.base}/logo.png")],
    )
    rest.add_type("wp_block", "blocks", "Patterns", [])
    rest.add_type("nav_menu_item", "menu-items", "Navigation Menu Items", [])
    roles = [
        item(site, 30 + n, "team_member", role, "<p>office@network.example</p>", f"/team/{n}/")
        for n, role in enumerate(words["roles"])
    ]
    rest.add_type("team_member", "team", words["team"], roles)
    site.routes.append(rest.route)
    href = f"{site.base}{rest.prefix}/" if rest.prefix else f"{site.base}/?rest_route=/"
    site.head += f'<link rel="https://api.w.org/" href="{href}">'


def acf(site: Site) -> None:
    """A custom type with an odd name, its facts in ACF fields, beside tags in a taxonomy."""
    dress(site)
    rest = Rest(site)
    site.menu.append((site.list_name, "/members/"))

    def address(entry: Entry) -> str:
        return f"/se_profile/{entry.slug}/"

    topics = sorted({topic for entry in site.entries for topic in entry.types}) or ["other"]
    ids = rest.add_taxonomy("se_sphere", "se_sphere", ["se_profile"], [topic.replace("_", " ") for topic in topics])
    entries = []
    for entry in site.entries:
        terms = [ids[topic.replace("_", " ")] for topic in entry.types]
        more = {"se_sphere": terms, "acf": _fields(entry)}
        entries.append(item(site, entry.number, "se_profile", entry.name, entry.html, address(entry), **more))
    rest.add_type("se_profile", "se_profile", "SE profiles", entries, ["se_sphere"])
    furnish(site, rest)
    parts.entry_pages(site, address, "/members/", "strong")
    parts.lists(site, "/members/", address, parts.card_item)


def _fields(entry: Entry) -> dict[str, Any]:
    """What ACF prints: empty strings and false for what is not filled in, a link as an object."""
    homepage = {"title": "", "url": entry.website, "target": "_blank"} if entry.website else ""
    place = {"se_country": entry.country or "", "se_city": entry.city or "", "map": {"lat": entry.lat, "lng": entry.lon}}
    return {**place, "homepage": homepage, "logo": False}


def rest_route(site: Site) -> None:
    """Plain permalinks: the interface answers only to `?rest_route=`; countries are terms, texts hold builder shortcodes."""
    dress(site)
    rest = Rest(site, prefix="")
    countries = sorted({entry.country for entry in site.entries if entry.country})
    ids = rest.add_taxonomy("valsts", "valstis", ["buveinc"], countries)

    def address(entry: Entry) -> str:
        return f"/?buveinc={entry.slug}"

    entries = []
    for entry in site.entries:
        content = f"{OPENING}{entry.html}<p>[/vc_column_text][/vc_column][/vc_row]</p>"
        more = {"slug": entry.slug, "valstis": [ids[entry.country]] if entry.country else []}
        entries.append(item(site, entry.number, "buveinc", entry.name, content, address(entry), **more))
    rest.add_type("buveinc", "buveinc", site.list_name, entries, ["valsts"])
    site.news_path = "/?p={number}"
    furnish(site, rest)
    site.menu.append((site.list_name, "/?page_id=77"))
    parts.entry_pages(site, address, "/?page_id=77", "paragraphs")
    items = "".join(parts.plain_item(site, entry, address(entry)) for entry in site.entries)
    site.page("/?page_id=77", site.list_name, f"<ul>{items}</ul>")


def languages(site: Site) -> None:
    """Two languages under prefixes, each with its own interface; every entry stands in both, said to be one by hreflang and Polylang's fields."""
    dress(site)
    other = "lv" if site.lang != "lv" else "en"
    codes = (site.lang, other)
    site.menu.append((site.list_name, f"/{site.lang}/"))
    for number, code in enumerate(codes):
        rest = Rest(site, prefix=f"/{code}/wp-json")
        entries = [_translated(site, entry, code, number, codes) for entry in site.entries]
        rest.add_type("organizacija", "organizacija", site.list_name, entries)
        furnish(site, rest)
        for entry in site.entries:
            head = "".join(
                f'<link rel="alternate" hreflang="{one}" href="{site.base}/{one}/organizacija/{entry.slug}/">' for one in codes
            )
            site.page(
                f"/{code}/organizacija/{entry.slug}/",
                entry.name,
                entry.html + parts.facts(site, entry, "strong lines"),
                head=head,
                lang=code,
            )
        items = "".join(parts.plain_item(site, entry, f"/{code}/organizacija/{entry.slug}/") for entry in site.entries)
        site.page(f"/{code}/", site.list_name, f"<p>{site.word('intro')}</p><ul>{items}</ul>", lang=code)
    site.add("/", "", status=302, Location=f"{site.base}/{site.lang}/")


def _translated(site: Site, entry: Entry, code: str, number: int, codes: tuple[str, ...]) -> dict[str, Any]:
    translations = {one: entry.number + 5000 * place for place, one in enumerate(codes)}
    content = entry.html + parts.facts(site, entry, "strong lines")
    return item(
        site,
        entry.number + 5000 * number,
        "organizacija",
        entry.name,
        content,
        f"/{code}/organizacija/{entry.slug}/",
        lang=code,
        translations=translations,
    )


def category(site: Site) -> None:
    """No type of their own: entries are ordinary posts in a category, between news posts in another."""
    dress(site)
    rest = Rest(site)
    ids = rest.add_taxonomy("category", "categories", ["post"], ["News", site.list_name, "Uncategorized"])
    rest.add_taxonomy("post_tag", "tags", ["post"], [])

    def address(entry: Entry) -> str:
        return f"/2024/03/{entry.slug}/"

    rest.items["posts"] = [
        item(
            site,
            entry.number,
            "post",
            entry.name,
            entry.html + parts.facts(site, entry, "lines"),
            address(entry),
            categories=[ids[site.list_name]],
            tags=[],
        )
        for entry in site.entries
    ]
    site.news_path = "/2024/05/{slug}/"
    furnish(site, rest, ids)
    list_path = "/category/members/"
    site.menu.append((site.list_name, list_path))
    rest.items["categories"][1].update(slug="members", link=site.base + list_path, count=len(site.entries))
    rest.items["categories"][0].update(slug="news", link=f"{site.base}/news/", count=4)
    parts.entry_pages(site, address, list_path, "lines")
    parts.lists(site, list_path, address, parts.teaser_item, parts.next_link)


VARIANTS: dict[str, Callable[[Site], None]] = {
    "custom type, ACF": acf,
    "rest_route, terms, shortcodes": rest_route,
    "language prefixes": languages,
    "posts in a category": category,
}
