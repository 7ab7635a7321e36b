"""Listings in every state that their page knows: an organisation with its work, past and to come, long, bare and hostile ones."""

from __future__ import annotations

from typing import Any

from crawlers.record import Identifier, Record
from tests.web.site import HOSTILE

PAST, TO_COME = "2020-01-01", "2999-12-31"
LV: dict[str, Any] = {"country": "LV", "countries": ("LV",)}
LONG = "Volunteers repair what others throw away. " * 60
YARD = Record(
    "yard", url="https://avots.example/yard", kind="organisation", title={"lv": "Zaļais pagalms", "en": "Green Yard"},
    summary={"lv": "Dārzi pagalmos.", "en": "Gardens in yards."}, description={"lv": "Dārzi pagalmos.\nUn kopiena ap tiem."},
    place="Cēsis", address="Rīgas iela 1", sectors=("ngo",), themes=("environment", "community_development"), legal_form="biedrība",
    identifiers=(Identifier("LV-RE", "40008000001"), Identifier("XX-NONE", "7")), website="https://www.zalais-pagalms.example/lapa",
    same_as=("https://facebook.example/zalais",), email="info@zalais-pagalms.example", phone="+37167000000", lat=57.31, lon=25.27,
    derived={"sectors": "legal form biedrība", "kind": "schema.org type NGO", "country": "town Cēsis"}, **LV,
)  # fmt: skip
RECORDS = [
    YARD,
    Record("project", kind="project", title={"lv": "Komposts"}, organisation="Biedrība „ZAĻAIS PAGALMS”", themes=("environment",),
           start_date="2024", end_date="2999-05", **LV),
    Record("event", kind="event", title={"lv": "Talka"}, organisation="Zaļais pagalms", themes=("environment",),
           start_date="2999-05-04T10:00:00+03:00", end_date="2999-05-04T17:30:00+03:00", **LV),
    Record("past", kind="event", title={"lv": "Aizgājušā talka"}, organisation="Zaļais pagalms", themes=("environment",), end_date=PAST, **LV),
    Record("closed", kind="funding", title={"lv": "Slēgtais konkurss"}, end_date=PAST, themes=("environment",), **LV),
    Record("open", kind="funding", title={"lv": "Atvērtais konkurss"}, end_date=TO_COME, themes=("youth",), **LV),
    Record("alien", kind="project", title={"en": "Alien Project"}, description={"en": LONG}, organisation="Nobody we know",
           url="https://www.avots.example/alien", themes=("environment",), **LV),
    Record("alike", kind="organisation", title={"lv": "Zaļā sēta"}, themes=("environment",), **LV),
    Record("bare", title={"und": "Čiekurs"}),
    Record("languages", kind="resource", title={"lv": "Rokasgrāmata", "de": "Handbuch"}, summary={"lv": "Īsi.", "de": "Kurz."},
           description={"lv": LONG, "en": LONG, "de": LONG, "und": "Nezināmā valodā"}, licence="CC-BY-4.0"),
    Record("estonian", title={"et": "Eesti asi"}, summary={"et": "Ainult eesti keeles."}),
    Record("nasty", kind="project", title={"lv": f"Ļauns {HOSTILE}"}, summary={"lv": HOSTILE}, organisation=HOSTILE, place=HOSTILE,
           address=HOSTILE, legal_form=HOSTILE, email="a@b.example", identifiers=(Identifier(HOSTILE, HOSTILE),), phone=HOSTILE),
]  # fmt: skip
