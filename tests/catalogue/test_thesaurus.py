"""The thesaurus as curators change it: laid over the shipped one, refused by name, audited; on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from platforma.catalogue import audit
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadValue, NotFound, VersionConflict
from platforma.catalogue.models import ConceptEdit
from platforma.catalogue.terms import thesaurus
from platforma.catalogue.terms.thesaurus import Concept, Draft, Origin
from tests.catalogue.catalogue_fixture import CatalogueFixture
from vocabulary import load


def save(catalogue: CatalogueFixture, concept_id: str | None = None, **given: Any) -> str:
    values: dict[str, Any] = {"lv": ["kaimiņu plaukts"], "en": ["neighbour shelf"], "source": "use", "version": 0} | given
    names = {lang: values[lang] for lang in ("lv", "en")}
    draft = Draft(names, values["source"], values["version"], values.get("broader", ()), values.get("related", ()))
    with catalogue.database.writing() as session:
        return thesaurus.save(session, concept_id=concept_id, draft=draft, actor="anna")


def one(catalogue: CatalogueFixture, concept_id: str) -> Concept:
    with catalogue.database.reading() as session:
        return thesaurus.concept(session, concept_id)


def stamp(catalogue: CatalogueFixture) -> int:
    with catalogue.database.reading() as session:
        return thesaurus.stamp(session)


def test_without_changes_it_is_as_shipped(catalogue: CatalogueFixture) -> None:
    with catalogue.database.reading() as session:
        found = {one.id: one.names for one in thesaurus.concepts(session)}
    assert found == {id: entry.names for id, entry in load().thesaurus.items()}
    assert stamp(catalogue) == 0


def test_names_have_no_characters_that_files_cannot_hold(catalogue: CatalogueFixture) -> None:
    made = one(
        catalogue, save(catalogue, lv=["kaimiņu\x01 plau\x0bkts", "\x02"], en=["neighbour\x85shelf\ufffe"], source="\x07use")
    )
    assert (made.names, made.source) == ({"lv": ("kaimiņu plaukts",), "en": ("neighbour shelf",)}, "use")


def test_a_shipped_concept_is_changed_removed_and_restored(catalogue: CatalogueFixture) -> None:
    shipped = one(catalogue, "wise")
    save(
        catalogue,
        "wise",
        lv=[*shipped.names["lv"], " sociālā  darbnīca ", "Sociālā darbnīca"],
        en=shipped.names["en"],
        source=shipped.source,
    )
    changed = one(catalogue, "wise")
    assert (changed.origin, changed.version, changed.names["lv"]) == (
        Origin.CHANGED,
        1,
        (*shipped.names["lv"], "Sociālā darbnīca"),
    )
    with catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id="wise", version=1, actor="anna")
        assert "wise" not in {one.id for one in thesaurus.concepts(session)}
        assert "wise" in {one.id for one in thesaurus.concepts(session, removed=True)}
    with catalogue.database.writing() as session:
        thesaurus.restore(session, concept_id="wise", version=2, actor="anna")
    assert (one(catalogue, "wise").names, one(catalogue, "wise").origin) == (shipped.names, Origin.SHIPPED)
    with catalogue.database.reading() as session:
        history = audit.history(session, "concept", "wise")
    assert [event.action for event in history] == ["restore_concept", "remove_concept", "change_concept"]
    assert (history[-1].before or {})["lv"] == list(shipped.names["lv"]) and history[-1].actor == "anna"


def test_each_change_moves_the_stamp(catalogue: CatalogueFixture) -> None:
    seen = [stamp(catalogue)]
    id = save(catalogue)
    seen.append(stamp(catalogue))
    with catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id=id, version=1, actor="anna")
    seen.append(stamp(catalogue))
    assert seen == sorted(set(seen))


def test_an_own_concept_comes_back_as_it_was(catalogue: CatalogueFixture) -> None:
    id = save(catalogue)
    assert one(catalogue, id).origin == Origin.OWN
    with catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id=id, version=1, actor="anna")
    with catalogue.database.writing() as session:
        thesaurus.restore(session, concept_id=id, version=2, actor="anna")
    assert one(catalogue, id).all_names == ("kaimiņu plaukts", "neighbour shelf")


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"lv": ["", " "]}, "lv", "at least one"),
        ({"en": []}, "en", "at least one"),
        ({"lv": ["—"]}, "lv", "no word"),
        ({"lv": ["a" * 81]}, "lv", "longer than 80"),
        ({"lv": [f"vārds {n}" for n in range(13)]}, "lv", "at most 12"),
        ({"en": ["Food-Bank"]}, "en", "already belongs to the concept “pārtikas banka”"),
        ({"source": "x" * 201}, "source", "200 characters"),
    ],
)
def test_what_cannot_be_is_refused_by_name(catalogue: CatalogueFixture, given: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason) as caught:
        save(catalogue, **given)
    assert caught.value.field == field
    assert stamp(catalogue) == 0


def test_a_removed_name_is_free_and_then_cannot_come_back_twice(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id="food_bank", version=0, actor="anna")
    save(catalogue, lv=["pārtikas banka"], en=["food bank"])
    with pytest.raises(BadValue, match="already belongs"), catalogue.database.writing() as session:
        thesaurus.restore(session, concept_id="food_bank", version=1, actor="anna")


def test_there_are_only_so_many(catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thesaurus, "MAX_CONCEPTS", len(load().thesaurus))
    with pytest.raises(BadValue, match="there cannot be more"):
        save(catalogue)


def test_the_second_of_two_simultaneous_changes_is_refused(catalogue: CatalogueFixture) -> None:
    id = save(catalogue)
    save(catalogue, id, version=1, lv=["kaimiņu plaukts", "kaimiņu skapis"])
    with pytest.raises(VersionConflict):
        save(catalogue, id, version=1)
    with pytest.raises(VersionConflict), catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id="wise", version=7, actor="anna")
    with pytest.raises(NotFound):
        save(catalogue, "nope")


def test_relations_are_written_by_name_or_id_and_kept_by_id(catalogue: CatalogueFixture) -> None:
    id = save(catalogue, broader=["Homeless people", " ", "theme:education", "mājokļi", "homelessness"], related=["food bank"])
    saved = one(catalogue, id)
    assert (saved.broader, saved.related) == (("homelessness", "theme:education", "theme:housing"), ("food_bank",))
    with catalogue.database.reading() as session:
        assert thesaurus.relation_names(session, saved.broader, "lv") == ["bezpajumtniecība", "izglītība", "mājokļi"]
        assert thesaurus.relation_names(session, (*saved.related, "gone", "theme:gone"), "en") == ["food bank"]
        assert [part.id for part in thesaurus.parts(session, "homelessness")] == [id, "housing_first", "night_shelter"]
        assert {entry.id: entry.broader for entry in thesaurus.entries(session)}[id] == saved.broader
        event = audit.history(session, "concept", id)[0]
    assert (event.after or {})["broader"] == list(saved.broader) and (event.after or {})["related"] == ["food_bank"]


def test_a_theme_that_is_called_as_a_concept_is_told_by_its_id(catalogue: CatalogueFixture) -> None:
    save(catalogue, lv=["mājokļi"], en=["dwellings"])
    with catalogue.database.reading() as session:
        assert thesaurus.relation_names(session, ["theme:housing", "kind:event"], "lv") == ["theme:housing", "kind:event"]


@pytest.mark.parametrize(
    ("concept_id", "given", "field", "reason"),
    [
        (None, {"broader": ["nekas tāds"]}, "broader", "“nekas tāds” is the name of no other concept and of no theme"),
        (None, {"broader": ["theme:nothing"]}, "broader", "no theme"),
        (None, {"related": ["mājokļi"]}, "related", "“mājokļi” is the name of no other concept"),
        (None, {"related": ["theme:housing"]}, "related", "no other concept"),
        ("homelessness", {"broader": ["homelessness"]}, "broader", "no other concept"),
        ("homelessness", {"broader": ["naktspatversme"]}, "broader", "“naktspatversme” is itself a part of this concept"),
        ("energy", {"broader": ["saules paneļi"]}, "broader", "is itself a part"),
        (None, {"broader": sorted(load().thesaurus)[:13]}, "broader", "at most 12"),
    ],
)  # fmt: skip
def test_a_relation_to_nothing_or_in_a_circle_is_refused(
    catalogue: CatalogueFixture, concept_id: str | None, given: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadValue, match=reason) as caught:
        save(catalogue, concept_id, **given)
    assert caught.value.field == field and stamp(catalogue) == 0


def test_relations_stay_with_a_name_added_a_removal_and_a_restoration(catalogue: CatalogueFixture) -> None:
    shipped = load().thesaurus["night_shelter"]
    with catalogue.database.writing() as session:
        thesaurus.add_name(session, concept_id="night_shelter", name="nakts mājas", lang="lv", version=0, actor="anna")
    assert (one(catalogue, "night_shelter").broader, one(catalogue, "night_shelter").origin) == (shipped.broader, Origin.CHANGED)
    save(catalogue, "night_shelter", version=1, lv=shipped.names["lv"], en=shipped.names["en"], source=shipped.source)
    assert (one(catalogue, "night_shelter").broader, one(catalogue, "night_shelter").origin) == ((), Origin.CHANGED)
    with catalogue.database.writing() as session:
        thesaurus.remove(session, concept_id="night_shelter", version=2, actor="anna")
        thesaurus.restore(session, concept_id="night_shelter", version=3, actor="anna")
    assert (one(catalogue, "night_shelter").broader, one(catalogue, "night_shelter").origin) == (shipped.broader, Origin.SHIPPED)


def test_a_change_from_before_there_were_relations_has_them_as_shipped(catalogue: CatalogueFixture) -> None:
    with catalogue.database.writing() as session:
        session.add(
            ConceptEdit(id="night_shelter", names={"lv": ["nakts mājas"], "en": ["night shelter"]}, source="use", at=utc_now())
        )
    assert one(catalogue, "night_shelter").broader == load().thesaurus["night_shelter"].broader
