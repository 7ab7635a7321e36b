"""Datasets of a CKAN portal that are records themselves: of a type of their own, with facts among their extras."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from crawlers.reading.json_objects import objects_in
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.wordlists import word_set
from crawlers.values.headings import map_columns

Dataset = dict[str, Any]
"""A dataset as the API describes it."""
MIN_ENTRIES = 2
USUAL_TYPES = word_set("dataset harvest showcase application app dashboard api series dataset-series document page blog")
"""Types of what is data, or about data."""
FACTS = ("country", "place", "region", "address", "website", "email", "phone", "lat", "legal_form", "registration", "start_date")
"""Fields that an initiative has and data have not."""
_OWN_KEYS = word_set(
    "id name title notes type state private url version author author_email maintainer maintainer_email license_id license_title"
    " license_url isopen creator_user_id owner_org organization resources num_resources num_tags tags groups extras"
    " metadata_created metadata_modified relationships_as_object relationships_as_subject revision_id"
    " tracking_summary plugin_data"
)
"""Keys of every dataset; further ones are a portal's own."""


def type_of_entries(datasets: Iterable[Dataset]) -> str | None:
    """The type of datasets that are initiatives, since most of them tell facts of one; None where there is no such type."""
    counts: Counter[str] = Counter()
    with_facts: Counter[str] = Counter()
    for dataset in datasets:
        type = str(dataset.get("type") or "")
        if re.fullmatch(r"[A-Za-z][\w-]{1,60}", type) and type.lower() not in USUAL_TYPES:
            counts[type] += 1
            with_facts[type] += any(map_columns(facts_of(dataset), {}).get(name) for name in FACTS)
    types = [type for type, count in counts.most_common() if count >= MIN_ENTRIES and with_facts[type] > count / 2]
    return next(iter(types), None)


def facts_of(dataset: Dataset) -> dict[str, Any]:
    """What a dataset says under names of the portal's own: its extras, and keys that not every dataset has."""
    extras = {str(extra.get("key")): extra.get("value") for extra in objects_in(dataset.get("extras"))}
    own = {name: value for name, value in dataset.items() if name not in _OWN_KEYS and not name.startswith("_")}
    return {name: value for name, value in {**own, **extras}.items() if isinstance(value, str | int | float) and value != ""}


def dataset_record(dataset: Dataset, root: str, recipe: Recipe) -> RawRecord:
    """A dataset as a raw record, for portals read as catalogues; `root` is the portal's address."""
    organisation = dataset.get("organization")
    type = str(dataset.get("type") or "dataset")
    facts = facts_of(dataset)
    fields = {
        **map_columns(facts, recipe.fields),
        "title": dataset.get("title") or dataset.get("name"),
        "description": dataset.get("notes"),
        "tags": [tag.get("display_name") or tag.get("name") for tag in objects_in(dataset.get("tags"))],
        "organisation": organisation.get("title") if isinstance(organisation, dict) else None,
        "licence": dataset.get("license_title"),
    }
    fields.setdefault("kind", "resource" if type.lower() in USUAL_TYPES else type)
    if type.lower() not in USUAL_TYPES and dataset.get("url"):
        fields.setdefault("website", dataset["url"])
    url = urljoin(root, f"{type if type.lower() not in USUAL_TYPES else 'dataset'}/{dataset.get('name')}")
    source = {name: dataset.get(name) for name in ("id", "name", "license_id", "metadata_modified")}
    changed_at = dataset.get("metadata_modified")
    return RawRecord(
        str(dataset.get("id") or url), url, fields, changed_at=changed_at, source=source | {"facts": facts, "fields": fields}
    )
