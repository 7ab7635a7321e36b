"""Readers see every page of the desk that curators see: without buttons, and without the addresses of visitors."""

from __future__ import annotations

import re
from functools import reduce
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Crawl, Mail, MailState, Role
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import corrections
from platforma.mail.mail_queue import queue_mail
from tests.people.desk import Desk, unmapped_crawl
from tests.people.pairs import add_pairs, id_of, waiting

VISITOR, PARTNER = "zane.visitor@mail.example", "director@ngo.example"
OWN = ("/sign-out", "/desk/passkeys")
"""What every person sends for themselves."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk on which something of each kind waits."""
    desk = Desk(Path(tmp_path_factory.mktemp("readers")))
    unmapped_crawl(desk)
    desk.crawl([])
    add_pairs(desk)
    [pair, *_] = waiting(desk.database)
    judgement = {"left": pair.left, "right": pair.right, "decision": "same", "skip": "0"}
    assert desk.signed_in().post("/lv/desk/duplicates", data=judgement).status_code == 302
    with desk.database.writing() as session:
        request = corrections.CorrectionRequest(id_of(desk, "a1"), "removal", "", f"Write to {VISITOR}!", VISITOR, "en")
        corrections.enter(session, request)
        platform_states.propose_platform(session, platform_states.Proposal(url="https://ngo.example/", title="NGO", recipe={"platform": "ngo", "title": "NGO", "url": "https://ngo.example/", "adapter": "table"}, contact_email=PARTNER, contact_lang="en"), actor="t")  # fmt: skip
        queue_mail(session, to=VISITOR, lang="lv", subject="x", body="y")
        session.flush()
        mail = session.scalars(select(Mail).where(Mail.to == VISITOR)).one()
        mail.state, mail.error, mail.ended_at = MailState.FAILED, f"no such user <{VISITOR}>", utc_now()
    return desk


def pages(desk: Desk) -> list[str]:
    """An address of each page of the desk that is no file, and all of them where something waits or was done."""
    with desk.database.reading() as session:
        crawls = [str(id) for id in session.scalars(select(Crawl.id))]
    values = {
        "crawl_id": crawls, "platform_id": ["v"], "concept_id": ["food_bank"], "correction_id": ["1"],
        "public_id": [id_of(desk, "a1"), id_of(desk, "a2"), id_of(desk, "r00")], "dimension": ["theme"], "term_id": ["youth"],
        "kind": ["platform"], "name": ["ngo"],
    }  # fmt: skip
    found = []
    for rule in desk.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "/desk/" not in rule.rule or rule.rule.endswith(".csv"):
            continue
        path = rule.rule.replace("<lang:lang>", "en")
        names = re.findall(r"<(?:[^<>]*:)?(\w+)>", path)
        for chosen in product(*(values.get(name, ["1"]) for name in names)):
            found.append(reduce(lambda text, value: re.sub(r"<.*?>", value, text, count=1), chosen, path))
    return found


def forms(text: str) -> list[str]:
    """Where the forms of a page that change something lead to, but for a person's own."""
    sent = re.findall(r'<form[^>]*action="([^"]*)"[^>]*method="post"', text)
    assert len(sent) == len(re.findall(r'method="post"', text))
    return [address for address in sent if not any(own in address for own in OWN)]


def opened(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_reader_sees_what_a_curator_sees_but_no_button(desk: Desk) -> None:
    curator, reader = desk.signed_in(Role.CURATOR), desk.signed_in(Role.READER)
    decided = set()
    for path in pages(desk):
        (status, text), (status_of_reader, text_of_reader) = opened(curator, path), opened(reader, path)
        assert status_of_reader == status, path
        assert forms(text_of_reader) == [] and 'form="verdicts"' not in text_of_reader, path
        if status == 200:
            assert re.findall(r"<h1.*?>(.*?)</h1>", text) == re.findall(r"<h1.*?>(.*?)</h1>", text_of_reader), path
            decided |= {re.sub(r"/[a-z0-9_]*\d[a-z0-9]*\b", "/1", address) for address in forms(text)}
    assert len(decided) >= 12, "a curator's forms stand on these pages, so that a reader's can be missed"


@pytest.mark.parametrize("role", [Role.READER, Role.CURATOR])
def test_addresses_of_visitors_and_partners_are_covered_for_readers_only(desk: Desk, role: Role) -> None:
    client = desk.signed_in(role)
    shown = {(one, path) for path in pages(desk) for one in (VISITOR, PARTNER) if one in opened(client, path)[1]}
    if role == Role.READER:
        assert shown == set()
    assert {one for one, _ in shown} == (set() if role == Role.READER else {VISITOR, PARTNER})


def test_a_reader_changes_nothing_at_the_desk(desk: Desk) -> None:
    reader = desk.signed_in(Role.READER)
    before = waiting(desk.database)
    for path in (f"initiatives/{id_of(desk, 'a1')}/decision", "reports/1", "duplicates", "platforms/v", "concepts/new"):
        assert reader.post(f"/lv/desk/{path}", data={"decision": "publish"}).status_code == 403, path
    assert waiting(desk.database) == before


def test_another_role_holds_from_the_next_page_on_and_closing_ends_the_session(desk: Desk) -> None:
    admin, curator = desk.signed_in(Role.ADMIN), desk.signed_in(Role.CURATOR)
    where = re.search(r'action="(/lv/desk/accounts/\d+)/role"[^>]*>(?:(?!</form>).)*curator@sic', desk.text(admin, "/lv/desk/accounts/"), re.DOTALL)  # fmt: skip
    assert where
    form = {"lv": "nav", "en": "not", "source": "x", "seen": "0"}
    assert curator.post("/lv/desk/concepts/new", data=form).status_code == 302
    assert admin.post(f"{where[1]}/role", data={"role": "reader"}).status_code == 200
    assert (curator.get("/lv/desk/").status_code, curator.post("/lv/desk/concepts/new", data=form).status_code) == (200, 403)
    assert admin.post(f"{where[1]}/role", data={"role": "partner"}).status_code == 200
    assert curator.get("/lv/desk/").status_code == 403
    assert admin.post(where[1]).status_code == 302
    assert curator.get("/lv/desk/").status_code == 302, "the session has ended"
    assert admin.post(f"{where[1]}/role", data={"role": "curator"}).status_code == 200
    assert curator.get("/lv/desk/").status_code == 302, "opening the account again does not open its sessions"
    assert desk.signed_in(Role.CURATOR).get("/lv/desk/").status_code == 200
