"""Pairs that may be duplicates at the desk: what the page shows, what each button does, and who comes second."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import duplicate_queue
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.listings.listing_names import names_by_public_id
from platforma.catalogue.models import Judgement, JudgementVerdict, Platform, PlatformState, Role
from tests.people.pairs import LATVIA, add_pairs, id_of, judgements, waiting
from tests.people.site_fixture import SiteFixture

PAGE = "/lv/desk/duplicates"
CURATOR = "curator@sic.example"
TIMEOUT_SECONDS = 60


@pytest.fixture
def site(tmp_path: Path) -> SiteFixture:
    site = SiteFixture(tmp_path)
    add_pairs(site)
    return site


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.get_data(as_text=True))


def form(page: str) -> dict[str, str]:
    """What the page's buttons send beside their decision."""
    fields = re.search(r'<form class="verdicts".*?</form>', page, re.S)
    assert fields
    return dict(re.findall(r'name="(left|right|skip)" value="([^"]*)"', fields[0]))


def decide(client: FlaskClient, decision: str, path: str = PAGE) -> str:
    """Press a button of the first pair, and return the page that follows."""
    sent = form(text(client, path)) | {"decision": decision}
    answer = client.post(path.partition("?")[0], data=sent)
    assert answer.status_code == 302
    return text(client, answer.location)


def undo(client: FlaskClient, page: str) -> str:
    """Take back what the page says was just decided, and return the page that follows."""
    said = re.search(r'<div class="notice said".*?</div>', page, re.S)
    assert said
    number = re.search(r'name="judgement" value="(\d+)"', said[0])
    assert number
    answer = client.post(f"{PAGE}/undo", data={"judgement": number[1]})
    assert answer.status_code == 302
    return text(client, answer.location)


def test_the_page_shows_both_side_by_side_with_what_differs_and_why(site: SiteFixture) -> None:
    client = site.signed_in()
    page = text(client, f"{PAGE}?pair={id_of(site, 'a1')}-{id_of(site, 'b1')}")
    assert "viens un tas pats tālruņa numurs" in page and page.count("attālums: 27 km") == 3, (
        "as a reason, below the map and as its text"
    )
    heads = re.findall(r'<tr role="row" class="([\w-]+)">(.*?)(?:<label|</th>)', page, re.S)
    states = {head.rpartition(">")[2].strip(): state for state, head in heads}
    assert states == {
        "Nosaukums": "differs", "Veids": "same", "Valsts": "same", "Vieta": "differs", "Tīmekļa vietne": "same", "E-pasts": "same",
        "Tālrunis": "same", "Īss teksts": "differs", "Platformas": "plain-row",
    }  # fmt: skip
    assert "<b>jauniešiem</b>" in page and "<b>pieaugušajiem</b>" in page and "<b>Dejas</b>" not in page
    assert '<svg viewBox="0 0 320 220"' in page and "Ja apvieno (1, 3), paliek" in page
    assert 'href="https://vejs.example"' in page and 'href="https://divi.example/dance"' in page


def test_near_places_are_told_in_words_alone(site: SiteFixture) -> None:
    near = [Record("n", title={"lv": "Rīta ceptuve"}, lat=57.0, lon=24.0, **LATVIA)]
    other = [Record("m", title={"lv": "Rīta ceptuve"}, lat=57.05, lon=24.05, **LATVIA)]
    add_pairs(site, near, other)
    page = text(site.signed_in(), f"{PAGE}?pair={id_of(site, 'n')}-{id_of(site, 'm')}")
    assert "attālums: 6,3 km" in page and "mini-map" not in page


@pytest.mark.parametrize(
    ("decision", "verdict", "said"),
    [
        ("same", "same", "Tas pats: apvienoti"),
        ("different", "different", "Nav tas pats"),
        ("translation", "translation", "Viens otra tulkojums: apvienoti"),
        ("left_part", "part_of", "Pirmais ir daļa no otrā"),
        ("right_part", "part_of", "Pirmais ir daļa no otrā"),
        ("later", "unsure", "Atlikts"),
    ],
)
def test_each_decision_is_made_said_and_undone(site: SiteFixture, decision: str, verdict: str, said: str) -> None:
    client = site.signed_in()
    before = waiting(site.database)
    page = decide(client, decision)
    assert f"<strong>{said}</strong>" in page
    assert judgements(site) == [(verdict, CURATOR, True)]
    left = [(pair.left, pair.right) for pair in waiting(site.database)]
    first = (before[0].left, before[0].right)
    assert (first in left) == (decision == "later") and left[0] != first
    page = undo(client, page)
    assert "Atsaukts:" in page and judgements(site) == [(verdict, CURATOR, False)]
    assert form(page)["left"] == before[0].left, "the pair is shown again"
    again = waiting(site.database)
    assert {(pair.left, pair.right, pair.score) for pair in again} == {(pair.left, pair.right, pair.score) for pair in before}


def test_part_of_names_the_part_first(site: SiteFixture) -> None:
    client = site.signed_in()
    sent = form(text(client, PAGE))
    client.post(PAGE, data=sent | {"decision": "right_part"})
    with site.database.reading() as session:
        (row,) = session.scalars(select(Judgement))
        ids = {row.left_id: "part", row.right_id: "whole"}
    with site.database.reading() as session:
        names = names_by_public_id(session, [sent["left"], sent["right"]])
    assert ids[names[sent["right"]].id] == "part"


def test_joined_is_one_listing_at_once_and_undone_two_again(site: SiteFixture) -> None:
    client, visitor = site.signed_in(), site.app.test_client()
    sent = form(text(client, PAGE))
    page = decide(client, "same")
    found = visitor.get("/api/v1/initiatives?q=zaļais pagalms").get_json()
    other = visitor.get("/api/v1/initiatives?q=kalnu bites").get_json()
    assert sorted((found["total"], other["total"])) == [1, 2]
    codes = sorted(visitor.get(f"/lv/initiatives/{sent[side]}/x").location or "" for side in ("left", "right"))
    assert codes[0].split("/")[3] == codes[1].split("/")[3], "both addresses lead to the one that stands"
    undo(client, page)
    assert [visitor.get(f"/api/v1/initiatives?q={words}").get_json()["total"] for words in ("zaļais pagalms", "kalnu bites")] == [
        2,
        2,
    ]


def test_the_place_in_the_queue_is_kept(site: SiteFixture) -> None:
    client = site.signed_in()
    second = text(client, f"{PAGE}?skip=1")
    assert "2. pāris no 3" in second and form(second)["skip"] == "1"
    after = decide(client, "different", f"{PAGE}?skip=1")
    assert "2. pāris no 2" in after
    last = decide(client, "different", f"{PAGE}?skip=1")
    assert "1. pāris no 1" in last, "behind the end stands the last"


def test_who_comes_second_is_told_what_was_decided_and_shown_the_next(site: SiteFixture) -> None:
    first, second = site.signed_in(), site.signed_in(Role.ADMIN)
    sent = form(text(second, PAGE))
    decide(first, "same")
    for decision in ("different", "same", "later"):
        answer = second.post(PAGE, data=sent | {"decision": decision})
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 409
        assert f"Pa šo laiku par šo pāri jau ir izlemts: „Tas pats: apvienoti” ({CURATOR}" in page
        assert form(page)["left"] != sent["left"], "the next pair"
    assert judgements(site) == [("same", CURATOR, True)]


def test_of_curators_who_decide_at_once_one_is_heard_on_each_database(site_on: SiteFixture) -> None:
    add_pairs(site_on)
    pair, verdicts = waiting(site_on.database)[0], list(JudgementVerdict)
    start = Barrier(len(verdicts))

    def decide_at_once(verdict: JudgementVerdict) -> bool:
        start.wait(TIMEOUT_SECONDS)
        try:
            with site_on.database.writing() as session:
                word = Word(f"{verdict}@sic.example", utc_now())
                duplicate_queue.decide(session, pair.left, pair.right, verdict, word)
        except BadState:
            return False
        return True

    with ThreadPoolExecutor(len(verdicts)) as pool:
        heard = [future.result(TIMEOUT_SECONDS) for future in [pool.submit(decide_at_once, verdict) for verdict in verdicts]]
    standing = [(verdict, by) for verdict, by, stands in judgements(site_on) if stands]
    assert len(standing) == 1 and standing[0][1] == f"{standing[0][0]}@sic.example"
    put_off = "unsure" in [verdict for verdict, _, stands in judgements(site_on) if not stands]
    assert sum(heard) == 1 + put_off, "what was put off is decided by the next one"


def test_a_decision_is_taken_back_once(site: SiteFixture) -> None:
    client, colleague = site.signed_in(), site.signed_in(Role.ADMIN)
    decide(client, "same")
    with site.database.reading() as session:
        number = session.scalars(select(Judgement.id)).one()
    assert colleague.post(f"{PAGE}/undo", data={"judgement": number}).status_code == 302
    answer = client.post(f"{PAGE}/undo", data={"judgement": number})
    assert answer.status_code == 409 and "jau ir atsaukts" in answer.get_data(as_text=True)
    for wrong in ("", "x", "0", "-1", "99999999999999999999"):
        assert client.post(f"{PAGE}/undo", data={"judgement": wrong}).status_code == 400
    assert client.post(f"{PAGE}/undo", data={"judgement": number + 1}).status_code == 404


def test_addresses_of_what_is_not_there_show_the_first_pair_or_say_so(site: SiteFixture) -> None:
    client = site.signed_in()
    for query in ("pair=a-b", "pair=x", f"pair={'-'.join('abc')}"):
        assert "Šis pāris vairs negaida lēmumu." in text(client, f"{PAGE}?{query}")
    for query in ("skip=x", "skip=-1", "done=99999999999999999999", "done=x", "undone=7"):
        assert "1. pāris no 3" in text(client, f"{PAGE}?{query}")
    assert "3. pāris no 3" in text(client, f"{PAGE}?skip=99")
    sent = form(text(client, PAGE))
    assert client.post(PAGE, data=sent | {"decision": "nonsense"}).status_code == 400
    assert client.post(PAGE, data=sent | {"decision": "same", "right": "nothere"}).status_code == 404
    assert client.post(PAGE, data=sent | {"decision": "same", "right": sent["left"]}).status_code == 400
    assert judgements(site) == []


def test_when_nothing_waits_the_page_says_so_and_what_was_decided_lately(site: SiteFixture) -> None:
    client = site.signed_in()
    for _ in range(3):
        page = decide(client, "different")
    assert "Neviens pāris negaida lēmumu." in page and page.count("<strong>Nav tas pats</strong>") == 4
    assert "Nesen izlemts" in page and CURATOR in page
    assert "Dublikāti</a> <span" not in text(client, "/lv/desk/")


@pytest.mark.parametrize(("lang", "told"), [("lv", "3 · kopš šodienas"), ("en", "3 · since today")])
def test_the_desk_tells_how_many_pairs_wait_and_since_when(site: SiteFixture, lang: str, told: str) -> None:
    assert told in text(site.signed_in(), f"/{lang}/desk/")


def test_what_was_put_off_is_counted(site: SiteFixture) -> None:
    assert "1 atlikts" in decide(site.signed_in(), "later")


def edit_page(client: FlaskClient, id: str) -> str:
    return text(client, f"/lv/desk/initiatives/{id}")


def test_the_page_of_a_listing_says_what_is_joined_with_it_and_parts_it(site: SiteFixture) -> None:
    client = site.signed_in()
    sent = form(text(client, PAGE))
    decide(client, "same")
    stands = next(id for id in sent.values() if client.get(f"/lv/desk/initiatives/{id}").status_code == 200)
    child = sent["left"] if stands == sent["right"] else sent["right"]
    page = edit_page(client, stands)
    assert "Apvienots ar šo ierakstu" in page and f"Tas pats: apvienoti · {CURATOR}" in page
    assert f'tas pats, kas cits ieraksts: apvienots – <a href="/lv/desk/initiatives/{child}"' in page, (
        "the history names the other"
    )
    answer = client.post(f"/lv/desk/initiatives/{stands}/parting", data={"other": child})
    page = text(client, answer.location)
    assert "Atdalīts: abi atkal ir atsevišķi ieraksti" in page and "Apvienots ar šo ierakstu" not in page
    assert "Lēmumi par dublikātiem" in page and f"atsaukts: {CURATOR}" in page
    answer = client.post(f"/lv/desk/initiatives/{stands}/parting", data={"other": child})
    assert answer.status_code == 409 and "nav apvienoti" in answer.get_data(as_text=True)
    (number,) = re.findall(r'name="judgement" value="(\d+)"', page)
    answer = client.post(f"{PAGE}/undo", data={"judgement": number, "back": stands})
    assert "Apvienots ar šo ierakstu" in text(client, answer.location), "the parting is taken back"


def test_a_listing_that_waits_names_what_it_probably_is(site: SiteFixture) -> None:
    """It is said where it can be published: in the list and on its own page."""
    with site.database.writing() as session:
        session.get_one(Platform, "divi").state = PlatformState.PROBATION
    records = [Record("w1", title={"lv": "Biedrība Kalnu bites"}, website="https://bites.example", **LATVIA)]
    import_records(site.database, "divi", records, actor="test", secret_key=site.services.secret_key)
    client, id = site.signed_in(), id_of(site, "w1")
    with site.database.reading() as session:
        found = duplicate_queue.pairs_of(session, [id])
    assert found
    for page in (text(client, "/lv/desk/listings"), edit_page(client, id)):
        assert "Iespējams, tas pats, kas" in page and "(publisks · viens)" in page
        (link,) = set(re.findall(rf'href="({PAGE}\?pair=[\w-]+)"', page))
        assert form(text(client, link))["left"] in link


def test_partners_and_readers_see_nothing_of_it(site: SiteFixture) -> None:
    assert site.signed_in(Role.PARTNER).get(PAGE).status_code == 403
    assert site.app.test_client().get(PAGE).status_code == 302
