"""Themes, sectors and kinds as curators change them: what every surface then says, and that undoing gives what was there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select

from platforma.catalogue import audit
from platforma.catalogue.errors import BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.listings import edits, listing_queries, waiting
from platforma.catalogue.models import ListingTerm
from platforma.catalogue.terms import closed_lists
from platforma.catalogue.terms.closed_lists import Instead, ListedTerm, Origin
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from platforma.catalogue.terms.replacement_preview import preview, rule
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.migrating import migrate
from tests.catalogue.surfaces import Surfaces
from vocabulary import Words, load, use_changes

RECORDS = [
    record("a", "Jauniešu teātris", themes=("youth", "culture"), kind="project"),
    record("b", "Dārzs", themes=("youth",), kind="social_enterprise", sectors=("ngo",)),
    record("c", "Muzejs", themes=("culture",), kind="organisation"),
]
WINE: Words = {
    "labels": {"lv": "vīna darīšana", "en": "wine making"},
    "plurals": {},
    "descriptions": {"lv": "Par vīnu.", "en": "On wine."},
    "also": ["vīnkopība"],
}


@pytest.fixture(autouse=True)
def shipped_vocabulary() -> Iterator[None]:
    yield
    use_changes(())


@pytest.fixture
def three(catalogue: CatalogueFixture) -> CatalogueFixture:
    """A catalogue with three listings of one platform."""
    catalogue.propose()
    catalogue.crawl(RECORDS)
    return catalogue


def replace(catalogue: CatalogueFixture, id: str, instead: Instead, *, dimension: str = "theme", version: int = 0) -> None:
    with catalogue.database.writing() as session:
        closed_lists.replace(session, dimension=dimension, id=id, instead=instead, version=version, actor="anna")
    waiting.compose_waiting(catalogue.database)


def undo(catalogue: CatalogueFixture, id: str, *, dimension: str = "theme", version: int = 1) -> None:
    with catalogue.database.writing() as session:
        closed_lists.undo(session, dimension=dimension, id=id, version=version, actor="berta")
    waiting.compose_waiting(catalogue.database)


def add_wine(catalogue: CatalogueFixture) -> str:
    with catalogue.database.writing() as session:
        return closed_lists.add(session, dimension="theme", words=WINE, actor="anna")


def one(catalogue: CatalogueFixture, id: str, dimension: str = "theme") -> ListedTerm:
    with catalogue.database.reading() as session:
        return closed_lists.term(session, dimension, id)


def themes(catalogue: CatalogueFixture) -> dict[str, list[str]]:
    return {title: list(listing.get("themes")) for title, listing in catalogue.shown().items()}


def all_fields(catalogue: CatalogueFixture) -> dict[str, Any]:
    return {title: (listing.fields, listing.origins, listing.derived) for title, listing in catalogue.shown().items()}


def test_a_merged_term_is_the_other_one_and_undoing_gives_exactly_what_was_there(three: CatalogueFixture) -> None:
    before = all_fields(three)
    replace(three, "youth", Instead(is_offered=False, rest="culture"))
    assert themes(three) == {"Jauniešu teātris": ["culture"], "Dārzs": ["culture"], "Muzejs": ["culture"]}
    undo(three, "youth")
    assert all_fields(three) == before
    assert one(three, "youth").origin == Origin.SHIPPED


def test_a_retired_term_without_another_leaves_its_field_empty(three: CatalogueFixture) -> None:
    replace(three, "youth", Instead(is_offered=False))
    assert themes(three) == {"Jauniešu teātris": ["culture"], "Dārzs": [], "Muzejs": ["culture"]}
    shown = three.shown()["Dārzs"]
    assert "themes" not in shown.fields and "themes" not in shown.origins


def test_what_comes_later_with_the_old_id_is_replaced_too(three: CatalogueFixture) -> None:
    replace(three, "youth", Instead(is_offered=False, rest="education"))
    three.crawl([*RECORDS, record("d", "Klubs", themes=("youth",))])
    assert themes(three)["Klubs"] == ["education"]
    undo(three, "youth")
    assert themes(three)["Klubs"] == ["youth"]


def test_what_a_curator_said_is_replaced_and_returns(three: CatalogueFixture) -> None:
    listing = three.shown()["Muzejs"]
    with three.database.writing() as session:
        edits.set_value(session, edits.Edit(listing.public_id, "themes", "", "anna", listing.version), ["youth"])
    replace(three, "youth", Instead(is_offered=False, rest="education"))
    assert themes(three)["Muzejs"] == ["education"]
    undo(three, "youth")
    assert themes(three)["Muzejs"] == ["youth"]


def test_replacements_follow_each_other_and_never_in_a_circle(three: CatalogueFixture) -> None:
    replace(three, "youth", Instead(is_offered=False, rest="education"))
    replace(three, "education", Instead(is_offered=False, rest="science"))
    assert themes(three)["Dārzs"] == ["science"]
    with pytest.raises(BadValue, match="not offered"):
        replace(three, "science", Instead(is_offered=False, rest="youth"))
    undo(three, "education")
    assert themes(three)["Dārzs"] == ["education"]


def test_a_split_sends_listings_by_kind_word_platform_or_choice(three: CatalogueFixture) -> None:
    chosen = three.shown()["Muzejs"].public_id
    rules = [
        rule("science", listings=[chosen]),
        rule("education", kind="project", word="jaunie"),
        rule("housing", platform="elsewhere"),
    ]
    listed = one(three, "culture")
    with three.database.reading() as session:
        shown = preview(session, listed, Instead(is_offered=True, splits=rules))
    assert (shown.total, shown.public) == (2, 2)
    assert {going.into: going.count for going in shown.going} == {"science": 1, "education": 1, "housing": 0, "culture": 0}
    assert [sample.titles for going in shown.going for sample in going.samples] == [{"lv": "Muzejs"}, {"lv": "Jauniešu teātris"}]
    replace(three, "culture", Instead(is_offered=True, splits=rules))
    assert themes(three) == {"Jauniešu teātris": ["youth", "education"], "Dārzs": ["youth"], "Muzejs": ["science"]}
    undo(three, "culture")
    assert themes(three) == {"Jauniešu teātris": ["youth", "culture"], "Dārzs": ["youth"], "Muzejs": ["culture"]}


def test_a_kind_without_behaviour_is_merged_and_the_others_are_not(three: CatalogueFixture) -> None:
    replace(three, "social_enterprise", Instead(is_offered=False, rest="organisation"), dimension="kind")
    assert three.shown()["Dārzs"].get("kind") == "organisation"
    for kind in closed_lists.FIXED_KINDS:
        with pytest.raises(BadState):
            replace(three, kind, Instead(is_offered=False), dimension="kind")
    with pytest.raises(BadState), three.database.writing() as session:
        closed_lists.add(session, dimension="kind", words=WINE, actor="anna")


def test_a_second_change_of_the_same_version_is_refused(three: CatalogueFixture) -> None:
    replace(three, "youth", Instead(is_offered=False, rest="culture"))
    with pytest.raises(VersionConflict), three.database.writing() as session:
        closed_lists.save_words(
            session, dimension="theme", id="youth", words=load().terms("theme")[0].words() | WINE, version=0, actor="berta"
        )
    with pytest.raises(BadState):
        replace(three, "youth", Instead(is_offered=False), version=1)
    with pytest.raises(VersionConflict):
        undo(three, "youth", version=0)


def test_words_have_no_characters_that_files_cannot_hold(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        odd = WINE | {"labels": {"lv": "\x01vīna\x0b joma", "en": "wine\x85 growing\ufffe"}, "also": ["vīn\x1bkopība"]}
        id = closed_lists.add(session, dimension="theme", words=odd, actor="anna")
        words = closed_lists.term(session, "theme", id).term.words()
    assert (words["labels"], words["also"]) == ({"lv": "vīna joma", "en": "wine growing"}, ["vīnkopība"])


def test_words_are_checked_and_a_name_belongs_to_one_term(catalogue: CatalogueFixture) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("label-lv", {"labels": {"lv": " ", "en": "x"}}),
        ("label-en", {"labels": {"lv": "x", "en": "x" * 81}}),
        ("description-lv", {"descriptions": {"lv": "x" * 301}}),
        ("label-en", {"labels": {"lv": "jauna joma", "en": "Culture"}}),
        ("also", {"also": ["jaunieši"]}),
    ]
    for field, given in wrong:
        with pytest.raises(BadValue) as caught, catalogue.database.writing() as session:
            closed_lists.add(session, dimension="theme", words=WINE | given, actor="anna")  # type: ignore[arg-type]
        assert caught.value.field == field
    with pytest.raises(NotFound), catalogue.database.reading() as session:
        closed_lists.terms(session, "country")


def test_an_added_theme_has_an_id_of_its_label_and_is_known_to_sources(catalogue: CatalogueFixture) -> None:
    assert add_wine(catalogue) == "wine_making"
    with catalogue.database.reading() as session:
        use_changes(closed_lists.changes(session))
    assert load().find("theme", "VĪNKOPĪBA") == "wine_making"
    undo(catalogue, "wine_making")
    with catalogue.database.reading() as session:
        use_changes(closed_lists.changes(session))
    assert "wine_making" in load().ids("theme") and "wine_making" not in {term.id for term in load().terms("theme")}


def test_each_change_is_an_event_with_before_and_after(three: CatalogueFixture) -> None:
    replace(three, "youth", Instead(is_offered=False, rest="culture"))
    undo(three, "youth")
    with three.database.reading() as session:
        entries = audit.history(session, "term", "theme:youth")
    assert [(entry.actor, entry.action) for entry in entries] == [("berta", "undo_term"), ("anna", "replace_term")]
    assert [(entry.before["is_offered"], entry.after["replaced_by"]) for entry in entries] == [(False, None), (True, "culture")]


def test_every_surface_says_the_same_after_a_merge(three: CatalogueFixture, tmp_path: Path) -> None:
    site = Surfaces(three, tmp_path)
    site.id = three.shown()["Dārzs"].public_id
    site.index()
    assert site.is_filtered("theme", "youth")
    replace(three, "youth", Instead(is_offered=False, rest="culture"))
    site.services.thesaurus.refresh(now=True)
    site.index()
    assert site.item()["themes"] == site.exported()["themes"] == ["culture"]
    assert "jaunatne" not in site.page() and "kultūra" in site.page()
    found = json.loads(site.text("/api/v1/initiatives?theme=youth"))
    assert found["total"] == 3 and [facet["value"] for facet in found["facets"]["theme"]] == ["culture"], "the old id answers"
    assert found["facets"]["theme"][0]["count"] == 3
    rows = list(csv.DictReader(io.StringIO(site.text("/lv/search.csv?theme=culture").lstrip("\ufeff"))))
    assert len(rows) == 3
    offered = {term["id"] for term in json.loads(site.text("/api/v1/vocabulary"))["theme"]}
    assert "culture" in offered and "youth" not in offered
    assert site.is_filtered("q", "jaunatne"), "its names lead to the one in its place"
    with three.database.reading() as session:
        assert waiting.unfinished(session) == 0
        assert listing_queries.newest(session, 10)


def test_old_addresses_lead_to_what_stands_in_the_place(three: CatalogueFixture, tmp_path: Path) -> None:
    site = Surfaces(three, tmp_path)
    replace(three, "youth", Instead(is_offered=False, rest="culture"))
    replace(three, "housing", Instead(is_offered=False, splits=[rule("science", word="x")], rest="education"))
    site.services.thesaurus.refresh(now=True)
    site.index()
    for path, leads_to in (
        ("/lv/search?theme=youth&kind=project", "/lv/search?theme=culture&kind=project"),
        ("/lv/search?theme=-youth&q=x", "/lv/search?theme=-culture&q=x"),
        ("/en/themes/youth", "/en/themes/culture"),
        ("/en/themes/housing", "/en/search?theme=science&theme=education"),
    ):
        answer = site.client.get(path)
        assert (answer.status_code, answer.location) == (302, leads_to), path
    assert site.client.get("/lv/search?theme=culture").status_code == 200


def test_another_process_goes_by_a_change_when_it_looks(catalogue: CatalogueFixture) -> None:
    other = LiveThesaurus(catalogue.database)
    other.refresh(now=True)
    before = other.terms_stamp
    add_wine(catalogue)
    assert load().find("theme", "vīnkopība") is None
    other.refresh(now=True)
    assert load().find("theme", "vīnkopība") == "wine_making" and other.terms_stamp > before


def test_the_terms_of_listings_of_an_earlier_version_are_entered_by_the_migration(three: CatalogueFixture) -> None:
    def stored() -> list[tuple[object, ...]]:
        with three.database.reading() as session:
            columns = ListingTerm.dimension, ListingTerm.term_id, ListingTerm.initiative_id
            return [tuple(row) for row in session.execute(select(*columns).order_by(*columns))]

    before = stored()
    assert len(before) == 9
    migrate(three.database, command.downgrade, "0019")
    migrate(three.database, command.upgrade, "head")
    assert stored() == before
