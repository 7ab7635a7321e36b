"""CKAN portals (API version 3): the rows of registers in their datasets, or the datasets themselves when the recipe says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawlers.adapters import json_data, table
from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.errors import BadContent, CrawlError
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.messages import N_
from crawlers.recipe import CkanRecipe, Recipe
from crawlers.record import Problem, RawRecord
from crawlers.values.initiative_words import is_about_initiatives
from crawlers.values.labels import field_of
from vocabulary import fold

ROWS_PER_REQUEST = 1000
DATASETS_PER_REQUEST = 100
MAX_DATASETS_TRIED = 5
FORMATS = ("csv", "xlsx", "json", "geojson", "jsonl")
INITIATIVES_QUERY = "(sociāl* AND uzņēm*) OR (social AND enterprise*) OR iniciatīv* OR initiative*"
Package = dict[str, Any]


def gather(listing: Gathering) -> Iterator[Item]:
    """The rows of each register by hundreds where the portal holds them, else its file; or the datasets themselves."""
    recipe = listing.recipe
    for package in _chosen_datasets(listing, recipe.addresses[0] if recipe.addresses else portal_address(recipe.url)):
        if recipe.ckan.is_catalogue:
            yield Item(None, (_dataset_record(package),))
        else:
            for resource in tabular_resources(package):
                yield from _resource_items(listing, package["_root"], resource)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The rows of one register or of a part of it, as table and json read them."""
    if page.body.lstrip()[:1] in (b"{", b"["):
        data = json_data.parse(page)
        rows = _result(data).get("records") if isinstance(data, dict) else None
        if isinstance(rows, list):
            return table.rows_to_raws(
                [_row_values(row) for row in rows if isinstance(row, dict)], recipe, _page_for_people(page.url)
            )
        return json_data.extract(page, recipe)
    return table.extract(page, recipe)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """The dataset at the address, else those of the portal that sound like registers of initiatives and name their rows."""
    for root in _answering_portals(site):
        if site.recipe.ckan.datasets or (name := _dataset_name_in(site.recipe.url)):
            names = site.recipe.ckan.datasets or (str(name),)
        else:
            names = tuple(_likely_datasets(site, root))
        if names:
            changes = {"adapter": "ckan", "addresses": (root,), "ckan": CkanRecipe(datasets=names)}
            yield site.recipe.model_copy(update=changes)
            return


def tabular_resources(package: Package) -> list[Package]:
    """The resources of a dataset that may be tables, one of each where the same is there in several formats."""
    by_name: dict[str, Package] = {}
    usable = [
        r
        for r in package.get("resources") or []
        if isinstance(r, dict) and (_format_of(r) in FORMATS or r.get("datastore_active"))
    ]
    for resource in sorted(
        usable, key=lambda r: (not r.get("datastore_active"), FORMATS.index(_format_of(r)) if _format_of(r) in FORMATS else 9)
    ):
        name = re.sub(
            r"\b(csv|xlsx?|json|geojson|excel|formata|format|fails|file|as)\b|\W", "", fold(str(resource.get("name") or ""))
        )
        by_name.setdefault(name, resource)
    return list(by_name.values())


def portal_address(url: str) -> str:
    """The address of a portal from that of one of its pages: what stands before /dataset, /organization or /group."""
    parts = urlsplit(url)
    path = re.split(r"/(?:[a-z]{2}/)?(?:dataset|organization|group|api/3)(?:/|$)", parts.path + "/")[0]
    return parts._replace(path=path.rstrip("/") + "/", query="", fragment="").geturl()


def _chosen_datasets(listing: Gathering, root: str) -> Iterator[Package]:
    """The datasets that the recipe names, then those that its query finds (all, when it asks for nothing else)."""
    ckan = listing.recipe.ckan
    names = ckan.datasets or tuple(filter(None, [_dataset_name_in(listing.recipe.url)]))
    for name in names:
        if package := _call_result(listing, _api_address(root, "package_show", id=name)):
            yield package | {"_root": root}
    start = 0
    while ckan.query or not names:
        result = _call_result(listing, _api_address(root, "package_search", q=ckan.query, rows=DATASETS_PER_REQUEST, start=start))
        packages = [package for package in result.get("results") or [] if isinstance(package, dict)]
        yield from (package | {"_root": root} for package in packages)
        start += DATASETS_PER_REQUEST
        if not packages or start >= int(result.get("count") or 0):
            return


def _resource_items(listing: Gathering, root: str, resource: Package) -> Iterator[Item]:
    """A register's parts. The portal's date of change holds for files that lie at the portal itself: rows that a program
    puts into its tables, or a file that lies elsewhere, change without one.
    """
    if not resource.get("datastore_active"):
        if resource.get("url"):
            is_here = resource.get("url_type") == "upload"
            yield Item(urljoin(root, str(resource["url"])), changed_at=resource.get("last_modified") or None if is_here else None)
        return
    head = _call_result(listing, _api_address(root, "datastore_search", resource_id=resource.get("id"), limit=0))
    columns = [str(field.get("id")) for field in head.get("fields") or [] if isinstance(field, dict)]
    if not _has_title(columns, listing.recipe):
        reason = N_("no column holds names; map one to title in the recipe (there are: %(columns)s)")
        listing.problems.append(
            Problem("refused", reason, str(resource.get("url") or root), values={"columns": ", ".join(columns)[:300]})
        )
        return
    for offset in range(0, min(int(head.get("total") or 0), table.MAX_ROWS), ROWS_PER_REQUEST):
        query = {"resource_id": resource.get("id"), "limit": ROWS_PER_REQUEST, "offset": offset, "sort": "_id"}
        yield Item(_api_address(root, "datastore_search", **query))


def _call_result(listing: Gathering, url: str) -> Package:
    """The result of a call; empty, with the problem told, when there is none."""
    page = listing.page(url)
    result = _result(json_data.parse(page)) if page else {}
    if page and not result:
        raise BadContent(url, N_("the portal gives no result; look at the names of the datasets in the recipe"))
    return result


def _result(data: Any) -> Package:
    result = data.get("result") if isinstance(data, dict) and data.get("success") else None
    return result if isinstance(result, dict) else {}


def _api_address(root: str, action: str, **query: Any) -> str:
    return f"{urljoin(root, f'api/3/action/{action}')}?{urlencode(query)}"


def _dataset_name_in(url: str) -> str | None:
    match = re.search(r"/dataset/([^/?#]+)", url)
    return match[1] if match else parse_qs(urlsplit(url).query).get("id", [None])[0] if "package_show" in url else None


def _page_for_people(url: str) -> str:
    """The page of a register for people, in place of the call that gave its rows."""
    resource = parse_qs(urlsplit(url).query).get("resource_id", [""])[0]
    return urljoin(portal_address(url), f"datastore/dump/{resource}") if resource else url


def _row_values(row: Package) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name != "_id" and value not in (None, "")}


def _dataset_record(package: Package) -> RawRecord:
    """A dataset as a record of its own."""
    organisation = package.get("organization")
    fields = {
        "title": package.get("title") or package.get("name"),
        "description": package.get("notes"),
        "tags": [tag.get("display_name") or tag.get("name") for tag in package.get("tags") or [] if isinstance(tag, dict)],
        "organisation": organisation.get("title") if isinstance(organisation, dict) else None,
        "licence": package.get("license_title"),
        "kind": "resource",
    }
    url = urljoin(package["_root"], f"dataset/{package.get('name')}")
    source = {name: package.get(name) for name in ("id", "name", "license_id", "metadata_modified")}
    return RawRecord(
        str(package.get("id") or url),
        url,
        fields,
        changed_at=package.get("metadata_modified"),
        source=source | {"fields": fields},
    )


def _format_of(resource: Package) -> str:
    declared = str(resource.get("format") or "").lower().strip(". ")
    return declared if declared in FORMATS else urlsplit(str(resource.get("url") or "")).path.rpartition(".")[2].lower()


def _has_title(columns: list[str], recipe: Recipe) -> bool:
    return recipe.fields.get("title") in columns or bool({"title", "organisation"} & set(map(field_of, columns)))


def _answering_portals(site: SiteProbe) -> Iterator[str]:
    """Where the site's API answers: below the address, else at the host's root."""
    is_hinted = (
        "ckan" in site.front.text()[:200_000].lower() or "/dataset" in site.front.url or "/dataset/" in " ".join(site.links)
    )
    for root in (
        dict.fromkeys((portal_address(site.front.url), urljoin(site.front.url, "/"))) if is_hinted and is_html(site.front) else ()
    ):
        page = site.get(_api_address(root, "package_search", rows=0))
        try:
            if page is not None and "count" in _result(json_data.parse(page)):
                yield root
        except CrawlError:
            continue


def _likely_datasets(site: SiteProbe, root: str) -> Iterator[str]:
    """Names of datasets with a register whose columns we know, those that sound like initiatives first."""
    page = site.get(_api_address(root, "package_search", rows=DATASETS_PER_REQUEST))
    result = _result(json_data.parse(page)) if page else {}
    if int(result.get("count") or 0) > DATASETS_PER_REQUEST:
        page = site.get(_api_address(root, "package_search", q=INITIATIVES_QUERY, rows=DATASETS_PER_REQUEST))
        result = _result(json_data.parse(page)) if page else {}
    packages = [package for package in result.get("results") or [] if isinstance(package, dict) and tabular_resources(package)]
    packages.sort(key=lambda package: not is_about_initiatives(f"{package.get('title')} {package.get('notes')}"))
    for package in packages[:MAX_DATASETS_TRIED]:
        listing = Gathering(site.budget, site.recipe.model_copy(update={"adapter": "ckan"}))
        items = [item for resource in tabular_resources(package)[:2] for item in _resource_items(listing, root, resource)]
        if any(_has_named_rows(site, item) for item in items[:1]):
            yield str(package.get("name"))


def _has_named_rows(site: SiteProbe, item: Item) -> bool:
    """Whether the rows of a register have names and at least one more thing that we know."""
    page = site.get(item.url) if item.url else None
    try:
        first = next(iter(extract(page, site.recipe)), None) if page else None
    except BadContent:
        return False
    return first is not None and len([v for v in first.fields.values() if v]) >= 2


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no CKAN portal with a register among its datasets; its owner could give the address of the dataset"),
)
