"""A whole directory for tests: platforms, records in every field, joined listings, decisions and words of people."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from crawlers.record import Identifier, Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Session
from platforma.catalogue.files import exporting, imports, incoming
from platforma.catalogue.ingest.reports import ImportReport
from platforma.catalogue.listings import compose, edits, judgements, removal
from platforma.catalogue.models import Initiative, InitiativeState, JudgementVerdict, Platform, Value
from platforma.catalogue.models import Record as Row
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture

NAMES = (
    "Kopienas nams",
    "=Dārzs",
    "'Sveiki'",
    "Ražas svētki; rudens",
    "Радуга",
    "Õunapuu aed",
    'Brīvība "2"',
    "-5 °C",
    "'=x",
    "@tālrunis",
)
TOWNS = ("Rīga", "Cēsis", "Ogre", "Talsi", "Tartu", "Kaunas", "Liepāja")
TEXT = "Pirmā rinda, ar komatu.\nOtrā; ar semikolu\r\n\tun tabulatoru 'pēdiņās'. "
COUNTRIES = ("LV", "EE", "LT", "SE")
THEMES = ("education", "culture", "youth", "science")
KINDS = ("organisation", "project", "social_enterprise")


def records(number: int, seed: int = 13) -> list[Record]:
    """Records in every field, each with another choice of them."""
    dice = random.Random(seed)
    return [_record(str(n), dice) for n in range(1, number + 1)]


def _record(id: str, dice: random.Random) -> Record:
    langs = dice.choice((["lv"], ["en", "lv"], ["et"], ["lv", "en", "ru"], ["zh-Hans"], ["und"]))
    country, town = dice.choice(COUNTRIES), dice.choice(TOWNS)
    is_guessed = dice.random() < 0.5
    some: dict[str, Any] = {
        "url": f"https://avots.example/{id}",
        "kind": dice.choice(KINDS),
        "summary": {langs[0]: f"{TEXT}{id}"},
        "description": {lang: TEXT * 5 + lang for lang in langs},
        "country": country,
        "countries": (country, "PL"),
        "region": "Vidzeme",
        "place": f"{town} {id}",
        "address": "+ Brīvības iela 1",
        "lat": dice.uniform(-90, 90),
        "lon": dice.uniform(-180, 180),
        "sectors": ("ngo",),
        "themes": tuple(dice.sample(THEMES, 2)),
        "legal_form": "biedrība",
        "identifiers": (Identifier("LV-RE", f"4000{id}"), Identifier("XX", "a; b")),
        "organisation": "'Apvienība",
        "tags": ("viens; divi", "=trīs", "[četri]", f"birka {id}"),
        "website": f"https://{id}.example/",
        "same_as": (f"https://facebook.example/{id}",),
        "email": f"info@{id}.example",
        "phone": "+371 67000000",
        "image": f"https://{id}.example/a.jpg",
        "start_date": "2024-05",
        "end_date": "2025-06-01T10:00+03:00",
        "languages": tuple(lang for lang in langs if lang != "und"),
        "licence": "CC BY 4.0",
        "source_changed_at": "2026-05-01T10:00:00Z",
        "fetched_at": "2026-05-02T10:00:00Z",
        "derived": {"sectors": "legal form biedrība"} | ({"lat": f"town {town}", "lon": f"town {town}"} if is_guessed else {}),
        "raw": {"name": id, "list": [1, {"a": None}]},
    }
    chosen = {name: value for name, value in some.items() if dice.random() < 0.7}
    return Record(id, title={lang: f"{dice.choice(NAMES)} {lang} {id}" for lang in langs}, **chosen)


def settle(catalogue: CatalogueFixture, number: int) -> None:
    """Fill a catalogue: listings of three platforms in every state, two behind one listing, joined ones, and words of people."""
    for platform_id in ("avots", "otrs"):
        catalogue.propose(platform_id)
    catalogue.propose("pieteikts", approve=False)
    known = records(number)
    catalogue.crawl(known, "avots")
    twin = Record("t1", title={"et": "Teine", **known[0].title}, website=known[0].website or "https://1.example/", tags=("otra",))
    lost = Record("t2", title={"lv": "Pazudis"}, url="https://otrs.example/t2")
    catalogue.crawl([twin, lost, Record("t3", title={"lv": "Trešais"}), Record("t4", title={"lv": "Ceturtais"})], "otrs")
    catalogue.crawl([Record("n1", title={"lv": "Vēl nav publicēts"})], "pieteikts")
    with catalogue.database.writing() as session:
        _join(session, "t1", "1")
        judge(session, _of(session, "t3"), _of(session, "2"), JudgementVerdict.DIFFERENT)
        judge(session, _of(session, "8"), _of(session, "3"), JudgementVerdict.PART_OF)
        _decide(session, catalogue, known)
    catalogue.crawl(
        [twin, Record("t3", title={"lv": "Trešais"})], "otrs", gone=frozenset({"https://otrs.example/t2"}), complete=False
    )
    with catalogue.database.writing() as session:
        lost_row = _of(session, "t2")
        lost_row.state = InitiativeState.ARCHIVED
        session.execute(update(Row).where(Row.remote_id == "t2").values(state="archived", gone_at=utc_now()))


def _join(session: Session, newer_id: str, older_id: str) -> None:
    newer, older = _of(session, newer_id), _of(session, older_id)
    if newer is not older and newer.merged_into_id is None:
        newer.values.append(Value(field="place", lang="", value="Paslēpts", layer="curator", by="c"))
        judge(session, newer, older, JudgementVerdict.SAME)


def judge(session: Session, left: Initiative, right: Initiative, verdict: JudgementVerdict) -> None:
    """Say as a curator what two listings are to each other."""
    session.flush()
    judgements.judge(session, left.public_id, right.public_id, verdict, judgements.Word("c", utc_now()))


def _decide(session: Session, catalogue: CatalogueFixture, known: list[Record]) -> None:
    words: tuple[tuple[str, str, str, Any, str], ...] = (
        ("2", "title", "lv", "Redaktora nosaukums", "curator"), ("2", "place", "", "", "curator"), ("3", "country", "", "SE", "curator"),
        ("3", "themes", "", ["culture"], "owner"), ("4", "tags", "", [], "curator"), ("4", "description", "lv", "", "owner"),
        ("5", "summary", "en", "='Owner'", "owner"), ("5", "summary", "et", "Kokkuvõte", "curator"), ("6", "website", "", "https://x.example/", "owner"),
    )  # fmt: skip
    for id, name, lang, value, layer in words:
        row = _of(session, id)
        say_as(session, row, name, value, lang=lang, layer=layer)
        session.flush()
    edits.refuse(session, public_id=_of(session, "7").public_id, actor="c", reason="Nav iniciatīva")
    removal.suppress(
        session, public_id=_of(session, "t4").public_id, actor="c", reason="Lūgums", key=secret_key(catalogue.settings)
    )


def say_as(session: Session, listing: Initiative, field: str, value: object, *, lang: str = "", layer: str = "curator") -> None:
    """Set a field as a curator does, or put the value into the owner's layer, into which only imports write."""
    edits.set_value(session, edits.Edit(listing.public_id, field, lang, "c", listing.version), value)
    if layer == "owner":
        is_field = Value.initiative_id == listing.id, Value.field == field, Value.lang == lang, Value.layer == "curator"
        session.scalars(select(Value).where(*is_field)).one().layer = layer
        session.flush()
        compose.recompose(session, [listing.id], utc_now())


def _of(session: Session, remote_id: str) -> Initiative:
    """The listing of a record."""
    return session.scalars(select(Row).where(Row.remote_id == remote_id)).one().initiative


def export(catalogue: CatalogueFixture, path: Path, *, include_all: bool = True) -> Path:
    with catalogue.database.snapshot() as session:
        exporting.export(session, path, include_all=include_all)
    return path


def load(catalogue: CatalogueFixture, path: Path, platform_id: str | None = None) -> ImportReport:
    items = incoming.read_lines(path, platform_id)
    return imports.import_records(catalogue.database, platform_id, items, actor="test", secret_key=secret_key(catalogue.settings))


def picture(catalogue: CatalogueFixture, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """All that a directory holds of what an export carries, comparable with that of another."""
    with catalogue.database.reading() as session:
        listings = {row.public_id: row for row in session.scalars(select(Initiative))}
        by_id = {row.id: row.public_id for row in listings.values()}
        return {
            "platforms": {platform.id: _platform(platform, by_id) for platform in session.scalars(select(Platform))},
            "listings": {id: _listing(row, by_id) for id, row in listings.items() if row.state != InitiativeState.SUPPRESSED},
            "records": {(r.platform_id, r.remote_id): _source(r, by_id, leave_out) for r in session.scalars(select(Row))},
            "newest": [
                listing.public_id
                for listing in session.scalars(
                    select(Initiative)
                    .where(Initiative.state == "published")
                    .order_by(Initiative.published_at.desc(), Initiative.id)
                )
            ],
        }


def _platform(platform: Platform, by_id: dict[int, str]) -> tuple[object, ...]:
    return (
        platform.public_id, platform.title, platform.url, platform.licence, platform.rank, platform.state,
        by_id.get(platform.initiative_id or 0),
    )  # fmt: skip


def _listing(row: Initiative, by_id: dict[int, str]) -> dict[str, object]:
    names = ("state", "reason", "published_at", "created_at") + (("changed_at",) if row.merged_into_id is None else ())
    composed = {name: value for name, value in row.composed.items() if name != "origins"} if row.merged_into_id is None else {}
    return {name: getattr(row, name) for name in names} | composed | {"merged_into": by_id.get(row.merged_into_id or 0)}


def _source(row: Row, by_id: dict[int, str], leave_out: Iterable[str]) -> dict[str, object]:
    names = ("state", "first_seen_at", "last_seen_at", "gone_at")
    payload = {name: value for name, value in row.payload.items() if name not in ("platform", *leave_out)}
    return {name: getattr(row, name) for name in names} | {"payload": payload, "listing": by_id[row.initiative_id]}
