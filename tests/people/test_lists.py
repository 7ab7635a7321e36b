"""The list of all listings at the desk, changing many from it, and the page of who changed what, as a curator meets them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.listings import edits
from platforma.catalogue.lists import bulk_changes
from platforma.catalogue.models import BulkItem, Initiative, ItemState
from platforma.web.desk.event_words import marked
from platforma.worker.bulk_work import carry_on_bulk_changes
from tests.people.desk import Desk, records

PAGE = "/en/desk/catalogue"
FOUND = [
    Record("f", title={"lv": "=1+1"}, kind="project"),
    Record("g", title={"lv": "Āda", "en": "Leather"}, themes=("culture",)),
]


def titles(page: str) -> list[str]:
    return [unescape(title) for title in re.findall(r'<h2><a href="/\w\w/desk/initiatives/\w+"[^>]*>([^<]*)</a>', page)]


def ids(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        rows = session.scalars(select(Initiative).order_by(Initiative.id))
        return [row.public_id for row in rows if row.records and row.records[0].platform_id == "v"]


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the last form of a page's content."""
    form = re.findall(r'<form action="[^"]*changes" method="post">.*?</form>', page, re.S)[-1]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def sent(client: FlaskClient, **data: object) -> str:
    """Ask what a change would do, do it, and return the page of the change."""
    preview = client.post(f"{PAGE}/bulk", data=data)
    assert preview.status_code == 200
    answer = client.post(f"{PAGE}/changes", data=hidden(preview.get_data(as_text=True)))
    assert answer.status_code == 302
    return answer.location


def test_filters_and_words_choose_and_what_is_chosen_is_said(desk: Desk) -> None:
    desk.crawl(FOUND)
    curator = desk.signed_in()
    page = desk.text(curator, f"{PAGE}?q=leather&theme=culture&without=place&sort=changed&platform=v")
    assert titles(page) == ["Leather"]
    for words in ("<strong>1 listing</strong>", "“leather”", "Theme: culture", "without a place", "Source: Vietne"):
        assert words in page, words
    assert titles(desk.text(curator, f"{PAGE}?q=nothing+like+it")) == []
    assert "No listing is like this." in desk.text(curator, f"{PAGE}?q=nothing+like+it")
    assert "Back to the first" in desk.text(curator, f"{PAGE}?skip=5000")
    assert desk.text(curator, f"{PAGE}?state=x&kind=y&since=z&sort=w&theme=v&skip=-3"), "what nobody can mean is left out"


def test_a_long_list_has_pages_that_keep_the_filters(desk: Desk) -> None:
    desk.crawl(records(60))
    curator = desk.signed_in()
    first = desk.text(curator, f"{PAGE}?platform=v&sort=changed")
    following = re.search(r'<a rel="next" href="([^"]+)"', first)
    assert following
    second = desk.text(curator, unescape(following[1]))
    assert (len(titles(first)), len(titles(second))) == (50, 10) and set(titles(first)).isdisjoint(titles(second))
    assert "51 to 60 of 60" in second and "platform=v" in following[1]


def test_all_that_is_found_is_taken_along_without_formulas(desk: Desk) -> None:
    desk.crawl([*FOUND, *records(55)])
    answer = desk.signed_in().get(f"{PAGE}.csv?platform=v")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.mimetype == "text/csv" and len(rows) == 57
    assert {"'=1+1", "Leather"} <= {row["Title"] for row in rows} and {row["State"] for row in rows} == {"public"}


def test_ticked_listings_are_changed_after_a_look_and_undone_with_one_button(desk: Desk) -> None:
    desk.crawl(records(3))
    curator, ticked = desk.signed_in(), ids(desk)[:2]
    location = sent(curator, ids=ticked, action="set_kind", **{"kind-value": "event"}, kind="project", state="published")
    page = desk.text(curator, location)
    assert "2 listings were changed." in page and "Set the kind: event" in page
    assert len(titles(desk.text(curator, f"{PAGE}?kind=event&platform=v"))) == 2
    assert curator.post(location, data={"decision": "undo"}).status_code == 302
    assert "This change was undone by" in desk.text(curator, location)
    assert titles(desk.text(curator, f"{PAGE}?kind=event&platform=v")) == []
    assert curator.post(location, data={"decision": "undo"}).status_code == 409
    assert "Set the kind: event" in desk.text(curator, f"{PAGE}/changes")


def test_all_that_are_found_are_changed_by_the_worker_where_they_are_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforma.web.desk.bulk.AT_ONCE", 2)
    desk.crawl(records(5))
    curator = desk.signed_in()
    location = sent(curator, all="1", platform="v", action="add_theme", **{"theme-value": "youth"})
    waiting = curator.get(location)
    assert waiting.headers["Refresh"] == "5" and "5 listings are still to be changed." in waiting.get_data(as_text=True)
    carry_on_bulk_changes(desk.services)
    done = curator.get(location)
    assert "Refresh" not in done.headers and "5 listings were changed." in done.get_data(as_text=True)
    assert len(titles(desk.text(curator, f"{PAGE}?theme=youth"))) == 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Tick at least one listing"),
        ({"all": "1"}, "Choose what to do"),
        ({"all": "1", "action": "add_theme"}, "Choose from the list"),
        ({"all": "1", "action": "refuse", "reason": " "}, "Say why, in a sentence"),
    ],
)
def test_a_form_that_says_too_little_is_shown_again_with_what_was_ticked(desk: Desk, data: dict[str, str], said: str) -> None:
    desk.crawl(records(2))
    ticked = ids(desk)[0]
    for path in ("bulk", "changes"):
        answer = desk.signed_in().post(f"{PAGE}/{path}", data=data | ({"ids": ticked} if data else {}))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400 and said in page
        assert not data or re.search(rf'value="{ticked}" checked', page)


def test_a_list_that_grew_since_the_look_is_looked_at_again(desk: Desk) -> None:
    desk.crawl(records(2))
    curator = desk.signed_in()
    preview = curator.post(f"{PAGE}/bulk", data={"all": "1", "platform": "v", "action": "set_kind", "kind-value": "event"})
    desk.crawl(records(3))
    answer = curator.post(f"{PAGE}/changes", data=hidden(preview.get_data(as_text=True)))
    assert answer.status_code == 409 and "Another number of listings matches" in answer.get_data(as_text=True)
    assert titles(desk.text(curator, f"{PAGE}?kind=event&platform=v")) == []


def test_views_are_saved_shown_and_deleted(desk: Desk) -> None:
    desk.crawl(records(1))
    curator = desk.signed_in()
    answer = curator.post(f"{PAGE}/views", data={"name": "Bez jomas", "theme": "unknown", "shared": "1"})
    assert answer.location == f"{PAGE}?theme=unknown"
    assert f'<a href="{PAGE}?theme=unknown">Bez jomas</a>' in desk.text(curator, PAGE)
    refused = curator.post(f"{PAGE}/views", data={"name": " ", "theme": "unknown"})
    assert refused.status_code == 400 and "at most 80 characters" in refused.get_data(as_text=True)
    assert curator.post(f"{PAGE}/views/1").status_code == 302
    assert "Bez jomas" not in desk.text(curator, PAGE)


def test_the_audit_says_in_words_what_stood_before_and_after_and_marks_what_differs(desk: Desk) -> None:
    desk.crawl(FOUND)
    curator, id = desk.signed_in(), ids(desk)[1]
    for field, lang, value in (
        ("themes", "", ["youth"]),
        ("description", "lv", "Ceptuve pie jūras"),
        ("description", "lv", "Ceptuve pie ezera"),
    ):
        with desk.database.writing() as session:
            row = session.scalars(select(Initiative).where(Initiative.public_id == id)).one()
            edits.set_value(session, edits.Edit(id, field, lang, "anna@sic.example", row.version), value)
    page = desk.text(curator, f"/en/desk/audit?object=initiative:{id}")
    for words in (
        "Only: Leather",
        "culture",
        "youth",
        "Ceptuve pie <del>jūras</del>",
        "Ceptuve pie <ins>ezera</ins>",
        'lang="lv"',
    ):
        assert words in page, words
    assert "initiative:" in desk.text(curator, PAGE) and "anna@sic.example" in page
    for query in ("q=leather", "by=anna@sic.example", "action=set&type=initiative", "since=2020-01-01&until=2100-01-01"):
        assert "Ceptuve" in desk.text(curator, f"/en/desk/audit?{query}"), query
    assert "Nothing was changed" in desk.text(curator, "/en/desk/audit?until=2020-01-01")
    rows = list(
        csv.DictReader(io.StringIO(curator.get(f"/en/desk/audit.csv?object={id}").get_data(as_text=True).removeprefix("\ufeff")))
    )
    assert ("Description (Latvian)", "Ceptuve pie jūras", "Ceptuve pie ezera") in [
        (row["Of it"], row["Before"], row["After"]) for row in rows
    ]


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("a b c", "a x c", ("b", "x")), ("a b", "a b", ("", "")), ("", "a", ("", "a")), ("a b c d", "a d", ("b c ", "")),
        ("s " + "x " * 500 + "e", "s " + "y " * 500 + "e", (("x " * 500).strip(), ("y " * 500).strip())),
    ],
)  # fmt: skip
def test_words_that_differ_are_marked(before: str, after: str, differs: tuple[str, str]) -> None:
    sides = marked(before, after)
    assert tuple("".join(text for text, _is in side) for side in sides) == (before, after)
    assert tuple("".join(text for text, is_other in side if is_other).strip() for side in sides) == tuple(
        one.strip() for one in differs
    )


def test_a_change_of_one_that_was_refused_meanwhile_says_so(desk: Desk) -> None:
    desk.crawl(records(2))
    curator, ticked = desk.signed_in(), ids(desk)
    location = sent(curator, ids=ticked, action="unpublish")
    with desk.database.writing() as session:
        edits.refuse(session, public_id=ticked[0], actor="colleague@sic.example", reason="Nav par to")
    curator.post(location, data={"decision": "undo"})
    page = desk.text(curator, location)
    assert "colleague@sic.example has changed it since" in page and "What could not be done, and why" in page
    with desk.database.reading() as session:
        states = session.scalars(select(BulkItem.state).order_by(BulkItem.initiative_id)).all()
        assert sorted(states) == sorted([ItemState.KEPT, ItemState.UNDONE]) and bulk_changes.open_ids(session) == []
