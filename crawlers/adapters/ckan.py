"""CKAN portals (API version 3): the rows of the tables in their datasets, or the datasets themselves if the recipe says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from crawlers.adapters import json_data, table
from crawlers.adapters.base import Adapter, Gathering, Item
from crawlers.adapters.ckan_catalogue import dataset_record, type_of_entries
from crawlers.errors import BadContent, CrawlError
from crawlers.fetch import Page
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.reading.columns import names_rows
from crawlers.reading.json_objects import objects_in
from crawlers.reading.tables import MAX_ROWS, Table
from crawlers.recipe import CkanRecipe, Recipe
from crawlers.record import Problem, RawRecord
from crawlers.values.addresses import absolute_address, split_address
from crawlers.values.initiative_words import is_about_initiatives
from crawlers.values.whole_numbers import whole_number
from vocabulary import fold
from vocabulary.messages import N_

ROWS_PER_REQUEST = 1000
DATASETS_PER_REQUEST = 100
MAX_DATASETS_TRIED = 5
FORMATS = ("csv", "xlsx", "json", "geojson", "jsonl")
INITIATIVES_QUERY = "(sociāl* AND uzņēm*) OR (social AND enterprise*) OR iniciatīv* OR initiative*"
_FORMAT_WORDS = re.compile(r"\b(csv|xlsx?|json|geojson|excel|formata|format|fails|file|as)\b|\W")
"""What differs in the names of one resource in several formats."""
JsonObject = dict[str, Any]
Dataset = JsonObject
"""A dataset as the API describes it (CKAN calls it a package), with the portal's address under `_root`."""
Resource = JsonObject
"""A resource of a dataset as the API describes it."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The tables of the chosen datasets: API calls for their rows where the portal holds them, else files; or the datasets."""
    recipe = listing.recipe
    for dataset in _chosen_datasets(listing, recipe.addresses[0] if recipe.addresses else portal_address(recipe.url)):
        if recipe.ckan.is_catalogue:
            yield Item(None, (dataset_record(dataset, dataset["_root"], recipe),))
        else:
            for resource in tabular_resources(dataset):
                yield from _resource_items(listing, dataset["_root"], resource)


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """The rows of a table or of a part of it, read as the adapters table and json do."""
    if page.body.lstrip()[:1] in (b"{", b"["):
        data = json_data.parse(page)
        rows = _result(data).get("records") if isinstance(data, dict) else None
        if isinstance(rows, list):
            values = [_row_values(row) for row in rows if isinstance(row, dict)]
            headings = tuple(dict.fromkeys(name for row in values for name in row))
            listed = Table(headings, tuple(enumerate(values, start=1)))
            return (raw for _, raw in table.tables_to_raws([listed], recipe, _page_for_people(page.url)))
        return json_data.extract(page, recipe)
    return table.extract(page, recipe)


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe of the dataset at the site's address, else of the portal's datasets that hold named rows, likely ones first;
    else of the datasets themselves, where these are initiatives."""
    for root in _answering_portals(site):
        if site.recipe.ckan.datasets or (name := _dataset_name_in(site.recipe.url)):
            names = site.recipe.ckan.datasets or (str(name),)
        else:
            names = tuple(_likely_datasets(site, root))
        ckan = CkanRecipe(datasets=names) if names else _catalogue(site, root)
        if ckan:
            yield site.recipe.model_copy(update={"adapter": "ckan", "addresses": (root,), "ckan": ckan})
            return


def tabular_resources(dataset: Dataset) -> list[Resource]:
    """The resources of a dataset that may be tables; of one table in several formats only one, rows of the portal first."""
    resources = objects_in(dataset.get("resources"))
    usable = [resource for resource in resources if _format_of(resource) in FORMATS or resource.get("datastore_active")]
    by_name: dict[str, Resource] = {}
    for resource in sorted(usable, key=_format_rank):
        by_name.setdefault(_FORMAT_WORDS.sub("", fold(str(resource.get("name") or ""))), resource)
    return list(by_name.values())


def _format_rank(resource: Resource) -> tuple[bool, int]:
    """A sort key: resources whose rows the portal holds first, then by the order of FORMATS."""
    format_name = _format_of(resource)
    return not resource.get("datastore_active"), FORMATS.index(format_name) if format_name in FORMATS else len(FORMATS)


def portal_address(url: str) -> str:
    """The address of the portal of a page: the part before /dataset, /organization or /group."""
    parts = urlsplit(url)
    path = re.split(r"/(?:[a-z]{2}/)?(?:dataset|organization|group|api/3)(?:/|$)", parts.path + "/")[0]
    return parts._replace(path=path.rstrip("/") + "/", query="", fragment="").geturl()


def _chosen_datasets(listing: Gathering, root: str) -> Iterator[Dataset]:
    """The datasets that the recipe names, then those that its query finds; all datasets where it has neither."""
    ckan = listing.recipe.ckan
    names = ckan.datasets or tuple(filter(None, [_dataset_name_in(listing.recipe.url)]))
    for name in names:
        if dataset := _call_result(listing, _api_address(root, "package_show", id=name)):
            yield dataset | {"_root": root}
    start = 0
    while ckan.query or not names:
        result = _call_result(listing, _api_address(root, "package_search", q=ckan.query, rows=DATASETS_PER_REQUEST, start=start))
        datasets = objects_in(result.get("results"))
        yield from (dataset | {"_root": root} for dataset in datasets)
        start += DATASETS_PER_REQUEST
        if not datasets or start >= whole_number(result.get("count")):
            return


def _resource_items(listing: Gathering, root: str, resource: Resource) -> Iterator[Item]:
    """The items of a resource: its file, or a call for each ROWS_PER_REQUEST rows where the portal holds the rows.

    The portal's date of change is given only for files uploaded to the portal. Rows that programs write, and files elsewhere,
    change without it.
    """
    if not resource.get("datastore_active"):
        if resource.get("url"):
            is_here = resource.get("url_type") == "upload"
            changed_at = resource.get("last_modified")
            yield Item(
                absolute_address(root, str(resource["url"])), changed_at=str(changed_at) if is_here and changed_at else None
            )
        return
    head = _call_result(listing, _api_address(root, "datastore_search", resource_id=resource.get("id"), limit=0))
    columns = [str(field.get("id")) for field in objects_in(head.get("fields"))]
    if not _has_title(columns, listing.recipe):
        columns_there = {"columns": ", ".join(columns)[:300]}
        listing.problems.append(Problem("refused", table.NO_NAMES, str(resource.get("url") or root), values=columns_there))
        return
    for offset in range(0, min(whole_number(head.get("total")), MAX_ROWS), ROWS_PER_REQUEST):
        query = {"resource_id": resource.get("id"), "limit": ROWS_PER_REQUEST, "offset": offset, "sort": "_id"}
        yield Item(_api_address(root, "datastore_search", **query))


def _call_result(listing: Gathering, url: str) -> JsonObject:
    """The result of an API call; empty where the call failed, which is recorded. Raises BadContent for an answer without one."""
    page = listing.page(url)
    result = _result(json_data.parse(page)) if page else {}
    if page and not result:
        raise BadContent(url, N_("the portal returns no data; check the names of the datasets in the recipe"))
    return result


def _result(data: Any) -> JsonObject:
    """The result in an answer of the API; empty without one."""
    result = data.get("result") if isinstance(data, dict) and data.get("success") else None
    return result if isinstance(result, dict) else {}


def _api_address(root: str, action: str, **query: Any) -> str:
    return f"{urljoin(root, f'api/3/action/{action}')}?{urlencode(query)}"


def _dataset_name_in(url: str) -> str | None:
    """The name of the dataset that an address is of; None for other addresses."""
    if match := re.search(r"/dataset/([^/?#]+)", url):
        return match[1]
    return parse_qs(urlsplit(url).query).get("id", [None])[0] if "package_show" in url else None


def _page_for_people(url: str) -> str:
    """The address of a table for people, for the API call that gave its rows; any other address unchanged."""
    resource = parse_qs(urlsplit(url).query).get("resource_id", [""])[0]
    return urljoin(portal_address(url), f"datastore/dump/{resource}") if resource else url


def _row_values(row: JsonObject) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name != "_id" and value not in (None, "")}


def _format_of(resource: Resource) -> str:
    """The format of a resource in small letters: the declared one, else the suffix of its address."""
    declared = str(resource.get("format") or "").lower().strip(". ")
    return declared if declared in FORMATS else split_address(str(resource.get("url") or "")).path.rpartition(".")[2].lower()


def _has_title(columns: list[str], recipe: Recipe) -> bool:
    return names_rows(columns, recipe)


def _answering_portals(site: SiteProbe) -> Iterator[str]:
    """The addresses at which the site's API answers: the portal above the site's address, else the root of the host."""
    if not is_html(site.front) or not _looks_like_ckan(site):
        return
    for root in dict.fromkeys((portal_address(site.front.url), urljoin(site.front.url, "/"))):
        page = site.get(_api_address(root, "package_search", rows=0))
        try:
            if page is not None and "count" in _result(json_data.parse(page)):
                yield root
        except CrawlError:
            continue


def _looks_like_ckan(site: SiteProbe) -> bool:
    """Whether the front page names CKAN, or is or links to a page of a dataset."""
    is_named = "ckan" in site.front.text()[:200_000].lower()
    return is_named or "/dataset" in site.front.url or "/dataset/" in " ".join(site.links)


def _catalogue(site: SiteProbe, root: str) -> CkanRecipe | None:
    """The part of a recipe that reads a portal whose datasets are themselves the initiatives; None for any other portal."""
    page = site.get(_api_address(root, "package_search", rows=DATASETS_PER_REQUEST))
    datasets = objects_in(_result(json_data.parse(page)).get("results")) if page else []
    type = type_of_entries(dataset for dataset in datasets if not tabular_resources(dataset))
    if type is None:
        return None
    is_alone = all(dataset.get("type") == type for dataset in datasets)
    return CkanRecipe(is_catalogue=True, query="" if is_alone else f"dataset_type:{type}")


def _likely_datasets(site: SiteProbe, root: str) -> Iterator[str]:
    """The names of datasets with a table of named rows; those are tried first that have words for initiatives."""
    page = site.get(_api_address(root, "package_search", rows=DATASETS_PER_REQUEST))
    result = _result(json_data.parse(page)) if page else {}
    if whole_number(result.get("count")) > DATASETS_PER_REQUEST:
        page = site.get(_api_address(root, "package_search", q=INITIATIVES_QUERY, rows=DATASETS_PER_REQUEST))
        result = _result(json_data.parse(page)) if page else {}
    datasets = [dataset for dataset in objects_in(result.get("results")) if tabular_resources(dataset)]
    datasets.sort(key=lambda dataset: not is_about_initiatives(f"{dataset.get('title')} {dataset.get('notes')}"))
    for dataset in datasets[:MAX_DATASETS_TRIED]:
        listing = Gathering(site.budget, site.recipe.model_copy(update={"adapter": "ckan"}))
        items = [item for resource in tabular_resources(dataset)[:2] for item in _resource_items(listing, root, resource)]
        if any(_has_named_rows(site, item) for item in items[:1]):
            yield str(dataset.get("name"))


def _has_named_rows(site: SiteProbe, item: Item) -> bool:
    """Whether an item has rows, and the first has at least two fields of ours."""
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
