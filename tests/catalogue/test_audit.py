"""The audit: events are only added, whoever tries otherwise and by whatever way; and they are found by all that they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from platforma.catalogue import audit
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings.grace import GRACE, archive_overdue
from platforma.catalogue.lists import audit_trail
from platforma.catalogue.lists.audit_trail import Question
from platforma.catalogue.models import Event
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.listed import COLLEAGUE, EDITOR, fill, public_id, set_field
from tests.catalogue.removing import remove

STATEMENTS = {
    "an actor": update(Event).values(actor="nobody"),
    "what stood": update(Event).values(before={"place": "Ogre"}, after=None),
    "what it is about": update(Event).values(object_id="x", before=None, after=None),
    "all of it": delete(Event),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_database_refuses_a_change_of(catalogue: CatalogueFixture, name: str) -> None:
    fill(catalogue)
    set_field(catalogue.database, public_id(catalogue.database, "1"), "place", "Ogre")
    with pytest.raises(DBAPIError, match="never changed"), catalogue.database.writing() as session:
        session.execute(STATEMENTS[name])
    if not catalogue.settings.is_sqlite:
        with pytest.raises(DBAPIError, match="never changed"), catalogue.database.writing() as session:
            session.execute(text("TRUNCATE events"))


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_session_refuses_it_as_well(catalogue: CatalogueFixture, is_deleted: bool) -> None:
    fill(catalogue)
    with pytest.raises(TypeError, match="only added"), catalogue.database.writing() as session:
        row = session.scalars(select(Event)).first()
        assert row is not None
        if is_deleted:
            session.delete(row)
        else:
            row.actor = "nobody"


def test_what_was_said_of_a_removed_listing_is_emptied_and_who_did_it_stays(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    id = public_id(catalogue.database, "5")
    set_field(catalogue.database, id, "place", "Slepenais")
    assert remove(catalogue, "Ciemats") == id
    with catalogue.database.reading() as session:
        entries = audit_trail.find(session, Question(object_id=id), 9)
        assert [(entry.action, entry.actor) for entry in entries] == [("suppress", "c"), ("set", EDITOR)]
        assert (entries[1].before, entries[1].after) == ({}, {})
        assert "Slepenais" not in str(session.execute(select(Event.before, Event.after)).all())


def test_events_are_found_by_who_what_where_when_and_by_words_of_the_name(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    one, other = (public_id(catalogue.database, id) for id in ("1", "2"))
    set_field(catalogue.database, one, "place", "Ogre")
    set_field(catalogue.database, other, "place", "Tartu", COLLEAGUE)
    questions = {
        "person": Question(actor=EDITOR),
        "words": Question(words="kiegelu maja", action="set"),
        "object": Question(object_type="initiative", object_id=one),
        "object of any type": Question(object_id=one),
    }
    with catalogue.database.reading() as session:
        for name, question in questions.items():
            assert [entry.object_id for entry in audit_trail.find(session, question, 9)] == [one], name
        of_platform = audit_trail.find(session, Question(words="Q", object_type="platform"), 9)
        assert of_platform and {(entry.object_type, entry.object_id) for entry in of_platform} == {("platform", "q")}
        assert audit_trail.find(session, Question(since=utc_now() + timedelta(days=1)), 9) == []
        assert audit_trail.find(session, Question(until=utc_now() - timedelta(days=1)), 9) == []
        assert len(audit_trail.find(session, Question(action="set", since=utc_now() - timedelta(days=1)), 9)) == 2
        assert {EDITOR, COLLEAGUE, "test"} <= set(audit_trail.actors(session))
        assert {"set", "import", "approve"} <= set(audit_trail.actions(session))


def test_pages_go_on_from_an_id_and_have_all_events_once(catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    with catalogue.database.writing() as session:
        for number in range(7):
            audit.record_event(session, actor=EDITOR, action="set", object_type="initiative", object_id=str(number))
    monkeypatch.setattr(audit_trail, "EXPORTED_AT_ONCE", 3)
    with catalogue.database.reading() as session:
        first = audit_trail.find(session, Question(), 3)
        second = audit_trail.find(session, Question(before_id=first[-1].id), 3)
        assert [entry.object_id for entry in (*first, *second)] == ["6", "5", "4", "3", "2", "1"]
        assert [entry.object_id for entry in audit_trail.find_all(session, Question())] == ["6", "5", "4", "3", "2", "1", "0"]


def test_what_rules_do_to_a_listing_is_recorded_as_theirs(catalogue: CatalogueFixture) -> None:
    catalogue.propose("p")
    catalogue.crawl([record(str(number)) for number in range(9)])
    id = public_id(catalogue.database, "0")
    catalogue.crawl([record(str(number)) for number in range(1, 9)])
    with catalogue.database.writing() as session:
        archive_overdue(session, utc_now() + GRACE)
    catalogue.crawl([record(str(number)) for number in range(9)])
    with catalogue.database.reading() as session:
        entries = audit_trail.find(session, Question(object_id=id), 9)
    assert [(entry.action, entry.actor, entry.after) for entry in entries] == [
        ("return", "rule:sources", {"state": "published"}), ("archive", "rule:sources", {"state": "archived"}),
    ]  # fmt: skip
