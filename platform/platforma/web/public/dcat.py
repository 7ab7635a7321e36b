"""The catalogue of our data sets in the terms of DCAT-AP 3, for portals of open data that collect such records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from flask import url_for

from platforma.i18n import fixed_url, force_locale
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.items import instant_text
from platforma.web.public.take.about import licence_note
from platforma.web.public.take.formats import FORMATS
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES, THREE_LETTER_CODES
from vocabulary.messages import N_

ABOUT = N_(
    "A directory of social innovation in Latvia and around the Baltic Sea, maintained by the Social Innovation Centre with its"
    " partners."
)
Node: TypeAlias = dict[str, object]
Sizes: TypeAlias = Mapping[tuple[str, bool], int]
"""Sizes of files in bytes, by format and whether they are packed; without those that are not made yet."""
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""The lists of the Publications Office of the European Union, by which DCAT-AP names languages, countries and themes."""
COUNTRIES = ("LVA", "EST", "LTU", "FIN", "SWE", "DNK", "NOR", "DEU", "POL")
FILE_TYPES = {"csv": "CSV", "jsonl": "JSON", "jsonld": "JSON_LD", "geojson": "GEOJSON"}
MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
PLANNED_AVAILABILITY = "http://data.europa.eu/r5r/availability/stable"


def catalogue_record(updated_at: datetime | None, formats: Sequence[str], sizes: Sizes) -> Node:
    """The catalogue with its data set in these formats, and the service that reads it, as JSON-LD; `updated_at` is in UTC."""
    home = absolute(fixed_url("directory.start", lang=DEFAULT_LANGUAGE))
    own = absolute(url_for("dumps.catalog"))
    return {
        "@context": CONTEXT,
        "@id": own,
        "@type": "dcat:Catalog",
        **_description(),
        **_common(updated_at),
        "foaf:homepage": {"@id": home},
        "dcat:dataset": [_dataset(own, updated_at, formats, sizes)],
        "dcat:service": [_service(own)],
    }


def _dataset(own: str, updated_at: datetime | None, formats: Sequence[str], sizes: Sizes) -> Node:
    packings = [
        _distribution(format, is_packed, sizes.get((format, is_packed))) for format in formats for is_packed in (False, True)
    ]
    return {
        "@id": f"{own}#initiatives",
        "@type": "dcat:Dataset",
        **_description(),
        **_common(updated_at),
        **_contact(),
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/DAILY"},
        "dct:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC"},
        "dcat:theme": {"@id": f"{AUTHORITY}data-theme/SOCI"},
        "dcat:keyword": _in_every_language(lambda: _("social innovation")),
        "dcat:landingPage": {"@id": absolute(fixed_url("directory.search", lang=DEFAULT_LANGUAGE))},
        "dcat:distribution": packings,
    }


def _distribution(format: str, is_packed: bool, size_bytes: int | None) -> Node:
    """One file; its size is not known before it is made."""
    address = absolute(url_for("dumps.packed_dump" if is_packed else "dumps.dump", format=format))
    size = {"dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(size_bytes)}} if size_bytes is not None else {}
    media_type = FORMATS[format].media_type.partition(";")[0]
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": f"{format.upper()}, gzip" if is_packed else format.upper(),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": {"@id": f"{AUTHORITY}file-type/{FILE_TYPES[format]}"},
        "dcat:mediaType": {"@id": MEDIA_TYPES + media_type},
        **({"dcat:compressFormat": {"@id": f"{MEDIA_TYPES}application/gzip"}} if is_packed else {}),
        **size,
        "dcat:availability": {"@id": PLANNED_AVAILABILITY},
        **_licence(),
    }


def _service(own: str) -> Node:
    return {
        "@id": f"{own}#api",
        "@type": "dcat:DataService",
        **_description(),
        "dcat:endpointURL": {"@id": absolute(url_for("api.initiatives"))},
        "dcat:endpointDescription": {"@id": absolute(url_for("api.openapi"))},
        "dcat:servesDataset": {"@id": f"{own}#initiatives"},
        **_licence(),
    }


def _description() -> Node:
    """The title and the description in every language."""
    return {
        "dct:title": _in_every_language(lambda: _("Platform of Platforms")),
        "dct:description": _in_every_language(lambda: _(ABOUT)),
    }


def _common(updated_at: datetime | None) -> Node:
    """What the catalogue and its data set have alike."""
    modified = instant_text(updated_at)
    temporal = {"@type": "dct:PeriodOfTime", "dcat:endDate": {"@type": "xsd:dateTime", "@value": modified}}
    return {
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _in_every_language(lambda: _("Social Innovation Centre"))},
        "dct:language": [{"@id": f"{AUTHORITY}language/{code.upper()}"} for code in THREE_LETTER_CODES.values()],
        "dct:spatial": [{"@id": f"{AUTHORITY}country/{code}"} for code in COUNTRIES],
        **({"dct:modified": {"@type": "xsd:dateTime", "@value": modified}, "dct:temporal": temporal} if modified else {}),
        **_licence(),
    }


def _licence() -> Node:
    terms = absolute(fixed_url("directory.text", lang=DEFAULT_LANGUAGE, name="terms"))
    statement = {"@type": "dct:RightsStatement", "dct:description": _in_every_language(licence_note)}
    return {"dct:license": {"@id": terms, "@type": "dct:LicenseDocument"}, "dct:rights": statement}


def _contact() -> Node:
    """Whom to ask; nothing where the installation names nobody."""
    email = services().settings.contact_email
    if not email:
        return {}
    name = _in_every_language(lambda: _("Social Innovation Centre"))
    return {"dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": name, "vcard:hasEmail": {"@id": f"mailto:{email}"}}}


def _in_every_language(text: Callable[[], str]) -> list[Node]:
    """A text as language values of JSON-LD; `text` returns it in the language in force."""
    values: list[Node] = []
    for lang in LANGUAGES:
        with force_locale(lang):
            values.append({"@language": lang, "@value": text()})
    return values
