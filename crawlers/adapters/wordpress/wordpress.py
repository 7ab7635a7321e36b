"""WordPress with an open REST interface: its own types of entries, in all languages that the site declares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from crawlers.adapters.base import Adapter, Gathering, Item, tells_apart
from crawlers.adapters.wordpress.rest_api import (
    BRIEF,
    BUILT_IN,
    PER_PAGE,
    Collection,
    Entry,
    Terms,
    find_root,
    is_within,
    route,
    types_of,
)
from crawlers.errors import BadContent, FetchError
from crawlers.fetch import Page
from crawlers.fetch.probe import Fetcher, SiteProbe
from crawlers.markup import Html
from crawlers.messages import N_
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import PageValidators
from crawlers.values.labels import is_initiative_page, map_fields
from crawlers.values.not_initiatives import is_other

CLOSED = N_("the site's REST interface is closed or gone; try the adapter sitemap")
GROUPS_TO_TRY = 5
MIN_GROUP = 3
Group = dict[str, tuple[Collection, Entry]]
"""Language to entry: one initiative in all languages in which the site says it."""


def gather(listing: Gathering) -> Iterator[Item]:
    """Every entry of every type, its translations with it; of what is known, only what changed is read whole."""
    roots = _language_roots(listing.session, listing.recipe)
    if not roots:
        listing.is_whole = False
        raise BadContent(listing.recipe.url, CLOSED)
    terms = {root: Terms(listing.session, root) for root in roots.values()}
    for name, base in _wanted_types(listing, next(iter(roots.values()))).items():
        collections = {lang: Collection(root, name, base) for lang, root in roots.items()}
        yield from _items(listing, collections, terms)


def extract(_page: Page, _recipe: Recipe) -> Iterable[RawRecord]:
    """Nothing: the listing has it all, and lists no entry bare."""
    return ()


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Each of the site's own types; then pages below one page, and posts by category, for sites without types of their own."""
    roots = _language_roots(site.budget, site.recipe)
    if not roots:
        return
    recipe = site.recipe.model_copy(update={"adapter": "wordpress"})
    root = next(iter(roots.values()))
    types = types_of(site.budget, root)
    own = [name for name, said in types.items() if name not in BUILT_IN and not is_other(f"{name} {said.get('name', '')}")]
    groups = [*own, *(() if own else _groups_of_pages(site.budget, root, types)), *_groups_of_posts(site.budget, root, types)]
    for name in (recipe.types and [""]) or groups:
        yield recipe.model_copy(update={"types": (name,)}) if name else recipe


def _wanted_types(listing: Gathering, root: str) -> dict[str, str]:
    """Type (with its filter) to REST base of what to take: the recipe's types, else the site's own types, else posts."""
    bases = {name: str(said.get("rest_base") or name) for name, said in types_of(listing.session, root).items()}
    wanted = listing.recipe.types or [name for name in bases if name not in BUILT_IN] or ["post"]
    return {name: bases.get(name.partition("?")[0], name.partition("?")[0]) for name in wanted}


def _groups_of_pages(session: Fetcher, root: str, types: dict[str, Any]) -> Iterator[str]:
    """Pages that stand below one page, the fullest first."""
    if "page" in types:
        try:
            brief = next(Collection(root, "page", "pages").pages(session, 1, _fields="id,parent"), [])
        except FetchError:
            return
        parents = Counter(entry.get("parent") for entry in brief if entry.get("parent"))
        yield from (f"page?parent={id}" for id, count in parents.most_common(GROUPS_TO_TRY) if count >= MIN_GROUP)


def _groups_of_posts(session: Fetcher, root: str, types: dict[str, Any]) -> Iterator[str]:
    """Posts by category, those of news left out; all posts where there are no categories to tell them apart."""
    if "post" not in types:
        return
    try:
        found = session.get(route(root, "wp/v2/categories", {"per_page": "100"})).json()
    except FetchError:
        found = []
    said = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    full = [one for one in said if int(one.get("count") or 0) >= MIN_GROUP]
    likely = [one for one in full if not is_other(f"{one.get('slug', '')} {one.get('name', '')}")]
    likely.sort(key=lambda one: -int(one.get("count") or 0))
    yield from (f"post?categories={one.get('id')}" for one in likely[:GROUPS_TO_TRY])
    if not full:
        yield "post"


def _language_roots(session: Fetcher, recipe: Recipe) -> dict[str, str]:
    """Language to REST root: of the recipe's prefixes, else of the languages that the front page declares."""
    front = _front(session, recipe.url)
    bases = _declared(front, recipe.url)
    if recipe.languages:
        prefixes = {lang: prefix.strip("/") for lang, prefix in recipe.languages.items()}
        bases = {lang: urljoin(recipe.url, f"{prefix}/" if prefix else "") for lang, prefix in prefixes.items()}
    named = front if len(bases) == 1 else None
    found = {lang: root for lang, base in bases.items() if (root := find_root(session, base, named))}
    roots = list(found.values())
    return {lang: root for number, (lang, root) in enumerate(found.items()) if root not in roots[:number]}


def _front(session: Fetcher, url: str) -> Html | None:
    try:
        page = session.get(url)
    except FetchError:
        return None
    return Html(page.url, page.text())


def _declared(front: Html | None, url: str) -> dict[str, str]:
    """Language to the address of the front page in it, the asked one's own language first."""
    if front is None:
        return {"und": url}
    said = {lang.split("-")[0]: address for lang, address in front.alternates.items() if is_within(address, url)}
    own = next((lang for lang, address in said.items() if address.rstrip("/") in (url.rstrip("/"), front.url.rstrip("/"))), None)
    rest = {lang: address for lang, address in said.items() if lang != own}
    return {own or (front.lang or "und").split("-")[0]: front.url if is_within(front.url, url) else url, **rest}


def _items(listing: Gathering, collections: dict[str, Collection], terms: dict[str, Terms]) -> Iterator[Item]:
    """One item for each group of translations: with its record where it may have changed, else as unchanged.

    Nothing can be read from an entry's own address, which many sites refuse. So where all entries have one date, which then
    says nothing, all are read whole, by hundreds; what they say decides.
    """
    groups = list(_grouped({lang: _brief(listing, one) for lang, one in collections.items()}, collections))
    trusts_dates = tells_apart(entry.get("modified_gmt") for group in groups for _, entry in group.values())
    changed: list[Group] = []
    for group in groups:
        if trusts_dates and _is_known(listing, group):
            yield Item(_address(group), is_unchanged=True)
        else:
            changed.append(group)
    for start in range(0, len(changed), PER_PAGE):
        for group in _whole(listing, changed[start : start + PER_PAGE], terms):
            yield Item(
                _address(group), tuple(_raws(group, listing.recipe, terms)), validators=PageValidators(changed_at=_stamp(group))
            )


def _brief(listing: Gathering, collection: Collection) -> list[Entry]:
    """The entries in brief; where the site stops answering, those read so far, and the listing is not whole."""
    found: list[Entry] = []
    try:
        for page in collection.pages(listing.session, listing.recipe.limits.pages, _fields=BRIEF):
            found += page
    except FetchError as error:
        listing.fail(error)
    return found


def _grouped(entries: dict[str, list[Entry]], collections: dict[str, Collection]) -> Iterator[Group]:
    """Entries with the translations that the site declares for them, by language, the default language first."""
    by_id: dict[int, list[tuple[str, Entry]]] = defaultdict(list)
    for lang, of_lang in entries.items():
        for entry in of_lang:
            by_id[int(entry.get("id") or 0)].append((lang, entry))
    taken: set[int] = set()
    for id, same in by_id.items():
        lang, entry = same[0]
        if id in taken:
            continue
        group = {_lang(entry, lang): (collections[lang], entry)}
        for code, other in _translations(entry).items():
            if other != id and other in by_id:
                where, translation = by_id[other][0]
                group.setdefault(code, (collections[where], translation))
                taken.add(other)
        yield group


def _translations(entry: Entry) -> dict[str, int]:
    """Language to id, as Polylang and WPML publish it."""
    said = entry.get("translations") or entry.get("wpml_translations") or {}
    if isinstance(said, list):
        said = {one.get("locale", one.get("lang", "")): one.get("id") for one in said if isinstance(one, dict)}
    return {str(lang)[:2]: int(id) for lang, id in said.items() if str(id).isdigit()} if isinstance(said, dict) else {}


def _lang(entry: Entry, default: str) -> str:
    return str(entry.get("lang") or default).split("_")[0].split("-")[0]


def _address(group: Group) -> str:
    """The REST address of a group's first entry, under which it is remembered."""
    collection, entry = next(iter(group.values()))
    return collection.address_of(entry)


def _stamp(group: Group) -> str | None:
    """When the entries were last changed; None where the site does not say."""
    said = [str(entry.get("modified_gmt") or "") for _, entry in group.values()]
    return " ".join(said) if all(said) else None


def _is_known(listing: Gathering, group: Group) -> bool:
    before = listing.validators_of(_address(group))
    return before is not None and before.changed_at is not None and before.changed_at == _stamp(group)


def _whole(listing: Gathering, groups: list[Group], terms: dict[str, Terms]) -> Iterator[Group]:
    """The groups with whole entries; those that the site gives no more are left out, and the listing is not whole."""
    wanted: dict[Collection, list[Entry]] = defaultdict(list)
    for group in groups:
        for collection, entry in group.values():
            wanted[collection] += [] if "title" in entry else [entry]
    found: dict[tuple[Collection, Any], Entry] = {}
    for collection, entries in wanted.items():
        try:
            read = list(collection.whole(listing.session, [str(entry.get("id")) for entry in entries]))
        except FetchError as error:
            listing.fail(error)
            continue
        found |= {(collection, entry.get("id")): entry for entry in read}
        terms[collection.root].read(read)
    for group in groups:
        full = {lang: (one, found.get((one, entry.get("id")), entry)) for lang, (one, entry) in group.items()}
        if all("title" in entry for _, entry in full.values()):
            yield full
        else:
            listing.is_whole = False


def _raws(group: Group, recipe: Recipe, terms: dict[str, Terms]) -> Iterator[RawRecord]:
    """The record of a group, unless its address is that of a page about the site itself."""
    read = {lang: (entry, _fields(entry, recipe, terms[one.root].of(entry))) for lang, (one, entry) in group.items()}
    (lang, (entry, fields)), *others = read.items()
    if not is_initiative_page(str(entry.get("link") or "/x"), recipe.include, recipe.exclude):
        return
    texts = ("title", "summary", "description")
    type_name = next(iter(group.values()))[0].type
    changed = entry.get("modified_gmt")
    yield RawRecord(
        remote_id=f"{type_name}:{entry.get('id')}",
        url=entry.get("link"),
        fields=fields,
        lang=None if lang == "und" else lang,
        types=(type_name,),
        translations={code: {k: str(said.get(k) or "") for k in texts} for code, (_, said) in others},
        changed_at=f"{changed}Z" if changed else None,
        source={k: entry.get(k) for k in ("id", "type", "link", "guid", "acf", "meta") if entry.get(k)} | {"fields": fields},
    )


def _fields(entry: Entry, recipe: Recipe, terms: dict[str, list[str]]) -> dict[str, Any]:
    """Title, texts, tags, and what terms, custom fields or labelled facts in the content say."""
    content = _rendered(entry, "content")
    said: dict[str, Any] = dict(Html(entry.get("link") or recipe.url, f"<div>{content}</div>").facts)
    for holder in (entry.get("meta"), entry.get("acf")):
        said |= dict(_custom(holder)) if isinstance(holder, dict) else {}
    fields = map_fields(terms | said, recipe.fields)
    return fields | {
        "title": _rendered(entry, "title"),
        "summary": _rendered(entry, "excerpt") or fields.get("summary"),
        "description": content or fields.get("description"),
        "tags": [name for names in terms.values() for name in names],
    }


def _custom(holder: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Custom fields that hold something, links, places and choices as their texts."""
    for key, value in holder.items():
        if isinstance(value, dict):
            lon = value.get("lng", value.get("lon"))
            yield from (("lat", value.get("lat")), ("lon", lon)) if value.get("lat") and lon else ()
            yield key, value.get("url") or value.get("label") or value.get("name") or value.get("address") or ""
        elif isinstance(value, list):
            named = [one.get("name") if isinstance(one, dict) else one for one in value]
            yield key, [one for one in named if isinstance(one, str) and one]
        elif not isinstance(value, bool) and value not in (None, ""):
            yield key, value


def _rendered(entry: Entry, name: str) -> str:
    value = entry.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else str(value or "")


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no open WordPress REST interface with entries of a type of their own; the owner could open /wp-json/"),
)
