"""A partner's own platforms: what the page shows, what each button does, and that it can be taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy import text as sql

from crawlers.record import Problem, Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import edits
from platforma.catalogue.models import Crawl, Initiative, InitiativeState, Platform, PlatformState, Role
from platforma.catalogue.models import Record as StoredRecord
from platforma.catalogue.platforms import platform_states
from tests.people.desk import Desk, records
from tests.people.editing import Form
from tests.people.members import ANNA, account, last_event, member, page_of
from tests.people.proposing import propose


def read(desk: Desk, platform_id: str = "v") -> Platform:
    with desk.database.reading() as session:
        return session.get_one(Platform, platform_id)


def listing(desk: Desk, remote_id: str) -> str:
    with desk.database.reading() as session:
        query = select(Initiative.public_id).join(StoredRecord, StoredRecord.initiative_id == Initiative.id)
        return session.scalars(query.where(StoredRecord.remote_id == remote_id)).one()


def test_one_platform_is_led_to_and_several_are_listed(desk: Desk) -> None:
    anna = member(desk)
    assert anna.get("/en/partner/").location == page_of(desk)
    propose(desk, id="otra")
    anna = member(desk, platform_id="otra")
    text = desk.text(anna, "/en/partner/")
    assert page_of(desk) in text and page_of(desk, "otra") in text
    assert "waits for a curator" in text and "public as soon as they are read" in text


def test_without_a_platform_the_page_says_what_to_do(desk: Desk) -> None:
    text = desk.text(account(desk, ANNA), "/en/partner/")
    assert "/en/register" in text and "/en/add" in text and ANNA in text


def test_signing_in_leads_partners_to_their_platforms_and_curators_to_the_desk(desk: Desk) -> None:
    for email, role, place in ((ANNA, Role.PARTNER, "/lv/partner/"), ("b@sic.example", Role.CURATOR, "/lv/desk/")):
        account(desk, email, role)
        client = desk.app.test_client()
        client.post("/lv/sign-in", data={"email": email})
        assert client.post(desk.link()).location == place


def test_listings_are_counted_by_state_and_refusals_have_their_reason(desk: Desk) -> None:
    desk.crawl(records(3))
    waiting, refused = listing(desk, "r01"), listing(desk, "r02")
    with desk.database.writing() as session:
        session.scalars(select(Initiative).where(Initiative.public_id == waiting)).one().state = InitiativeState.NEW
        edits.refuse(session, public_id=refused, actor="c@sic.example", reason="Par īsu")
    text = desk.text(member(desk), page_of(desk))
    for label in ("shown to visitors", "waiting for a curator", "refused by curators"):
        assert f"<dt>{label}</dt>\n<dd>1</dd>" in text, label
    assert "Ieraksts 2</span>: Par īsu" in text
    assert "/en/search?platform=v" in text


def test_problems_are_said_in_the_owners_words_with_the_value_and_its_place(desk: Desk) -> None:
    reason = "This date is not understood, or could be two days; write it as 2026-05-31"
    desk.crawl(records(2), Problem("warning", reason, "https://v.example/1", "r01", "start_date", "5. jūns"))
    text = desk.text(member(desk), page_of(desk))
    assert "Some dates are not clear" in text and "https://v.example/1" in text and "5. jūns" in text
    assert "/en/reports/" in text


def test_what_curators_changed_stands_with_before_and_after(desk: Desk) -> None:
    desk.crawl(records(2, place="Rīga"))
    Form.open(desk.signed_in(), listing(desk, "r00")).type(place="Ogre").send()
    text = desk.text(member(desk), page_of(desk))
    assert "<del>Rīga</del> <ins>Ogre</ins>" in text


def test_entries_of_another_platform_are_not_shown(desk: Desk) -> None:
    desk.crawl(records(1))
    propose(desk, Record("x", title={"lv": "Svešs ieraksts"}), id="otra")
    with desk.database.writing() as session:
        platform_states.approve_platform(session, platform_id="otra", actor="t")
    assert "Svešs ieraksts" not in desk.text(member(desk), page_of(desk))


def test_what_another_platform_lists_too_names_that_platform(desk: Desk) -> None:
    shared = Record("s", url="https://v.example/s", title={"lv": "Kopīgā darbnīca Saule"}, website="https://saule.example/")
    desk.crawl([shared])
    propose(desk, replace(shared, remote_id="t", url="https://otra.lv/t"), id="otra")
    with desk.database.writing() as session:
        platform_states.approve_platform(session, platform_id="otra", actor="t")
    text = desk.text(member(desk), page_of(desk))
    assert "Entries that other platforms have, too" in text and "Otra" in text


def test_a_crawl_is_ordered_at_most_once_an_hour(desk: Desk) -> None:
    anna, page = member(desk), page_of(desk)
    with desk.database.writing() as session:
        session.get_one(Platform, "v").next_crawl_at = None
    forget_orders(desk)
    assert anna.post(f"{page}crawl").status_code == 303
    due = read(desk).next_crawl_at
    assert due is not None and due <= utc_now() and last_event(desk) == (ANNA, "crawl_now")
    again = anna.post(f"{page}crawl")
    assert again.status_code == 409 and "less than an hour ago" in again.get_data(as_text=True)
    assert "Read it now" not in desk.text(anna, page)


def forget_orders(desk: Desk) -> None:
    """Let what was ordered lie a day back, as if the clock had gone on: events themselves cannot be changed."""
    with desk.database.writing() as session:
        for (name,) in session.execute(
            sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")
        ).all():
            session.execute(sql(f'DROP TRIGGER "{name}"'))
        session.execute(sql("UPDATE events SET at = datetime(at, '-1 day')"))


@pytest.mark.parametrize("trusted", [True, False])
def test_a_partners_pause_is_theirs_and_going_on_gives_the_former_state(desk: Desk, trusted: bool) -> None:
    if not trusted:
        with desk.database.writing() as session:
            platform_states.approve_platform(session, platform_id="v", actor="t", trusted=False)
    former, anna, page = read(desk).state, member(desk), page_of(desk)
    assert anna.post(f"{page}reading", data={"do": "pause"}).status_code == 303
    assert (read(desk).state, read(desk).next_crawl_at, last_event(desk)) == ("paused", None, (ANNA, "partner_pause"))
    assert "Its partner paused it" in desk.text(desk.signed_in(), "/en/desk/sources/v"), "curators see whose pause it is"
    assert anna.post(f"{page}reading", data={"do": "resume"}).status_code == 303
    assert read(desk).state == former and read(desk).next_crawl_at is not None


@pytest.mark.parametrize("state", [state for state in PlatformState if state != PlatformState.PAUSED])
def test_only_what_is_paused_goes_on_and_no_partner_accepts_a_platform_by_that(desk: Desk, state: PlatformState) -> None:
    anna, page = member(desk), page_of(desk)
    with desk.database.writing() as session:
        session.get_one(Platform, "v").state = state
    assert anna.post(f"{page}reading", data={"do": "resume"}).status_code == 409
    assert read(desk).state == state


def test_a_pause_of_curators_is_not_the_partners_to_end(desk: Desk) -> None:
    with desk.database.writing() as session:
        platform_states.pause_platform(session, platform_id="v", actor="c@sic.example")
    anna, page = member(desk), page_of(desk)
    assert "Go on" not in desk.text(anna, page)
    assert anna.post(f"{page}reading", data={"do": "resume"}).status_code == 409
    assert read(desk).state == "paused"


def test_leaving_with_the_listings_hides_them_and_coming_back_asks_the_curators(desk: Desk) -> None:
    desk.crawl(records(2))
    anna, page = member(desk), page_of(desk)
    asked = desk.text(anna, f"{page}leave?listings=with")
    assert "2 public entries" in asked and read(desk).state == "trusted", "nothing happens before the second button"
    assert anna.post(f"{page}leave", data={"listings": "with"}).status_code == 303
    assert read(desk).state == "left" and public(desk) == 0
    assert anna.post(f"{page}proposal", data={"text": ""}).status_code == 303
    assert (read(desk).state, last_event(desk)) == ("proposed", (ANNA, "propose"))
    with desk.database.writing() as session:
        platform_states.approve_platform(session, platform_id="v", actor="t")
    assert public(desk) == 2


def test_leaving_without_the_listings_lets_them_stay_and_can_be_taken_back(desk: Desk) -> None:
    desk.crawl(records(2))
    anna, page = member(desk), page_of(desk)
    assert anna.post(f"{page}leave", data={"listings": "without"}).status_code == 303
    assert (read(desk).state, public(desk), last_event(desk)) == ("paused", 2, (ANNA, "partner_part"))
    assert "has left; the listings stay" in desk.text(desk.signed_in(), "/en/desk/sources/v")
    assert anna.post(f"{page}reading", data={"do": "resume"}).status_code == 303
    assert read(desk).state == "trusted"


def public(desk: Desk) -> int:
    with desk.database.reading() as session:
        query = select(func.count()).select_from(Initiative).join(StoredRecord, StoredRecord.initiative_id == Initiative.id)
        return session.scalar(query.where(Initiative.state == "published", StoredRecord.platform_id == "v")) or 0


def test_a_licence_lets_whole_texts_be_shown_and_can_be_taken_back(desk: Desk) -> None:
    anna, page = member(desk), page_of(desk)
    for licence, stored in (("CC-BY-4.0", "CC-BY-4.0"), ("", None)):
        assert anna.post(f"{page}settings", data={"lang": "lv", "licence": licence}).status_code == 303
        assert (read(desk).recipe.get("licence"), read(desk).licence, read(desk).is_mapping_due) == (stored, stored, True)
        assert last_event(desk) == (ANNA, "licence")
    assert anna.post(f"{page}settings", data={"lang": "lv", "licence": "ours"}).status_code == 400
    assert anna.post(f"{page}settings", data={"lang": "xx", "licence": ""}).status_code == 400


def test_orders_are_counted_by_platform_not_by_person(desk: Desk) -> None:
    forget_orders(desk)
    page = page_of(desk)
    assert member(desk).post(f"{page}crawl").status_code == 303
    assert member(desk, "zane@v.example").post(f"{page}crawl").status_code == 409


def test_a_proposal_cannot_be_crawled_again_by_its_partner(desk: Desk) -> None:
    propose(desk, id="otra")
    with desk.database.writing() as session:
        session.execute(update(Platform).values(next_crawl_at=utc_now() + timedelta(days=9)))
        session.execute(update(Crawl).values(started_at=utc_now() - timedelta(days=3)))
    assert member(desk, platform_id="otra").post(f"{page_of(desk, 'otra')}crawl").status_code == 409


def test_why_a_reading_waits_is_said_in_the_owners_words(desk: Desk) -> None:
    desk.crawl(records(6))
    held = [replace(one, title={"lv": f"Cits {one.remote_id}"}) for one in records(6)]
    assert desk.crawl(held).state == "held"
    anna = member(desk)
    for lang, words in (("en", "Most entries have another name now (6 of 6)"), ("lv", "cits nosaukums (6 no 6)")):
        assert words in desk.text(anna, page_of(desk, lang=lang)), lang


def test_the_mailed_report_speaks_the_owners_words(desk: Desk) -> None:
    reason = "This kind is not in our list; write one that is, or ask a curator to map it"
    desk.crawl(records(6), Problem("warning", reason, "https://v.example/1", "r01", "kind", "klubs"))
    page = desk.text(member(desk), page_of(desk))
    report = re.search(r'href="(/en/reports/[^"]+/\d+)"', page)
    assert report
    for path in (report[1], f"{report[1]}.csv"):
        text = desk.text(desk.app.test_client(), path)
        assert "Some words are not known to us" in text and "klubs" in text and "map it" not in text, path
    assert desk.crawl([replace(one, title={"lv": f"Cits {one.remote_id}"}) for one in records(6)]).state == "held"
    listed = desk.text(desk.app.test_client(), report[1].rpartition("/")[0] + "/")
    assert "Most entries have another name now (6 of 6)" in listed and "compare the titles" not in listed
