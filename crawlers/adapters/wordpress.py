"""WordPress with an open REST interface: its own types of entries, in all languages that the site declares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from crawlers.adapters.base import Adapter, Item, Listing
from crawlers.errors import BadContent, FetchError
from crawlers.fetch import Page
from crawlers.html import Html
from crawlers.labels import is_initiative_page, map_fields
from crawlers.messages import N_
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.site import Fetches, Site

PER_PAGE = 100
BUILT_IN = frozenset(
    [
        "attachment",
        "nav_menu_item",
        "wp_block",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "wp_font_family",
        "wp_font_face",
        "e-landing-page",
        "elementor_library",
        "page",
    ]
)
ROOTS = ("wp-json/", "?rest_route=/")
Entry = dict[str, Any]


def find_root(session: Fetches, base: str) -> str | None:
    """The address of the REST interface below a site's address; None where it is closed or not WordPress."""
    for name in ROOTS:
        url = urljoin(base, name)
        try:
            page = session.get(_route(url, "wp/v2/types"))
            if isinstance(page.json(), dict) and page.json():
                return url
        except FetchError:
            continue
    return None


def entry_types(session: Fetches, root: str, recipe: Recipe) -> dict[str, str]:
    """Type to REST base of what to take: the recipe's types, else the site's own types, else posts."""
    types = session.get(_route(root, "wp/v2/types")).json()
    bases = {name: str(t.get("rest_base") or name) for name, t in types.items() if isinstance(t, dict)}
    if recipe.types:
        return {name: bases.get(name, name) for name in recipe.types}
    own = {name: base for name, base in bases.items() if name not in BUILT_IN and name != "post"}
    return own or {"post": bases.get("post", "posts")}


def gather(listing: Listing) -> Iterator[Item]:
    """Every entry of every type, its translations with it."""
    recipe = listing.recipe
    roots = _language_roots(listing)
    if not roots:
        listing.is_whole = False
        raise BadContent(recipe.url, "the site's REST interface is closed or gone; try the adapter sitemap")
    for type_name, base in entry_types(listing.session, next(iter(roots.values())), recipe).items():
        entries = {lang: list(_entries(listing, root, base)) for lang, root in roots.items()}
        for group in _grouped(entries):
            yield Item(None, (_raw(type_name, group, recipe),))


def extract(_page: Page, _recipe: Recipe) -> Iterable[Raw]:
    """Nothing: the listing has it all."""
    return ()


def _language_roots(listing: Listing) -> dict[str, str]:
    """Language to REST root: of the recipe's prefixes, else of the languages that the front page declares."""
    recipe, session = listing.recipe, listing.session
    if recipe.languages:
        bases = {
            lang: urljoin(recipe.url, prefix.strip("/") + "/" if prefix else "") for lang, prefix in recipe.languages.items()
        }
    else:
        bases = _declared(session, recipe.url)
    found = {lang: root for lang, base in bases.items() if (root := find_root(session, base))}
    roots = list(found.values())
    return {lang: root for number, (lang, root) in enumerate(found.items()) if root not in roots[:number]}


def _declared(session: Fetches, url: str) -> dict[str, str]:
    try:
        front = session.get(url)
        page = Html(front.url, front.text())
        own = (page.lang or "und").split("-")[0]
        others = {lang.split("-")[0]: address for lang, address in page.alternates.items() if _within(address, url)}
    except FetchError:
        return {"und": url}
    rest = {lang: address for lang, address in others.items() if address.rstrip("/") != url.rstrip("/")}
    return {next((lang for lang in others if lang not in rest), own): url, **rest}


def _within(address: str, url: str) -> bool:
    return urlsplit(address).netloc == urlsplit(url).netloc


def _entries(listing: Listing, root: str, base: str) -> Iterator[Entry]:
    """All entries of a type, page by page, as far as the header says there are pages."""
    number, last = 1, 1
    while number <= last and number <= listing.recipe.limits.pages:
        query = {"per_page": str(PER_PAGE), "page": str(number), "_embed": "wp:term"}
        page = listing.page(_route(root, f"wp/v2/{base}", query))
        if page is None:
            return
        found = page.json()
        if not isinstance(found, list):
            raise BadContent(page.url, "this should be a list of entries and is not")
        last = int(page.headers.get("x-wp-totalpages") or 0) or (number + 1 if len(found) == PER_PAGE else number)
        yield from (entry for entry in found if isinstance(entry, dict) and is_initiative_page(str(entry.get("link", "/x"))))
        number += 1


def _grouped(entries: dict[str, list[Entry]]) -> Iterator[dict[str, Entry]]:
    """Entries with the translations that the site declares for them, by language, the default language first."""
    taken: set[tuple[str, int | None]] = set()
    by_id = {(lang, e.get("id")): e for lang, of_lang in entries.items() for e in of_lang}
    ids = defaultdict(list)
    for (lang, id), entry in by_id.items():
        ids[id].append((lang, entry))
    for lang, of_lang in entries.items():
        for entry in of_lang:
            if (lang, entry.get("id")) in taken:
                continue
            group = {_lang(entry, lang): entry}
            for code, id in _translations(entry).items():
                other = next(((where, e) for where, e in ids.get(id, []) if e is not entry), None)
                if other:
                    group.setdefault(code, other[1])
                    taken.add((other[0], id))
            taken |= {(where, entry.get("id")) for where, _ in ids[entry.get("id")]}
            yield group


def _translations(entry: Entry) -> dict[str, int]:
    """Language to id, as Polylang and WPML publish it."""
    said = entry.get("translations") or entry.get("wpml_translations") or {}
    if isinstance(said, list):
        said = {one.get("locale", one.get("lang", "")): one.get("id") for one in said if isinstance(one, dict)}
    return {str(lang)[:2]: int(id) for lang, id in said.items() if str(id).isdigit()} if isinstance(said, dict) else {}


def _lang(entry: Entry, default: str) -> str:
    return str(entry.get("lang") or default).split("_")[0].split("-")[0]


def _raw(type_name: str, group: dict[str, Entry], recipe: Recipe) -> Raw:
    (lang, entry), *others = group.items()
    fields = _fields(entry, recipe)
    translations = {
        code: {k: str(_fields(e, recipe).get(k) or "") for k in ("title", "summary", "description")} for code, e in others
    }
    changed = entry.get("modified_gmt")
    return Raw(
        remote_id=f"{type_name}:{entry.get('id')}",
        url=entry.get("link"),
        fields=fields,
        lang=None if lang == "und" else lang,
        types=(type_name,),
        translations=translations,
        changed_at=f"{changed}Z" if changed else None,
        source={k: entry.get(k) for k in ("id", "type", "link", "guid", "acf", "meta") if entry.get(k)} | {"fields": fields},
    )


def _fields(entry: Entry, recipe: Recipe) -> dict[str, Any]:
    """Title, texts, tags, and what custom fields or labelled facts in the content say."""
    content = _rendered(entry, "content")
    said: dict[str, Any] = dict(Html(entry.get("link") or recipe.url, f"<div>{content}</div>").facts)
    for holder in (entry.get("meta"), entry.get("acf")):
        if isinstance(holder, dict):
            said |= {k: v for k, v in holder.items() if isinstance(v, str | int | float) and v != ""}
    terms = [t.get("name") for group in (entry.get("_embedded") or {}).get("wp:term", []) for t in group if isinstance(t, dict)]
    fields = map_fields(said, recipe.fields)
    return fields | {
        "title": _rendered(entry, "title"),
        "summary": _rendered(entry, "excerpt") or fields.get("summary"),
        "description": content,
        "tags": [name for name in terms if name],
    }


def _rendered(entry: Entry, name: str) -> str:
    value = entry.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else str(value or "")


def _route(root: str, route: str, query: dict[str, str] | None = None) -> str:
    """A REST address, of both forms: /wp-json/route?… and /?rest_route=/route&…"""
    address = root + route
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}" if query else address


def look(site: Site) -> Iterator[Recipe]:
    """Each of the site's own types; a WordPress of posts only is a blog."""
    root = find_root(site.budget, site.recipe.url)
    if root is None:
        return
    recipe = site.recipe.model_copy(update={"adapter": "wordpress"})
    if recipe.types or set(entry_types(site.budget, root, recipe)) != {"post"}:
        yield recipe


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no open WordPress REST interface with entries of a type of their own; the owner could open /wp-json/"),
)
