"""The desk's conflicts, one field at a time: taken, kept, kept for good, each undone, and by two curators at once."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.listings import conflicts
from platforma.catalogue.models import Event, Role, Value
from tests.people.contested import act, bring, joined, page, region, told
from tests.people.site_fixture import SiteFixture


def contested(site: SiteFixture) -> tuple[FlaskClient, str]:
    """A curator, and the listing of two platforms whose region we set and of which one platform newly says Kurzeme."""
    client, (id, _) = site.signed_in(), joined(site)
    act(client, id, "set", "Latgale")
    bring(site, "otra", region="Kurzeme")
    return client, id


def form(client: FlaskClient, action: str, skip: int = 0) -> dict[str, str]:
    """What the page's button of an action sends."""
    text = client.get(f"/lv/desk/conflicts?skip={skip}").get_data(as_text=True)
    (part,) = (one for one in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'value="{action}"' in one)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part)) | {"action": action}


def press(client: FlaskClient, action: str) -> str:
    """Decide about the first field; returns the address that it leads to."""
    answer = client.post("/lv/desk/conflicts", data=form(client, action))
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.location)


def undo(client: FlaskClient, address: str) -> int:
    text = client.get(address).get_data(as_text=True)
    number = re.search(r'name="decision" value="(\d+)"', text)[1]  # type: ignore[index]
    return client.post("/lv/desk/conflicts/undo", data={"decision": number}).status_code


def said(site: SiteFixture) -> list[tuple[object, ...]]:
    """What people say, with all that belongs to it."""
    with site.database.reading() as session:
        rows = session.scalars(select(Value).where(Value.layer == "curator").order_by(Value.field))
        return [(v.field, v.value, v.by, v.at, v.seen, v.is_kept_for_good, v.contested_at) for v in rows]


@pytest.mark.parametrize("action", ["take", "keep", "keep_for_good"])
def test_every_decision_is_undone_and_then_the_field_waits_as_before(site_on: SiteFixture, action: str) -> None:
    client, id = contested(site_on)
    before = said(site_on)
    address = press(client, action)
    assert region(client, id) == ("Kurzeme" if action == "take" else "Latgale")
    assert said(site_on) != before and told(page(client, id)) == []
    assert undo(client, address) == 302
    assert (said(site_on), region(client, id)) == (before, "Latgale")
    assert told(page(client, id)) == [("otra", "Kurzeme")]
    text = client.get("/lv/desk/conflicts").get_data(as_text=True)
    assert "1. lauks no 1" in text and "Kurzeme" in text and "Latgale" in text
    with site_on.database.reading() as session:
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert (last.action, (last.after or {})["region"]) == ("set", "Latgale")


def test_what_was_changed_since_is_not_undone(site: SiteFixture) -> None:
    client, id = contested(site)
    address = press(client, "take")
    text = client.get(address).get_data(as_text=True)
    number = re.search(r'name="decision" value="(\d+)"', text)[1]  # type: ignore[index]
    act(client, id, "set", "Zemgale")
    assert client.post("/lv/desk/conflicts/undo", data={"decision": number}).status_code == 409
    assert region(client, id) == "Zemgale"
    assert client.post("/lv/desk/conflicts/undo", data={"decision": "999999"}).status_code == 404
    assert 'name="decision"' not in client.get(address).get_data(as_text=True)


def test_a_decision_about_the_seat_is_not_undone_over_countries_that_were_named_since(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    act(client, id, "set", "EE", field="country")
    bring(site, "otra", country="LT")
    address = press(client, "keep")
    assert act(client, id, "set", "FI\nEE", field="countries") == 302
    assert 'name="decision"' not in client.get(address).get_data(as_text=True)
    number = address.rsplit("=", 1)[1]
    assert client.post("/lv/desk/conflicts/undo", data={"decision": number}).status_code == 409
    assert client.get(f"/api/v1/initiatives/{id}").get_json()["item"]["countries"] == ["FI", "EE"]


def test_an_undo_that_is_sent_twice_changes_nothing_more(site: SiteFixture) -> None:
    client, _ = contested(site)
    address = press(client, "keep")
    text = client.get(address).get_data(as_text=True)
    number = re.search(r'name="decision" value="(\d+)"', text)[1]  # type: ignore[index]
    answers = [client.post("/lv/desk/conflicts/undo", data={"decision": number}).status_code for _ in range(2)]
    assert answers == [302, 409]


@pytest.mark.parametrize("first", ["take", "keep"])
def test_who_comes_second_is_told_what_was_decided(site: SiteFixture, first: str) -> None:
    client, id = contested(site)
    late = form(client, "keep" if first == "take" else "take")
    press(client, first)
    colleague = site.signed_in(Role.ADMIN)
    answer = colleague.post("/lv/desk/conflicts", data=late)
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "curator@sic.example" in text and ("Pārņemta jaunā vērtība" if first == "take" else "Paturēta mūsu vērtība") in text
    assert region(client, id) == ("Kurzeme" if first == "take" else "Latgale")


def test_fields_come_one_at_a_time_the_longest_waiting_first_with_their_keys(site: SiteFixture) -> None:
    client, id = contested(site)
    act(client, id, "set", "Cēsis", field="place")
    bring(site, "pirma", region="Vidzeme", place="Ogre")
    texts = [client.get(f"/en/desk/conflicts?skip={skip}").get_data(as_text=True) for skip in (0, 1, 7)]
    assert ["Kurzeme" in text for text in texts] == [True, False, True]
    assert "Field 1 of 2" in texts[0] and "Field 2 of 2" in texts[1] and "Ogre" in texts[1]
    assert re.findall(r'data-key="(\d)"', texts[0]) == ["1", "2", "3"]
    assert 'rel="next"' in texts[0] and 'rel="prev"' in texts[1] and 'rel="next"' not in texts[1]
    with site.database.reading() as session:
        assert len(conflicts.waiting(session, limit=9)) == 2


def test_where_no_source_says_anything_new_the_page_says_so(site: SiteFixture) -> None:
    text = site.signed_in().get("/lv/desk/conflicts").get_data(as_text=True)
    assert "Neviens avots neraksta neko jaunu" in text and "<button" in text and 'data-key="1"' not in text
