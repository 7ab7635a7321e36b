"""Every decision of the desk is undone once, and what stood before stands again; two curators at once lose nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import Correction, Crawl, Decision, Initiative, Mail, Platform, RecipeVersion, Role, StagedRecord
from platforma.catalogue.pending import UNDO_WINDOW
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import CorrectionRequest
from platforma.secret_key import secret_key
from tests.people.inbox import text_of
from tests.people.pairs import add_pairs
from tests.people.pairs import waiting as pairs_waiting
from tests.people.proposing import propose, state, total
from tests.people.site_fixture import SiteFixture, public_id

NOTHING: Mapping[str, str] = MappingProxyType({})
PARTNER = "info@partneris.lv"
TWO = (Record("1", title={"lv": "Pirmais"}), Record("2", title={"lv": "Otrais"}))


def picture(site: SiteFixture) -> dict[str, Any]:
    """What decisions change: the state of every listing, platform, crawl and message, and the mails that wait."""
    with site.database.reading() as session:
        listings = session.scalars(select(Initiative).order_by(Initiative.id))
        return {
            "listings": [
                (one.public_id, one.state, one.reason, one.published_at is not None, one.merged_into_id)
                for one in listings
                if one.composed.get("texts", {}).get("title") != {"und": "Partneris"}
            ],
            "platforms": [(one.id, one.state, one.reason) for one in session.scalars(select(Platform).order_by(Platform.id))],
            "crawls": [(one.id, one.state) for one in session.scalars(select(Crawl).order_by(Crawl.id))],
            "staged": sorted(session.scalars(select(StagedRecord.remote_id))),
            "messages": [(one.state, one.answer, one.closed_at) for one in session.scalars(select(Correction))],
            "mails": sorted(session.scalars(select(Mail.subject).where(Mail.to == PARTNER))),
        }


def undo(client: FlaskClient, site: SiteFixture, status: int = 302, *, back: str = "next") -> str:
    """Undo the newest decision; return where that leads, or the page."""
    with site.database.reading() as session:
        (id,) = session.scalars(select(Decision.id).order_by(Decision.id.desc()).limit(1))
    answer = client.post(f"/lv/desk/decisions/{id}/undo", data={"back": back})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return str(answer.location) if status == 302 else answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, status: int = 302, texts: Mapping[str, str] = NOTHING, **form: Any) -> str:
    """Send a form of the desk; `texts` are its fields whose names are no words. Where it leads, or the page."""
    answer = client.post(f"/lv/desk/{path}", data={**form, **texts})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return str(answer.location) if status == 302 else answer.get_data(as_text=True)


def waiting(site: SiteFixture) -> list[str]:
    with site.database.reading() as session:
        return list(session.scalars(select(Initiative.public_id).where(Initiative.state == "new").order_by(Initiative.id)))


def hold_a_crawl(site: SiteFixture) -> int:
    """A crawl of the first platform in which nearly all records have vanished; return its id."""
    propose(site, *(Record(f"{number}", title={"lv": f"Ieraksts {number}"}) for number in range(30)))
    stored = start_crawl(site.database, "partneris")
    stored.stage(Record("0", title={"lv": "Ieraksts 0"}), None)
    report = finish_crawl(site.database, stored, CrawlResult(True, 1, 0), secret_key=secret_key(site.services.settings))
    assert report.state == "held"
    return report.crawl_id


def ask(site: SiteFixture, topic: str = "removal", email: str = PARTNER) -> int:
    with site.database.writing() as session:
        request = CorrectionRequest(public_id(site), topic, "", "Lūdzu", email, "en")
        return corrections.enter(session, request).id


@pytest.mark.parametrize(("decision", "form"), [("publish", {}), ("refuse", {"reason": "Nav"})])
def test_a_decision_on_a_listing_is_undone(site: SiteFixture, decision: str, form: dict[str, str]) -> None:
    client = site.signed_in()
    propose(site, *TWO)
    before, in_all, first = picture(site), total(client), waiting(site)[0]
    post(client, f"initiatives/{first}/decision", decision=decision, texts=form)
    assert picture(site) != before
    assert undo(client, site).startswith(f"/lv/desk/next/listing/{first}?taken_back=")
    assert picture(site) == before and total(client) == in_all
    assert "jau atsauca" in undo(client, site, 409)


STATES = [("published", "unpublish"), ("published", "refuse"), ("archived", "publish"), ("refused", "publish")]


def on_page(client: FlaskClient, site: SiteFixture, id: str, decision: str, status: int = 302) -> str:
    """Change a listing's state from its own page, as it is now; return where that leads, or the page."""
    with site.database.reading() as session:
        version = session.scalars(select(Initiative.version).where(Initiative.public_id == id)).one()
    return post(client, f"initiatives/{id}/state", status, decision=decision, reason="Nav", version=version)


def public_status(site: SiteFixture, id: str) -> int:
    return site.app.test_client().get(f"/lv/initiatives/{id}/", follow_redirects=True).status_code


@pytest.mark.parametrize(("before", "decision"), STATES)
def test_a_state_changed_on_the_page_of_a_listing_is_undone_there(site: SiteFixture, before: str, decision: str) -> None:
    client, id = site.signed_in(), public_id(site)
    with site.database.writing() as session:
        session.query(Initiative).filter_by(public_id=id).one().state = InitiativeState(before)
    stood = picture(site)
    page = client.get(on_page(client, site, id, decision)).get_data(as_text=True)
    assert picture(site) != stood and "Atsaukt" in page
    assert undo(client, site, back="edit").startswith(f"/lv/desk/initiatives/{id}?taken_back=")
    assert picture(site) == stood
    assert "jau atsauca" in undo(client, site, 409)


def test_a_state_that_a_colleague_has_changed_since_is_not_undone_from_the_page(site: SiteFixture) -> None:
    client, colleague, id = site.signed_in(), site.signed_in(Role.ADMIN), public_id(site)
    on_page(client, site, id, "unpublish")
    with site.database.reading() as session:
        (own,) = session.scalars(select(Decision.id))
    on_page(colleague, site, id, "refuse")
    told = post(client, f"decisions/{own}/undo", 409)
    assert "admin@sic.example" in told and {one[0]: one[1] for one in picture(site)["listings"]}[id] == "refused"


def test_who_decides_second_on_the_page_of_a_listing_is_told_who_did_and_keeps_the_reason(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    on_page(site.signed_in(Role.ADMIN), site, id, "refuse")
    told = post(client, f"initiatives/{id}/state", 409, decision="refuse", reason="Mans pamatojums")
    assert "admin@sic.example" in told and "Mans pamatojums" in told


def test_a_removal_hides_a_listing_at_once_and_is_undone_on_its_page(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    before, in_all = picture(site), total(client)
    page = client.get(post(client, f"initiatives/{id}/removal", reason="lūdza", sure="1")).get_data(as_text=True)
    assert public_status(site, id) == 404 and "tiks dzēst" in page and "Atsaukt" in page
    assert total(client) == in_all - 1, "the search has lost it, too"
    assert undo(client, site, back="edit").startswith(f"/lv/desk/initiatives/{id}?taken_back=")
    assert picture(site) == before and public_status(site, id) == 200 and total(client) == in_all
    site.end_of_undoing()
    assert public_status(site, id) == 200, "a removal that was undone is not carried out"


def test_a_removal_is_carried_out_once_it_cannot_be_undone(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    post(client, f"initiatives/{id}/removal", reason="lūdza", sure="1")
    site.end_of_undoing()
    assert public_status(site, id) == 410
    assert "Varēja atsaukt līdz" in undo(client, site, 409)


def test_a_listing_that_is_about_to_be_removed_is_neither_published_nor_removed_again(site: SiteFixture) -> None:
    client, colleague, id = site.signed_in(), site.signed_in(Role.ADMIN), public_id(site)
    post(client, f"initiatives/{id}/removal", reason="lūdza", sure="1")
    told = [on_page(colleague, site, id, "publish", 409)]
    told.append(post(colleague, f"initiatives/{id}/removal", 409, reason="lūdza", sure="1"))
    assert all("curator@sic.example" in page for page in told) and public_status(site, id) == 404
    assert "Nosaukums" not in post(colleague, "catalogue/changes", ids=id, action="publish", expected="1", key="k")
    assert public_status(site, id) == 404, "nor by a change of many"


def test_what_a_publication_joined_is_parted_again(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(site, Record("7", title={"lv": "Saules maize"}, website="https://saules-maize.example"))
    before, (first,) = picture(site), waiting(site)
    for _time in range(2):
        post(client, f"initiatives/{first}/decision", decision="publish")
        assert (first, "merged") in [(id, state) for id, state, *_ in picture(site)["listings"]]
        undo(client, site)
        assert picture(site) == before


@pytest.mark.parametrize("decision", ["approve", "probation", "refuse"])
def test_a_decision_on_a_proposed_platform_is_undone_with_its_listings_and_its_mail(site: SiteFixture, decision: str) -> None:
    client = site.signed_in()
    propose(site, *TWO)
    before, in_all = picture(site), total(client)
    told = post(client, "platforms/partneris", decision=decision, reason="Nav iniciatīvu")
    assert len(picture(site)["mails"]) == 1
    assert "Vēstule tiks nosūtīta" in client.get(told).get_data(as_text=True)
    assert undo(client, site).startswith("/lv/desk/next/platform/partneris?taken_back=")
    assert picture(site) == before and total(client) == in_all
    assert "Partneris" not in client.get("/lv/desk/listings").get_data(as_text=True).split("<main")[1].split("Pirmais")[0]


def test_what_came_in_after_an_approval_is_hidden_with_it(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(site, TWO[0])
    in_all = total(client)
    post(client, "platforms/partneris", decision="approve")
    stored = start_crawl(site.database, "partneris")
    for record in TWO:
        stored.stage(record, None)
    finish_crawl(site.database, stored, CrawlResult(True, 2, 0), secret_key=secret_key(site.services.settings))
    undo(client, site)
    assert (state(site), total(client), len(waiting(site))) == ("proposed", in_all, 3)


@pytest.mark.parametrize("decision", ["pause", "refuse", "leave"])
def test_a_decision_on_a_public_platform_is_undone(site: SiteFixture, decision: str) -> None:
    client = site.signed_in()
    propose(site, *TWO, email=None)
    post(client, "platforms/partneris", decision="approve")
    before, in_all = picture(site), total(client)
    post(client, "platforms/partneris", decision=decision, reason="Nav", texts={"from": "source"})
    undo(client, site)
    assert picture(site) == before and total(client) == in_all


def test_a_refused_platform_gets_its_held_crawl_back(site: SiteFixture) -> None:
    client, _crawl = site.signed_in(), hold_a_crawl(site)
    before = picture(site)
    post(client, "platforms/partneris", decision="refuse", reason="Nav")
    undo(client, site)
    assert picture(site) == before and before["staged"]


@pytest.mark.parametrize(("decision", "after"), [("approve", "done"), ("discard", "discarded")])
def test_a_decision_on_a_held_crawl_waits_and_is_undone(site: SiteFixture, decision: str, after: str) -> None:
    client, crawl = site.signed_in(), hold_a_crawl(site)
    before = picture(site)
    post(client, f"crawls/{crawl}", decision=decision)
    assert "partneris" not in client.get("/lv/desk/crawls").get_data(as_text=True).lower().split('role="status"')[0]
    assert "redaktors" not in post(client, f"crawls/{crawl}", 409, decision="approve") or decision == "discard"
    assert undo(client, site).startswith(f"/lv/desk/next/crawl/{crawl}?taken_back=")
    assert picture(site) == before
    post(client, f"crawls/{crawl}", decision=decision)
    site.end_of_undoing()
    assert (crawl, after) in picture(site)["crawls"] and not picture(site)["staged"]
    assert "Varēja atsaukt līdz" in undo(client, site, 409)


def test_a_newer_crawl_keeps_one_that_was_thrown_away_from_coming_back(site: SiteFixture) -> None:
    client, crawl = site.signed_in(), hold_a_crawl(site)
    post(client, f"crawls/{crawl}", decision="discard")
    stored = start_crawl(site.database, "partneris")
    stored.stage(Record("0", title={"lv": "Ieraksts 0"}), None)
    finish_crawl(site.database, stored, CrawlResult(True, 1, 0), secret_key=secret_key(site.services.settings))
    assert "jaunāka ievākšana" in undo(client, site, 409)


@pytest.mark.parametrize(
    ("decision", "form"), [("done", {}), ("refuse", {"answer": "Nē"}), ("remove", {"sure": "1", "answer": "Labi"})]
)
def test_an_answer_is_taken_back_before_its_mail_is_out(site: SiteFixture, decision: str, form: dict[str, str]) -> None:
    client, message = site.signed_in(), ask(site)
    before, id = picture(site), public_id(site)
    post(client, f"reports/{message}", decision=decision, texts=form)
    assert len(picture(site)["mails"]) == 1
    assert site.app.test_client().get(f"/lv/initiatives/{id}/saules-maize").status_code == 200, "nothing is removed yet"
    assert undo(client, site).startswith(f"/lv/desk/next/message/{message}?taken_back=")
    assert picture(site) == before
    post(client, f"reports/{message}", decision=decision, texts=form)
    site.last_mail()
    assert site.app.test_client().get(f"/lv/initiatives/{id}/saules-maize").status_code == (410 if decision == "remove" else 200)
    assert "Varēja atsaukt līdz" in undo(client, site, 409)


def test_answers_on_a_mapping_are_undone_by_the_recipe_before(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(site, *TWO)
    form = {"dimension-0": "theme", "text-0": "Kokapstrāde", "choice-0": "-", "seen": "1"}
    told = post(client, "sources/partneris/mapping", texts=form)
    assert "Atsaukt" in client.get(told).get_data(as_text=True)
    undo(client, site)
    with site.database.reading() as session:
        platform = session.get_one(Platform, "partneris")
        versions = session.scalars(
            select(RecipeVersion).where(RecipeVersion.platform_id == "partneris").order_by(RecipeVersion.version)
        )
        assert platform.recipe_version == 3 and "values" not in platform.recipe
        assert [("values" in version.recipe) for version in versions] == [False, True, False]


@pytest.mark.parametrize(("after", "status"), [(-timedelta(seconds=1), 302), (timedelta(0), 409)])
def test_what_waits_can_be_undone_until_the_minute_that_is_named(site: SiteFixture, after: timedelta, status: int) -> None:
    client = site.signed_in()
    with time_machine.travel(utc_now(), tick=False) as clock:
        propose(site, *TWO)
        post(client, "platforms/partneris", decision="refuse", reason="Nav")
        clock.shift(UNDO_WINDOW + after)
        undo(client, site, status)


def test_what_somebody_changed_since_is_not_undone(site: SiteFixture) -> None:
    client, colleague = site.signed_in(), site.signed_in(Role.ADMIN)
    propose(site, *TWO, email=None)
    first = waiting(site)[0]
    post(client, "platforms/partneris", decision="approve")
    with site.database.reading() as session:
        (approval,) = session.scalars(select(Decision.id))
    page = colleague.get(f"/lv/desk/initiatives/{first}").get_data(as_text=True)
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen
    post(colleague, f"initiatives/{first}/state", decision="refuse", reason="Nav", version=seen[1])
    told = post(client, f"decisions/{approval}/undo", 409)
    assert "admin@sic.example" in told and "Pirmais" in told
    assert (state(site), {one[0]: one[1] for one in picture(site)["listings"]}[first]) == ("trusted", "refused")


KINDS: Mapping[str, Callable[[SiteFixture], str]] = {
    "listing": lambda site: waiting(site)[0],
    "platform": lambda site: "partneris",
    "crawl": lambda site: str(hold_a_crawl(site)),
    "message": lambda site: str(ask(site)),
}
FIRST = {"listing": "publish", "platform": "probation", "crawl": "discard", "message": "done"}
SECOND = {"listing": "refuse", "platform": "refuse", "crawl": "accept", "message": "refuse"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_of_two_curators_is_told_who_what_and_when_and_keeps_what_was_written(site: SiteFixture, kind: str) -> None:
    one, other = site.signed_in(), site.signed_in(Role.ADMIN)
    if kind != "crawl":
        propose(site, *TWO)
    name = KINDS[kind](site)
    path = f"next/{kind}/{name}"
    for client in (one, other):
        assert client.get(f"/lv/desk/{path}").status_code == 200
    post(one, path, decision=FIRST[kind])
    after = picture(site)
    told = post(other, path, 409, decision=SECOND[kind], text="Mans garais pamatojums")
    assert "curator@sic.example" in told and "Mans garais pamatojums" in told
    assert picture(site) == after


def test_who_looks_at_an_item_has_it_for_a_while(site: SiteFixture) -> None:
    one, other = site.signed_in(), site.signed_in(Role.ADMIN)
    propose(site, *TWO, is_on_probation=True)
    first, second = waiting(site)
    with time_machine.travel(utc_now(), tick=False) as clock:
        assert "Pirmais</a>" in one.get("/lv/desk/next?only=listing").get_data(as_text=True)
        assert "Otrais</a>" in other.get("/lv/desk/next?only=listing").get_data(as_text=True), "the colleague's is skipped"
        page = other.get(f"/lv/desk/next/listing/{first}").get_data(as_text=True)
        assert "curator@sic.example" in page and "Tik un tā varat izlemt" in page
        assert "curator@sic.example" in other.get("/lv/desk/listings").get_data(as_text=True)
        clock.shift(timedelta(minutes=16))
        assert "curator@sic.example" not in other.get(f"/lv/desk/next/listing/{first}").get_data(as_text=True)
    assert "Otrais</a>" in one.get("/lv/desk/next?only=listing").get_data(as_text=True), "now it is the colleague's"
    post(other, f"next/listing/{first}", decision="publish")
    assert "admin@sic.example" not in one.get(f"/lv/desk/next/listing/{second}").get_data(as_text=True).split('id="lately"')[0]


def test_who_decides_second_on_a_pair_in_the_walk_is_told_who_what_and_when(site: SiteFixture) -> None:
    add_pairs(site)
    first = pairs_waiting(site.database)[0]
    path = f"next/pair/{first.left}-{first.right}"
    post(site.signed_in(), path, decision="different")
    told = post(site.signed_in(Role.ADMIN), path, 409, decision="same")
    alert = told.split('role="alert"')[1].split("</p>")[0]
    assert "par šo pāri jau ir izlemts" in alert and "curator@sic.example" in alert


LISTED = {"platform": "platforms", "crawl": "crawls", "message": "reports", "listing": "listings"}


@pytest.mark.parametrize("kind", LISTED)
def test_who_has_an_item_is_said_in_the_list_of_its_queue(site: SiteFixture, kind: str) -> None:
    one, other, reader = site.signed_in(), site.signed_in(Role.ADMIN), site.signed_in(Role.READER)
    if kind != "crawl":
        propose(site, *TWO, is_on_probation=kind == "listing")
    name = KINDS[kind](site)
    assert reader.get(f"/lv/desk/next/{kind}/{name}").status_code == 200
    assert one.get(f"/lv/desk/next/{kind}/{name}").status_code == 200
    lists = [f"/lv/desk/{LISTED[kind]}"] + ([f"/lv/desk/reports/{name}"] if kind == "message" else [])
    for address in lists:
        assert "curator@sic.example" in other.get(address).get_data(as_text=True), "who looks only takes nothing"
        assert "to izskata" not in one.get(address).get_data(as_text=True)


def test_ticked_listings_are_decided_by_one_decision_and_undone_by_one(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(site, *(Record(f"{number}", title={"lv": f"Jauns {number}"}) for number in range(3)))
    ids, before = waiting(site), picture(site)
    assert 'role="alert"' in post(client, "listings", 400, decision="publish")
    assert 'role="alert"' in post(client, "listings", 400, decision="refuse", id=ids[:2])
    post(client, f"initiatives/{ids[2]}/decision", decision="refuse", reason="Nav")
    told = post(client, "listings", 409, decision="publish", id=ids)
    assert "Jauns 2" in told and "jau ir izlemts" in told, "what could not be decided is named"
    assert [one[1] for one in picture(site)["listings"] if one[0] in ids] == ["published", "published", "refused"]
    undo(client, site)
    with site.database.reading() as session:
        refusal = session.scalars(select(Decision.id).where(Decision.undone_at.is_(None))).one()
    post(client, f"decisions/{refusal}/undo")
    assert picture(site) == before


def test_all_like_one_are_decided_at_once_and_none_that_came_later(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(
        site,
        *(Record(f"{number}", title={"lv": f"Jauns {number}"}, kind="event") for number in range(3)),
        Record("x", title={"lv": "Cits"}),
        is_on_probation=True,
    )
    ids = waiting(site)
    page = client.get("/lv/desk/listings").get_data(as_text=True)
    assert "Visi līdzīgie: 3" in page
    page = client.get("/lv/desk/listings?platform=partneris&kind=event").get_data(as_text=True)
    until = re.search(r'name="until" value="(\w+)"', page)
    assert until and "Publicēt visus 3" in page and "Cits" not in page.split("<main")[1]
    propose_more = Record("late", title={"lv": "Vēlais"}, kind="event")
    stored = start_crawl(site.database, "partneris")
    for record in (
        *(Record(f"{number}", title={"lv": f"Jauns {number}"}, kind="event") for number in range(3)),
        Record("x", title={"lv": "Cits"}),
        propose_more,
    ):
        stored.stage(record, None)
    finish_crawl(site.database, stored, CrawlResult(True, 5, 0), secret_key=secret_key(site.services.settings))
    post(client, "listings", decision="publish-alike", platform="partneris", kind="event", until=until[1])
    states = {one[0]: one[1] for one in picture(site)["listings"]}
    assert [states[id] for id in ids] == ["published"] * 3 + ["new"] and list(states.values()).count("new") == 2


def test_texts_for_answers_are_changed_at_the_desk_and_offered_in_the_language_of_the_reader(site: SiteFixture) -> None:
    client, message = site.signed_in(), ask(site)
    page = client.get(f"/lv/desk/next/message/{message}?say=refuse").get_data(as_text=True)
    assert "We checked the source" in page and "Pārbaudījām" not in page.split("<main")[1], "the message was in English"
    texts = {"text-lv": "Mūsu vārdi", "text-en": "Our words"}
    post(client, "replies", action="save", kind="message_refused", key="refused-as-source", texts=texts)
    post(client, "replies", action="save", kind="message_refused", texts={"text-lv": "Cits", "text-en": "Another one"})
    post(client, "replies", action="remove", kind="message_refused", key="refused-unclear", texts=texts)
    page = client.get(f"/lv/desk/next/message/{message}?say=refuse").get_data(as_text=True)
    assert "Our words" in page and "Another one" in page and "could not tell" not in page
    assert 'role="alert"' in post(client, "replies", 400, action="save", kind="listing", texts={"text-lv": " "})
    assert 'role="alert"' in post(client, f"next/message/{message}", 400, decision="refuse", text=" ")
    post(client, f"next/message/{message}", decision="refuse", text="Our words, changed")
    mail = site.last_mail()
    assert mail["Content-Language"] == "en" and "Our words, changed" in text_of(mail)
