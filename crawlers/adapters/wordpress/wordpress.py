"""WordPress with an open REST API: the site's own content types, in all languages that the site declares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urljoin

from crawlers.adapters.base import Adapter, Gathering, Item, read_each, tells_apart
from crawlers.adapters.wordpress.rest_api import (
    BRIEF_FIELDS,
    BUILT_IN,
    NOTICE,
    PER_PAGE,
    Collection,
    Entry,
    Terms,
    find_root,
    route_address,
    types_of,
)
from crawlers.errors import BadContent, FetchError
from crawlers.fetch import Page
from crawlers.fetch.indexing import NOT_TO_BE_LISTED
from crawlers.fetch.probe import Fetcher, SiteProbe
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord
from crawlers.state import PageValidators
from crawlers.values.addresses import is_web_address, same_site
from crawlers.values.initiative_words import is_excluded_list
from crawlers.values.labels import is_initiative_page, map_fields
from crawlers.values.whole_numbers import whole_number
from vocabulary.messages import N_

CLOSED = N_("the site's REST interface is closed or gone; try the adapter sitemap")
MAX_GROUPS_TRIED = 5
MIN_GROUP_ENTRIES = 3
SOURCE_KEYS = ("id", "type", "link", "guid", "acf", "meta")
"""What is kept of an entry as the source of its record."""
Translations = dict[str, tuple[Collection, Entry]]
"""One initiative: by language its entry and the collection of that entry."""


def gather(listing: Gathering) -> Iterator[Item]:
    """An item for each entry with its translations; only new and changed entries are fetched with all fields."""
    roots = _language_roots(listing.session, listing.recipe)
    if not roots:
        listing.is_whole = False
        raise BadContent(listing.recipe.url, CLOSED)
    terms = {root: Terms(listing.session, root) for root in roots.values()}
    for name, base in _wanted_types(listing, next(iter(roots.values()))).items():
        collections = {lang: Collection(root, name, base) for lang, root in roots.items()}
        yield from _group_items(listing, collections, terms)


def extract(_page: Page, _recipe: Recipe) -> Iterable[RawRecord]:
    """Nothing, since `gather` gives the records of all entries."""
    return ()


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Recipes of each of the site's own content types, else of pages below one page; then of posts by category."""
    roots = _language_roots(site.budget, site.recipe)
    if not roots:
        return
    recipe = site.recipe.model_copy(update={"adapter": "wordpress"})
    root = next(iter(roots.values()))
    types = types_of(site.budget, root)
    labels = {name: f"{name} {description.get('name', '')}" for name, description in types.items()}
    own = [name for name, label in labels.items() if name not in BUILT_IN and not is_excluded_list(label)]
    groups = [*own, *(() if own else _groups_of_pages(site.budget, root, types)), *_groups_of_posts(site.budget, root, types)]
    for name in (recipe.types and [""]) or groups:
        yield recipe.model_copy(update={"types": (name,)}) if name else recipe


def _wanted_types(listing: Gathering, root: str) -> dict[str, str]:
    """The path in the API by name (with filter) of the types to read: the recipe's, else the site's own, else posts."""
    bases = {name: str(description.get("rest_base") or name) for name, description in types_of(listing.session, root).items()}
    names = listing.recipe.types or [name for name in bases if name not in BUILT_IN] or ["post"]
    return {name: bases.get(name.partition("?")[0], name.partition("?")[0]) for name in names}


def _groups_of_pages(session: Fetcher, root: str, types: dict[str, Any]) -> Iterator[str]:
    """Filters for the pages below one page, those with most pages first."""
    if "page" in types:
        try:
            brief = next(Collection(root, "page", "pages").pages(session, 1, _fields="id,parent"), [])
        except FetchError:
            return
        parents = Counter(id for entry in brief if (id := whole_number(entry.get("parent"))))
        yield from (f"page?parent={id}" for id, count in parents.most_common(MAX_GROUPS_TRIED) if count >= MIN_GROUP_ENTRIES)


def _groups_of_posts(session: Fetcher, root: str, types: dict[str, Any]) -> Iterator[str]:
    """Filters for the posts of a category, without categories of news; all posts where no category has several."""
    if "post" not in types:
        return
    try:
        answer = session.get(route_address(root, "wp/v2/categories", {"per_page": "100"})).json()
    except FetchError:
        answer = []
    categories = [category for category in answer if isinstance(category, dict)] if isinstance(answer, list) else []
    large = [category for category in categories if whole_number(category.get("count")) >= MIN_GROUP_ENTRIES]
    likely = [category for category in large if not is_excluded_list(f"{category.get('slug', '')} {category.get('name', '')}")]
    likely.sort(key=lambda category: -whole_number(category.get("count")))
    yield from (f"post?categories={category.get('id')}" for category in likely[:MAX_GROUPS_TRIED])
    if not large:
        yield "post"


def _language_roots(session: Fetcher, recipe: Recipe) -> dict[str, str]:
    """The address of the API by language: of the recipe's prefixes, else of the translations that the front page declares."""
    front = _front_page(session, recipe.url)
    bases = _declared_front_pages(front, recipe.url)
    if recipe.languages:
        prefixes = {lang: prefix.strip("/") for lang, prefix in recipe.languages.items()}
        bases = {lang: urljoin(recipe.url, f"{prefix}/" if prefix else "") for lang, prefix in prefixes.items()}
    front_of_all = front if len(bases) == 1 else None  # it declares one API only
    root_of_language = {lang: root for lang, base in bases.items() if (root := find_root(session, base, front_of_all))}
    roots = list(root_of_language.values())
    return {lang: root for number, (lang, root) in enumerate(root_of_language.items()) if root not in roots[:number]}


def _front_page(session: Fetcher, url: str) -> Html | None:
    """The page at an address; None where it cannot be fetched."""
    try:
        page = session.get(url)
    except FetchError:
        return None
    return Html(page.url, page.text())


def _declared_front_pages(front: Html | None, url: str) -> dict[str, str]:
    """The address of the front page by language, the language of the page at `url` first; `und` where it is unknown."""
    if front is None:
        return {"und": url}
    declared = {lang.split("-")[0]: address for lang, address in front.alternates.items() if same_site(address, url)}
    own_addresses = (url.rstrip("/"), front.url.rstrip("/"))
    own_lang = next((lang for lang, address in declared.items() if address.rstrip("/") in own_addresses), None)
    others = {lang: address for lang, address in declared.items() if lang != own_lang}
    return {own_lang or (front.lang or "und").split("-")[0]: front.url if same_site(front.url, url) else url, **others}


def _group_items(listing: Gathering, collections: dict[str, Collection], terms: dict[str, Terms]) -> Iterator[Item]:
    """An item for each group of translations, with its record, or as unchanged.

    The address of a single entry is not read, since many sites refuse it. Where all entries have the same date of change, it
    says nothing, and all are fetched with all fields, PER_PAGE at a time.
    """
    entries = {lang: _brief_entries(listing, collection) for lang, collection in collections.items()}
    groups = list(_translation_groups(entries, collections))
    trusts_dates = tells_apart(str(entry.get("modified_gmt") or "") for group in groups for _, entry in group.values())
    changed: list[Translations] = []
    for group in groups:
        if trusts_dates and _is_unchanged(listing, group):
            yield Item(_group_address(group), is_unchanged=True)
        else:
            changed.append(group)
    for start in range(0, len(changed), PER_PAGE):
        for group in _whole_groups(listing, changed[start : start + PER_PAGE], terms):
            url = _group_address(group)
            is_listed = _may_be_listed(listing, group)
            yield Item(
                url,
                tuple(read_each([group] if is_listed else [], lambda group: _raw_record(group, listing.recipe, terms), url)),
                validators=PageValidators(changed_at=_change_stamp(group)),
            )


def _may_be_listed(listing: Gathering, group: Translations) -> bool:
    """Whether the page of a group's first entry may be listed, as the plugin Yoast SEO says; that it may not is recorded."""
    _, entry = next(iter(group.values()))
    head = entry.get("yoast_head_json")
    robots = head.get("robots") if isinstance(head, dict) else None
    is_listed = not isinstance(robots, dict) or robots.get("index") != "noindex"
    if not is_listed:
        listing.problems.append(Problem("refused", NOT_TO_BE_LISTED, _own_address(entry)))
    return is_listed


def _brief_entries(listing: Gathering, collection: Collection) -> list[Entry]:
    """The entries with BRIEF_FIELDS; if the site stops answering, those read so far, and the failure is recorded."""
    entries: list[Entry] = []
    try:
        for page in collection.pages(
            listing.session, listing.recipe.limits.pages, partial(_tell_notice, listing), _fields=BRIEF_FIELDS
        ):
            entries += page
    except FetchError as error:
        listing.fail(error)
    return entries


def _tell_notice(listing: Gathering, page: Page) -> None:
    """Record, once for a crawl, that an answer begins with a notice."""
    if page.has_notice and not any(problem.reason == NOTICE for problem in listing.problems):
        listing.problems.append(Problem("warning", NOTICE, page.url))


def _translation_groups(entries: dict[str, list[Entry]], collections: dict[str, Collection]) -> Iterator[Translations]:
    """The entries grouped with the translations that the site declares, the default language first in each group."""
    by_id: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for lang, entries_of_language in entries.items():
        for entry in entries_of_language:
            by_id[str(entry.get("id"))].append((lang, entry))
    grouped_ids: set[str] = set()
    for id, versions in by_id.items():
        lang, entry = versions[0]
        if id in grouped_ids:
            continue
        group = {_language_of(entry, lang): (collections[lang], entry)}
        for code, other_id in _declared_translations(entry).items():
            if other_id != id and other_id in by_id:
                root_lang, translation = by_id[other_id][0]
                group.setdefault(code, (collections[root_lang], translation))
                grouped_ids.add(other_id)
        yield group


def _declared_translations(entry: Entry) -> dict[str, str]:
    """The ids of an entry's translations by language, as the plugins Polylang and WPML publish them."""
    declared = entry.get("translations") or entry.get("wpml_translations") or {}
    if isinstance(declared, list):
        declared = {
            translation.get("locale", translation.get("lang", "")): translation.get("id")
            for translation in declared
            if isinstance(translation, dict)
        }
    return {str(lang)[:2]: str(id) for lang, id in declared.items() if whole_number(id)} if isinstance(declared, dict) else {}


def _language_of(entry: Entry, default: str) -> str:
    """The language code of an entry, `default` where it has none."""
    return str(entry.get("lang") or default).split("_")[0].split("-")[0]


def _group_address(group: Translations) -> str:
    """The API address of a group's first entry, under which the group is remembered."""
    collection, entry = next(iter(group.values()))
    return collection.address_of(entry)


def _change_stamp(group: Translations) -> str | None:
    """The dates of change of a group's entries as one text; None where an entry has none."""
    dates = [str(entry.get("modified_gmt") or "") for _, entry in group.values()]
    return " ".join(dates) if all(dates) else None


def _is_unchanged(listing: Gathering, group: Translations) -> bool:
    """Whether the entries of a group have the dates of change that were remembered."""
    before = listing.validators_of(_group_address(group))
    return before is not None and before.changed_at is not None and before.changed_at == _change_stamp(group)


def _whole_groups(listing: Gathering, groups: list[Translations], terms: dict[str, Terms]) -> Iterator[Translations]:
    """The groups with all fields of their entries; groups with an entry that cannot be fetched are left out.

    The listing is then not whole.
    """
    brief: dict[Collection, list[Entry]] = defaultdict(list)
    for group in groups:
        for collection, entry in group.values():
            brief[collection] += [] if "title" in entry else [entry]
    whole_entries: dict[tuple[Collection, str], Entry] = {}
    for collection, entries in brief.items():
        try:
            answer = list(collection.whole(listing.session, [str(entry.get("id")) for entry in entries]))
        except FetchError as error:
            listing.fail(error)
            continue
        whole_entries |= {(collection, str(entry.get("id"))): entry for entry in answer}
        terms[collection.root].read(answer)
    for group in groups:
        full = {
            lang: (collection, whole_entries.get((collection, str(entry.get("id"))), entry))
            for lang, (collection, entry) in group.items()
        }
        if all("title" in entry for _, entry in full.values()):
            yield full
        else:
            listing.is_whole = False


def _raw_record(group: Translations, recipe: Recipe, terms: dict[str, Terms]) -> RawRecord | None:
    """The raw record of a group; None where its address is no initiative's."""
    versions = [
        (lang, entry, *_fields(entry, recipe, terms[collection.root].of(entry))) for lang, (collection, entry) in group.items()
    ]
    (lang, entry, fields, facts), *others = versions
    if not is_initiative_page(_own_address(entry) or "/x", recipe.include, recipe.exclude):
        return None
    texts = ("title", "summary", "description")
    type_name = next(iter(group.values()))[0].type
    changed = entry.get("modified_gmt")
    return RawRecord(
        remote_id=f"{type_name}:{entry.get('id')}",
        url=_own_address(entry),
        fields=fields,
        lang=None if lang == "und" else lang,
        types=(type_name,),
        translations={code: {name: str(values.get(name) or "") for name in texts} for code, _, values, _ in others},
        changed_at=f"{changed}Z" if changed else None,
        source={name: entry[name] for name in SOURCE_KEYS if entry.get(name)} | {"fields": fields, "facts": facts},
    )


def _fields(entry: Entry, recipe: Recipe, terms: dict[str, list[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Our fields of an entry (texts, tags, and fields from terms, custom fields and labelled facts in the text), and these."""
    content = _rendered(entry, "content")
    facts: dict[str, Any] = dict(Html(_own_address(entry) or recipe.url, f"<div>{content}</div>").facts)
    for holder in (entry.get("meta"), entry.get("acf")):
        facts |= dict(_custom_fields(holder)) if isinstance(holder, dict) else {}
    facts = terms | facts
    fields = map_fields(facts, recipe.fields)
    return fields | {
        "title": _rendered(entry, "title"),
        "summary": _rendered(entry, "excerpt") or fields.get("summary"),
        "description": content or fields.get("description"),
        "tags": [name for names in terms.values() for name in names],
    }, facts


def _custom_fields(holder: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and value of custom fields that are not empty; links, places and choices as texts, places also as lat and lon."""
    for key, value in holder.items():
        if isinstance(value, dict):
            lon = value.get("lng", value.get("lon"))
            yield from (("lat", value.get("lat")), ("lon", lon)) if value.get("lat") and lon else ()
            yield key, value.get("url") or value.get("label") or value.get("name") or value.get("address") or ""
        elif isinstance(value, list):
            named = [entry.get("name") if isinstance(entry, dict) else entry for entry in value]
            yield key, [entry for entry in named if isinstance(entry, str) and entry]
        elif not isinstance(value, bool) and value not in (None, ""):
            yield key, value


def _own_address(entry: Entry) -> str | None:
    """The address of an entry's page; None where the API gives none as a text."""
    link = entry.get("link")
    return link if isinstance(link, str) and is_web_address(link) else None


def _rendered(entry: Entry, name: str) -> str:
    """The HTML of an entry's text; "" without one."""
    value = entry.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else str(value or "")


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no open WordPress REST interface with entries of a type of their own; the owner could open /wp-json/"),
)
