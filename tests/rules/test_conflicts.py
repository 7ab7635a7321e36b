"""Conflicts: what sources newly say beside a person's value, in one listing and in joined ones; and what settles it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import compose, conflicts, edits, judgements, listing_queries
from platforma.catalogue.listings.conflicts import TOGETHER
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.listings.layers import BY_PLATFORM
from platforma.catalogue.models import Event, Initiative, InitiativeState, JudgementVerdict, PlatformState, RecordState, Value
from tests.rules.rows import START, add_listing, add_record, payload

CURATOR = Word("c@sic.example", START)
DAY = timedelta(days=1)


def listed(session: Session, *platforms: str, **fields: Any) -> Initiative:
    row = add_listing(session, *platforms, **fields)
    compose.recompose(session, [row.id], START)
    return row


def edit(row: Initiative, field: str = "place", lang: str = "") -> edits.Edit:
    return edits.Edit(row.public_id, field, lang, "c", row.version)


def say(session: Session, row: Initiative, content: Any, field: str = "place", lang: str = "") -> None:
    edits.set_value(session, edit(row, field, lang), content)
    session.flush()


def owner_says(session: Session, row: Initiative, content: Any, field: str = "place", **more: Any) -> None:
    session.add(Value(initiative_id=row.id, field=field, value=content, layer="owner", **{"by": "import", "lang": ""} | more))
    session.flush()
    compose.recompose(session, [row.id], START)


def keep(session: Session, row: Initiative, platform_id: str | None = None, **more: bool) -> None:
    edits.keep_value(session, edit(row), platform_id, **more)
    session.flush()


def crawl(session: Session, row: Initiative, platform_id: str, at: int = 1, **fields: Any) -> None:
    """Let a platform's record of the listing say something else; night after night, if need be."""
    (record,) = (record for record in row.records if record.platform_id == platform_id)
    record.payload, record.last_seen_at = payload(**fields), START + at * DAY
    session.flush()
    compose.recompose(session, [row.id], START + at * DAY)
    session.flush()


def news(session: Session, row: Initiative, field: str = "place") -> dict[str, Any] | None:
    """What platforms newly say of a field, by id; None where no person says anything of it."""
    session.flush()
    lines = {line.field: line for line in listing_queries.values_of(session, row.public_id)}
    if field not in lines:
        return None
    noted = {conflict.field for conflict in conflicts.waiting(session, limit=9) if conflict.public_id == row.public_id}
    assert (field in noted) == bool(lines[field].news), "what is noted is what the page tells"
    return {one.platform_id: one.value for one in lines[field].news}


def join(session: Session, left: Initiative, right: Initiative) -> None:
    judgements.judge(session, left.public_id, right.public_id, JudgementVerdict.SAME, CURATOR)


def part(session: Session, left: Initiative, right: Initiative) -> None:
    judgements.part_listings(session, left.public_id, right.public_id, CURATOR)


def shown(row: Initiative, field: str = "place") -> Any:
    return row.composed["fields"].get(field)


@pytest.fixture
def two(session: Session) -> Initiative:
    """A listing of two platforms: a speaks of its place, and b says another one."""
    row = listed(session, "a", place="Cēsis")
    add_record(session, "b", "b1", initiative=row, payload=payload(place="Rīga"))
    compose.recompose(session, [row.id], START)
    session.expire_all()
    return row


def test_what_sources_said_when_a_value_was_set_is_no_news(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    assert (news(session, two), shown(two)) == ({}, "Ogre")
    for night in range(1, 4):
        crawl(session, two, "ab"[night % 2], at=night, place=("Rīga", "Cēsis")[(night + 1) % 2])
        assert news(session, two) == {}, "whoever was crawled last says nothing new"


def test_each_source_is_compared_with_what_it_said_itself(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    crawl(session, two, "b", place="Cēsis")
    assert news(session, two) == {"b": "Cēsis"}, "b never said what a says"
    crawl(session, two, "a", place="Rīga")
    assert news(session, two) == {"a": "Rīga", "b": "Cēsis"}
    crawl(session, two, "b", place="Rīga")
    assert news(session, two) == {"a": "Rīga"}, "b says again what it said"


@pytest.mark.parametrize("says", ["Ogre", "", None])
def test_a_source_that_agrees_or_falls_silent_is_no_news(session: Session, two: Initiative, says: str | None) -> None:
    say(session, two, "Ogre")
    crawl(session, two, "a", place=says)
    assert news(session, two) == {}


def test_what_was_kept_stays_settled_until_that_source_says_something_else(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    crawl(session, two, "a", place="Valmiera")
    crawl(session, two, "b", place="Sigulda")
    keep(session, two, "a")
    assert news(session, two) == {"b": "Sigulda"}
    keep(session, two, "b")
    assert (news(session, two), shown(two)) == ({}, "Ogre")
    crawl(session, two, "b", place="Valmiera")
    assert news(session, two) == {"b": "Valmiera"}, "what a said and was kept against is new of b"
    keep(session, two)
    assert news(session, two) == {}
    crawl(session, two, "a", place="Cēsis")
    assert news(session, two) == {"a": "Cēsis"}


def test_what_is_kept_for_good_is_never_asked_again_until_it_is_released(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    crawl(session, two, "a", place="Valmiera")
    keep(session, two, "a", for_good=True)
    for text in ("Sigulda", "Līgatne"):
        crawl(session, two, "a", place=text)
        assert news(session, two) == {}
    say(session, two, "Ikšķile")
    crawl(session, two, "b", place="Saulkrasti")
    assert (news(session, two), shown(two)) == ({}, "Ikšķile"), "a value that is set anew is kept, too"
    edits.release_value(session, edit(two))
    session.flush()
    assert shown(two) == "Līgatne"
    say(session, two, "Ogre")
    crawl(session, two, "a", place="Talsi")
    assert news(session, two) == {"a": "Talsi"}
    assert "keep_for_good" in session.scalars(select(Event.action)).all()


@pytest.mark.parametrize(("platform_id", "stays"), [("a", False), ("b", True)])
def test_who_takes_a_new_value_sees_it(session: Session, two: Initiative, platform_id: str, stays: bool) -> None:
    """What the sources show by themselves needs no value of ours."""
    say(session, two, "Ogre")
    crawl(session, two, platform_id, place="Talsi")
    edits.take_value(session, edit(two), platform_id)
    session.flush()
    assert shown(two) == "Talsi"
    assert news(session, two) == ({} if stays else None)
    crawl(session, two, platform_id, place="Kandava")
    assert news(session, two) == ({"b": "Kandava"} if stays else None)
    assert shown(two) == ("Talsi" if stays else "Kandava")


def test_what_a_platform_does_not_say_cannot_be_taken(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    for platform_id, field in (("nosuch", "place"), ("a", "phone")):
        with pytest.raises(NotFound):
            edits.take_value(session, edit(two, field), platform_id)


def test_a_value_that_was_taken_over_an_owners_leaves_the_owners_as_it_is(session: Session, two: Initiative) -> None:
    owner_says(session, two, "Ogre", seen={"a": "Cēsis", "b": "Rīga"})
    crawl(session, two, "a", place="Talsi")
    assert news(session, two) == {"a": "Talsi"}
    edits.take_value(session, edit(two), "a")
    session.flush()
    assert (shown(two), [value.layer for value in two.values]) == ("Talsi", ["owner", "curator"])
    edits.release_value(session, edit(two))
    assert shown(two) == "Ogre"


@pytest.mark.parametrize(("says", "told"), [("Ogre", {}), ("Rīga", {"b": "Rīga"}), (None, {})])
def test_a_source_that_comes_by_joining_is_news_where_it_says_something_else(
    session: Session, says: str | None, told: object
) -> None:
    one, other = listed(session, "a", place="Cēsis"), listed(session, "b", place=says)
    say(session, one, "Ogre")
    join(session, one, other)
    assert (news(session, one), shown(one)) == (told, "Ogre")
    part(session, one, other)
    assert news(session, one) == {}, "a source that went asks nothing"
    join(session, one, other)
    keep(session, one)
    part(session, one, other)
    join(session, one, other)
    assert news(session, one) == {}, "what was kept against it stays settled"


def test_sources_of_platforms_that_are_not_public_are_no_news(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    two.records[1].platform.state = PlatformState.REFUSED
    crawl(session, two, "b", place="Talsi")
    assert news(session, two) == {}


def test_a_list_and_an_emptied_field_are_in_conflict_like_a_text(session: Session) -> None:
    row = listed(session, "a", themes=("youth",), phone="1")
    say(session, row, ["culture"], "themes")
    say(session, row, "", "phone")
    crawl(session, row, "a", themes=("youth",), phone="1")
    assert (news(session, row, "themes"), news(session, row, "phone")) == ({}, {})
    crawl(session, row, "a", themes=("youth", "housing"), phone="2")
    assert (news(session, row, "themes"), news(session, row, "phone")) == ({"a": ["youth", "housing"]}, {"a": "2"})


def test_values_of_before_sources_were_told_apart_keep_their_meaning(session: Session, two: Initiative) -> None:
    """Then, what the sources together said was remembered, and only the one that speaks could say something new."""
    say(session, two, "Ogre")
    two.values[0].seen = {TOGETHER: "Cēsis"}
    crawl(session, two, "b", place="Talsi")
    assert news(session, two) == {}
    crawl(session, two, "a", place="Sigulda")
    assert news(session, two) == {"a": "Sigulda"}
    keep(session, two, "a")
    assert (news(session, two), two.values[0].seen) == ({}, {"a": "Sigulda", "b": "Talsi"})
    crawl(session, two, "b", place="Kandava")
    assert news(session, two) == {"b": "Kandava"}


def test_the_longest_waiting_comes_first_and_what_nobody_sees_waits_for_nobody(session: Session) -> None:
    rows = [listed(session, letter, place="Cēsis") for letter in "abcd"]
    for night, row in enumerate(reversed(rows), start=1):
        say(session, row, "Ogre")
        crawl(session, row, row.records[0].platform_id, at=night, place="Talsi")
    crawl(session, rows[3], "d", at=9, place="Kandava")
    rows[1].state = InitiativeState.REFUSED
    session.flush()
    found = conflicts.waiting(session, limit=9)
    assert [conflict.public_id for conflict in found] == [rows[n].public_id for n in (3, 2, 0)]
    assert found[0].since == START + DAY, "since the first night"
    assert (session.execute(conflicts.count_and_oldest()).one()[0], len(conflicts.waiting(session, limit=2))) == (3, 2)


def test_editing_releasing_and_keeping_act_on_the_value_that_stands_of_joined_listings(session: Session) -> None:
    one, other = listed(session, "a", place="Cēsis"), listed(session, "b", place="Rīga")
    say(session, other, "Ogre")
    join(session, one, other)
    assert (shown(one), news(session, one)) == ("Ogre", {"a": "Cēsis"})
    keep(session, one, "a")
    assert news(session, one) == {}
    say(session, one, "Talsi")
    assert [(value.initiative_id, value.value) for value in session.scalars(select(Value))] == [(other.id, "Talsi")]
    assert shown(one) == "Talsi"
    edits.release_value(session, edit(one))
    assert (shown(one), news(session, one), session.scalars(select(Value)).all()) == ("Cēsis", None, [])


def test_nothing_reappears_when_a_value_of_joined_listings_is_released(session: Session) -> None:
    one, other, third = listed(session, "a", country="LV"), listed(session, "b", country="LV"), listed(session, "d")
    say(session, one, "EE", "country")
    say(session, other, "LT", "country")
    say(session, third, ["PL"], "countries")
    say(session, third, "Talsi")
    join(session, one, other)
    join(session, one, third)
    assert (shown(one, "country"), shown(one, "countries")) == ("EE", ["EE"])
    edits.release_value(session, edit(one, "country"))
    session.flush()
    assert (shown(one, "country"), shown(one, "countries"), shown(one)) == ("LV", ["LV"], "Talsi")


def test_who_releases_the_seat_keeps_the_countries(session: Session) -> None:
    row = listed(session, "a", country="LV")
    say(session, row, "EE", "country")
    say(session, row, ["EE", "LV", "PL"], "countries")
    edits.release_value(session, edit(row, "country"))
    assert (shown(row, "country"), shown(row, "countries")) == ("LV", ["EE", "LV", "PL"])


def test_a_new_word_of_the_countries_is_said_where_the_seat_was_said(session: Session) -> None:
    one, other = listed(session, "a", country="LV"), listed(session, "b", country="LV")
    say(session, other, "EE", "country")
    join(session, one, other)
    say(session, one, ["EE", "PL"], "countries")
    assert (shown(one, "country"), shown(one, "countries")) == ("EE", ["EE", "PL"])


def test_a_curators_word_of_a_joined_listing_stands_over_an_owners_of_the_one_that_stands(session: Session) -> None:
    one, other = listed(session, "a"), listed(session, "b")
    owner_says(session, one, "Ogre")
    say(session, other, "Talsi")
    join(session, one, other)
    assert shown(one) == "Talsi"
    edits.release_value(session, edit(one))
    assert shown(one) == "Ogre"


def test_what_follows_the_platform_cannot_be_released_and_a_listing_keeps_a_title(session: Session) -> None:
    own = listed(session, "a", title={})
    owner_says(session, own, "https://a.example/", "website", by=BY_PLATFORM)
    say(session, own, "Saule", "title", "lv")
    with pytest.raises(NotFound):
        edits.release_value(session, edit(own, "website"))
    with pytest.raises(BadValue):
        edits.release_value(session, edit(own, "title", "lv"))


def test_a_joined_listing_is_not_changed_itself(session: Session) -> None:
    one, other = listed(session, "a"), listed(session, "b")
    join(session, one, other)
    with pytest.raises(BadState):
        say(session, other, "Ogre")
    with pytest.raises(BadState):
        edits.publish(session, public_id=other.public_id, actor="c")
    with pytest.raises(BadState):
        edits.refuse(session, public_id=other.public_id, actor="c", reason="Nav")
    assert (other.state, other.merged_into_id) == (InitiativeState.MERGED, one.id)


FIELDS = [
    ("title", "lv", "Mēness"), ("summary", "lv", "Īsi"), ("kind", "", "project"), ("place", "", "Ogre"), ("region", "", "Zemgale"),
    ("phone", "", "2"), ("website", "", "https://m.example/"), ("themes", "", ["culture"]), ("tags", "", ["x"]), ("legal_form", "", "SIA"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "lang", "content"), FIELDS)
def test_editing_one_field_changes_that_field_only_night_after_night(
    session: Session, field: str, lang: str, content: Any
) -> None:
    """Three sources, of which two are of a joined listing, say different things of everything; whoever was crawled last."""
    rows = [listed(session, letter, **_said(letter)) for letter in "abd"]
    join(session, rows[0], rows[1])
    join(session, rows[0], rows[2])
    head, key = rows[0], f"{field}/{lang}" if lang else field
    before = _flat(head)
    say(session, head, content, field, lang)
    assert _flat(head) == before | {key: content}
    for night, row in enumerate((rows[1], rows[0], rows[2]) * 2, start=1):
        crawl(session, row, row.records[0].platform_id, at=night, **_said(row.records[0].platform_id))
        assert _flat(head) == before | {key: content}
    edits.release_value(session, edit(head, field, lang))
    assert _flat(head) == before


def _said(letter: str) -> dict[str, Any]:
    return {
        "title": {"lv": f"Saule {letter}"}, "summary": {"lv": f"Ceptuve {letter}"}, "kind": "organisation", "place": f"Vieta {letter}",
        "phone": f"+371 {letter}", "website": f"https://{letter}.example/", "themes": ("youth",), "tags": (letter,), "region": letter,
        "url": f"https://vietne.example/{letter}", "legal_form": letter,
    }  # fmt: skip


def _flat(row: Initiative) -> dict[str, Any]:
    texts = {f"{name}/{lang}": text for name, by_lang in row.composed["texts"].items() for lang, text in by_lang.items()}
    return texts | dict(row.composed["fields"])


def test_a_source_that_goes_and_returns_says_nothing_new(session: Session, two: Initiative) -> None:
    say(session, two, "Ogre")
    for state in (RecordState.GONE, RecordState.ARCHIVED, RecordState.SEEN):
        two.records[0].state = state
        crawl(session, two, "a", place="Cēsis")
        assert news(session, two) == {}
