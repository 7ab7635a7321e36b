"""Changes of many listings: what was said before is what happens, nothing happens twice, and one undo gives all of it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import removals
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listings import compose, edits, judgements, listing_queries
from platforma.catalogue.lists import bulk_changes, bulk_steps
from platforma.catalogue.lists.bulk_changes import Order, Preview
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.catalogue.lists.choosing import Choice
from platforma.catalogue.models import BulkItem, Event, Initiative, ItemState, Judgement, Record, RecordState, Value
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.states import InitiativeAction
from platforma.worker.bulk_work import carry_on_bulk_changes
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.listed import COLLEAGUE, EDITOR, fill, join, public_id, set_field
from tests.catalogue.removing import remove

RECORDS = Choice(words="", platform="p")


def order(
    catalogue: CatalogueFixture,
    action: str,
    value: str = "",
    choice: Choice = RECORDS,
    key: str = "k",
    expected: int | None = None,
) -> int:
    wanted = Order(choice, *bulk_changes.checked(action, value))
    with catalogue.database.reading() as session:
        chosen = bulk_changes.preview(session, wanted).chosen
    with catalogue.database.writing() as session:
        return bulk_changes.start(session, wanted, actor=EDITOR, key=key, expected=chosen if expected is None else expected)


def done(catalogue: CatalogueFixture, *arguments: Any, **more: Any) -> int:
    bulk_id = order(catalogue, *arguments, **more)
    bulk_changes.carry_on(catalogue.database, bulk_id)
    return bulk_id


def undone(catalogue: CatalogueFixture, bulk_id: int) -> dict[ItemState, int]:
    with catalogue.database.writing() as session:
        bulk_changes.start_undoing(session, bulk_id, actor=COLLEAGUE)
    bulk_changes.carry_on(catalogue.database, bulk_id)
    return counts(catalogue, bulk_id)


def counts(catalogue: CatalogueFixture, bulk_id: int) -> dict[ItemState, int]:
    with catalogue.database.reading() as session:
        return dict(bulk_changes.report(session, bulk_id).counts)


def state_of_all(catalogue: CatalogueFixture) -> dict[str, tuple[object, ...]]:
    """Of each record's listing what it shows, its state (of a joined one that apart) with the reason, and who said what."""
    with catalogue.database.reading() as session:
        return {
            row.public_id: (
                row.composed, row.state, row.state_apart, row.reason, row.published_at is None,
                sorted((value.field, value.layer, str(value.value)) for value in row.values),
            )
            for row in session.scalars(select(Initiative))
        }  # fmt: skip


def fields(catalogue: CatalogueFixture, remote_id: str) -> Any:
    with catalogue.database.reading() as session:
        return listing_queries.listing_for_desk(session, public_id(catalogue.database, remote_id)).fields  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("add_theme", "culture"), ("remove_theme", "youth"), ("set_theme", "youth"), ("set_sector", "ngo"), ("add_sector", "public"),
        ("remove_sector", "ngo"), ("set_kind", "project"), ("set_country", "EE"), ("publish", ""), ("unpublish", ""), ("refuse", "Nav par to"),
    ],
)  # fmt: skip
def test_what_the_preview_says_happens_and_one_undo_gives_all_back(catalogue: CatalogueFixture, action: str, value: str) -> None:
    fill(catalogue)
    with catalogue.database.writing() as session:
        edits.refuse(session, public_id=public_id(catalogue.database, "3"), actor=EDITOR, reason="Cits iemesls")
    set_field(catalogue.database, public_id(catalogue.database, "2"), "themes", ["youth", "culture", "education"])
    before = state_of_all(catalogue)
    with catalogue.database.reading() as session:
        said = bulk_changes.preview(session, Order(RECORDS, *bulk_changes.checked(action, value)))
    bulk_id = done(catalogue, action, value)
    found = counts(catalogue, bulk_id)
    assert said.changed and (found.get(ItemState.DONE, 0), found.get(ItemState.SAME, 0), found.get(ItemState.FAILED, 0)) == (
        said.changed, said.same, said.impossible,
    )  # fmt: skip
    assert state_of_all(catalogue) != before
    undone(catalogue, bulk_id)
    assert state_of_all(catalogue) == before


def test_terms_are_added_to_what_is_there_and_taken_from_it(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    done(catalogue, "add_theme", "education", key="a")
    assert [fields(catalogue, id).get("themes") for id in ("1", "2", "3")] == [
        ["youth", "education"], ["youth", "culture", "education"], ["education"],
    ]  # fmt: skip
    done(catalogue, "remove_theme", "youth", key="b")
    assert [fields(catalogue, id)["themes"] for id in ("1", "2")] == [["education"], ["culture", "education"]]


def test_a_killed_change_goes_on_where_it_was_and_does_nothing_twice(
    catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(catalogue)
    monkeypatch.setattr(bulk_changes, "BATCH", 2)
    bulk_id = order(catalogue, "add_theme", "education", Choice(state="published"))
    real, seen = bulk_steps.change, list[int]()

    def dies(session: Any, bulk: Any, row: Initiative) -> Any:
        seen.append(row.id)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return real(session, bulk, row)

    monkeypatch.setattr(bulk_steps, "change", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk_changes.carry_on(catalogue.database, bulk_id)
    assert counts(catalogue, bulk_id)[ItemState.DONE] == 2, "the batch in which it died left nothing"
    carry_on_bulk_changes(catalogue.services)
    with catalogue.database.reading() as session:
        events = session.scalars(select(Event.object_id).where(Event.action == "set", Event.actor == EDITOR)).all()
        assert bulk_changes.open_ids(session) == []
    assert counts(catalogue, bulk_id) == {ItemState.DONE: 6} and len(events) == len(set(events)) == 6


def test_undo_leaves_what_a_person_has_changed_since_and_names_it(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    bulk_id = done(catalogue, "set_theme", "education")
    changed, other = (public_id(catalogue.database, id) for id in ("1", "2"))
    set_field(catalogue.database, changed, "themes", ["science"], COLLEAGUE)
    set_field(catalogue.database, other, "place", "Tartu", COLLEAGUE)
    set_field(catalogue.database, public_id(catalogue.database, "3"), "themes", ["science"], "rule:some")
    found = undone(catalogue, bulk_id)
    assert found[ItemState.KEPT] == 1 and fields(catalogue, "1")["themes"] == ["science"]
    assert (fields(catalogue, "2")["themes"], fields(catalogue, "2")["place"]) == (["youth", "culture"], "Tartu")
    with catalogue.database.reading() as session:
        (left,) = bulk_changes.leftovers(session, bulk_id, limit=5)
        assert (left.reason, left.values) == (bulk_steps.CHANGED_SINCE, {"who": COLLEAGUE})
    with pytest.raises(BadState), catalogue.database.writing() as session:
        bulk_changes.start_undoing(session, bulk_id, actor=EDITOR)


@pytest.mark.parametrize("is_parted", [False, True])
def test_undoing_a_publication_parts_what_it_joined(catalogue: CatalogueFixture, is_parted: bool) -> None:
    saule = {"website": "https://saule.example/"}
    catalogue.load([record("1", "Saule", **saule)], "a")
    catalogue.propose("p", approve=False)
    with catalogue.database.writing() as session:
        platform_states.approve_platform(session, platform_id="p", actor=EDITOR, trusted=False)
    catalogue.crawl([record("1", "Saule", **saule), record("2", "Mēness")], "p")
    before = state_of_all(catalogue)
    bulk_id = done(catalogue, "publish")
    assert len([state for _, state, *_ in state_of_all(catalogue).values() if state == "merged"]) == 1
    if is_parted:
        with catalogue.database.writing() as session:
            (judgement_id,) = session.scalars(select(Judgement.id))
            judgements.take_back(session, judgement_id, judgements.Word(COLLEAGUE, utc_now()))
    assert undone(catalogue, bulk_id) == {ItemState.UNDONE: 2}
    assert state_of_all(catalogue) == before


def test_what_cannot_be_done_is_named_with_the_reason_and_the_rest_is_done(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    join(catalogue.database, public_id(catalogue.database, "1"), public_id(catalogue.database, "2"))
    bulk_id = done(catalogue, "add_theme", "education")
    with catalogue.database.reading() as session:
        (left,) = bulk_changes.leftovers(session, bulk_id, limit=5)
        row = session.get_one(Initiative, left.initiative_id)
    assert row.public_id == public_id(catalogue.database, "2") and "joined" in left.reason
    assert counts(catalogue, bulk_id)[ItemState.FAILED] == 1 and "education" in fields(catalogue, "3")["themes"]


def test_a_form_sent_twice_is_one_change_and_one_that_is_out_of_date_is_none(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    assert order(catalogue, "set_kind", "project", key="x") == order(catalogue, "set_kind", "project", key="x")
    for choice, expected, error in ((RECORDS, 1, BadState), (Choice(words="nekas"), None, BadValue)):
        with pytest.raises(error):
            order(catalogue, "set_kind", "project", choice, key="y", expected=expected)
    with catalogue.database.reading() as session:
        assert len(bulk_changes.newest(session, 5)) == 1, "what was refused left nothing"


@pytest.mark.parametrize(("action", "value"), [("dance", ""), ("set_kind", "nothing"), ("refuse", " "), ("add_theme", "")])
def test_what_nobody_can_mean_is_refused(action: str, value: str) -> None:
    with pytest.raises(BadValue):
        bulk_changes.checked(action, value)


def test_what_stood_of_a_removed_listing_is_erased_and_not_brought_back(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    bulk_id = done(catalogue, "set_theme", "education")
    id = remove(catalogue, "Čiekuru skola")
    with catalogue.database.reading() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
        assert session.get_one(BulkItem, (bulk_id, row.id)).before is None
    assert undone(catalogue, bulk_id)[ItemState.KEPT] == 1


def test_the_numbers_of_a_preview_are_those_of_all_that_is_chosen(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    with catalogue.database.reading() as session:
        found = bulk_changes.preview(session, Order(Choice(theme="youth"), BulkAction.ADD_THEME, "culture"))
    assert found == Preview(chosen=2, changed=1, same=1, impossible=0)


def state_of(catalogue: CatalogueFixture, remote_id: str) -> str:
    """The state of a record's listing; of a joined one that which it gets back when it is parted."""
    id = public_id(catalogue.database, remote_id)
    with catalogue.database.reading() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
        return row.state_apart or row.state


@pytest.mark.parametrize("action", ["refuse", "unpublish"])
def test_undo_publishes_nothing_of_a_platform_that_was_refused_meanwhile(catalogue: CatalogueFixture, action: str) -> None:
    fill(catalogue)
    bulk_id = done(catalogue, action, "Nav par to" if action == "refuse" else "")
    with catalogue.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="p", actor=COLLEAGUE, reason="Nav par to")
    assert undone(catalogue, bulk_id)[ItemState.UNDONE] >= 3
    assert [state_of(catalogue, id) for id in ("1", "2", "3")] == ["new"] * 3
    with catalogue.database.writing() as session:
        platform_states.approve_platform(session, platform_id="p", actor=COLLEAGUE)
    assert [state_of(catalogue, id) for id in ("1", "2", "3")] == ["published"] * 3, "only the platform had hidden them"


@pytest.mark.parametrize("action", ["refuse", "unpublish"])
def test_undo_gives_back_what_a_person_made_public_though_its_platform_only_waits(
    catalogue: CatalogueFixture, action: str
) -> None:
    catalogue.propose("z", approve=False)
    catalogue.crawl([record("z1")], "z")
    with catalogue.database.writing() as session:
        edits.publish(session, public_id=public_id(catalogue.database, "z1"), actor=EDITOR)
    bulk_id = done(catalogue, action, "Nav par to" if action == "refuse" else "", choice=Choice(words="", platform="z"))
    assert state_of(catalogue, "z1") == ("refused" if action == "refuse" else "new")
    undone(catalogue, bulk_id)
    assert state_of(catalogue, "z1") == "published"


def test_undo_leaves_public_what_another_public_platform_has_too(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    join(catalogue.database, public_id(catalogue.database, "1"), public_id(catalogue.database, "6"))
    bulk_id = done(catalogue, "refuse", "Nav par to")
    with catalogue.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="p", actor=COLLEAGUE, reason="Nav par to")
    undone(catalogue, bulk_id)
    assert [state_of(catalogue, id) for id in ("1", "2", "6")] == ["published", "new", "published"]


@pytest.mark.parametrize(("action", "value"), [("refuse", "Nav par to"), ("unpublish", ""), ("publish", "")])
def test_undo_gives_each_joined_listing_the_state_that_it_had_apart(catalogue: CatalogueFixture, action: str, value: str) -> None:
    fill(catalogue)
    ids = {id: public_id(catalogue.database, id) for id in ("1", "2", "3")}
    with catalogue.database.writing() as session:
        edits.refuse(session, public_id=ids["2"], actor=EDITOR, reason="Cits iemesls")
    for id in ("2", "3"):
        join(catalogue.database, ids["1"], ids[id])
    if action == "publish":
        with catalogue.database.writing() as session:
            edits.set_state(session, edits.find_initiative(session, ids["1"], InitiativeAction.WITHDRAW), InitiativeAction.WITHDRAW, "t", None)  # fmt: skip
    before, apart = state_of_all(catalogue), [state_of(catalogue, id) for id in ("2", "3")]
    assert apart == ["refused", "published"]
    bulk_id = done(catalogue, action, value, Choice(ids=(ids["1"],)))
    wanted = {"refuse": ["refused", "refused"], "unpublish": ["refused", "new"], "publish": ["published", "published"]}
    assert [state_of(catalogue, id) for id in ("2", "3")] == wanted[action], "they follow the one that stands"
    undone(catalogue, bulk_id)
    assert state_of_all(catalogue) == before


def test_undo_publishes_nothing_that_is_about_to_be_removed(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    bulk_id = done(catalogue, "refuse", "Nav par to")
    id = public_id(catalogue.database, "1")
    with catalogue.database.writing() as session:
        removals.decide(session, public_id=id, actor=COLLEAGUE, reason="Lūdza")
    assert undone(catalogue, bulk_id)[ItemState.KEPT] == 1 and state_of(catalogue, "1") == "refused"
    with catalogue.database.reading() as session:
        (left,) = bulk_changes.leftovers(session, bulk_id, limit=5)
    assert left.reason == edits.REMOVED_SOON


def test_undo_archives_what_its_source_has_dropped_meanwhile(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    bulk_id = done(catalogue, "refuse", "Nav par to")
    with catalogue.database.writing() as session:
        session.execute(update(Record).where(Record.remote_id == "1").values(state=RecordState.ARCHIVED))
    undone(catalogue, bulk_id)
    assert [state_of(catalogue, id) for id in ("1", "2")] == ["archived", "published"]


def test_undo_lets_what_a_source_says_wait_as_long_as_before(catalogue: CatalogueFixture) -> None:
    fill(catalogue)
    long_ago = utc_now() - timedelta(days=9)
    with catalogue.database.writing() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == public_id(catalogue.database, "1"))).one()
        session.add(
            Value(initiative_id=row.id, field="kind", lang="", value="network", layer="owner", by="anna@v.example", seen={})
        )
        session.flush()
        compose.recompose(session, [row.id], long_ago)
    waits = select(Value.contested_at).where(Value.field == "kind", Value.layer == "owner")
    with catalogue.database.reading() as session:
        assert session.scalars(waits).all() == [long_ago]
    undone(catalogue, done(catalogue, "set_kind", "project"))
    with catalogue.database.reading() as session:
        assert session.scalars(waits).all() == [long_ago]
