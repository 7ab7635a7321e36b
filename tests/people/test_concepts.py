"""Curators change the thesaurus at the desk, and searches follow at once, without a new index."""

from __future__ import annotations

import html
import re

import pytest

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import ConceptEdit, Role
from platforma.catalogue.terms import live_thesaurus, thesaurus
from platforma.catalogue.terms.live_thesaurus import LiveThesaurus
from platforma.catalogue.terms.thesaurus import Draft
from tests.people.desk import GIVEN
from tests.people.site_fixture import SiteFixture
from vocabulary import load

pytestmark = pytest.mark.usefixtures("shipped_thesaurus")


def found(site: SiteFixture, words: str) -> list[str]:
    items = site.app.test_client().get(f"/api/v1/initiatives?q={words}").get_json()["items"]
    return [one["title"] for one in items]


def test_a_new_concept_is_searched_by_at_once_and_a_removed_one_no_more(site: SiteFixture) -> None:
    client = site.signed_in()
    assert found(site, "cepējs") == []
    assert client.post("/lv/desk/concepts/new", data=GIVEN).location == "/lv/desk/concepts/"
    assert found(site, "cepējs") == ["Saules maize"]
    listed = client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
    assert "cepējs · maizes meistars" in listed and "redaktoru pievienots" in listed
    link = listed.split('<h2><a href="')[1].split('"')[0]
    assert client.post(link, data={"action": "remove", "seen": "1"}).status_code == 302
    assert found(site, "cepējs") == []
    assert "Šis jēdziens ir noņemts" in client.get(link).get_data(as_text=True)
    assert client.post(link, data={"action": "restore", "seen": "2"}).status_code == 302
    assert found(site, "cepējs") == ["Saules maize"]


@pytest.mark.parametrize(
    ("lang", "shown"), [("lv", ["Tas ir daļa no", "bezpajumtniecība · izglītība", "Tuvi jēdzieni: pārtikas banka"]),
                        ("en", ["It is a part of: homelessness · education", "Near it: food bank"])]
)  # fmt: skip
def test_the_history_tells_what_it_was_a_part_of_and_near_to(site: SiteFixture, lang: str, shown: list[str]) -> None:
    client = site.signed_in()
    relations = {"broader": "homelessness\ntheme:education", "related": "food bank"}
    client.post("/lv/desk/concepts/new", data=GIVEN | relations)
    listed = client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
    link = listed.split('<h2><a href="')[1].split('"')[0].replace("/lv/", f"/{lang}/")
    seen = html.unescape(client.get(link).get_data(as_text=True))
    assert client.post(link, data=GIVEN | {"seen": "1"}).status_code == 302, "the second change takes them away"
    history = re.sub(r"\s+", " ", html.unescape(client.get(link).get_data(as_text=True)).rsplit("<h2>", 1)[1])
    first = re.sub(r"\s+", " ", seen.rsplit("<h2>", 1)[1])
    for words in shown:
        assert first.count(words) == 1
        assert history.count(words) == 1, "the entry of then stays, that of now has none"


def test_another_process_follows_when_it_is_time_to_look(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(live_thesaurus, "use_thesaurus", lambda entries: taken.append(len(list(entries))))
    other = LiveThesaurus(site.database)
    other.refresh()
    with site.database.writing() as session:
        thesaurus.save(session, concept_id=None, draft=Draft({"lv": ["cepējs"], "en": ["sun"]}), actor="anna")
    other.refresh()
    assert len(taken) == 1, "it looked again too soon"
    monkeypatch.setattr(other, "_next_look_at", 0.0)
    other.refresh()
    assert taken == [len(load().thesaurus), len(load().thesaurus) + 1]
    other.refresh(now=True)
    assert len(taken) == 2, "nothing had changed"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lv": " "}, "Ierakstiet vismaz vienu nosaukumu"),
        ({"lv": "pārtikas banka"}, "„pārtikas banka” jau ir pie jēdziena „pārtikas banka”"),
        ({"en": "\n".join(f"word {n}" for n in range(13))}, "Ierakstiet ne vairāk kā 12 nosaukumus"),
        ({"lv": "<script>" + "a" * 100}, "ir garāks par 80 rakstzīmēm"),
    ],
)
def test_what_was_wrong_is_said_beside_what_was_typed(site: SiteFixture, given: dict[str, str], said: str) -> None:
    answer = site.signed_in().post("/lv/desk/concepts/new", data=GIVEN | given)
    text = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert said in text and "use" in text
    assert "<script>a" not in answer.get_data(as_text=True)


def test_a_conflict_keeps_what_was_typed(site: SiteFixture) -> None:
    client = site.signed_in()
    shipped = load().thesaurus["wise"]
    first, second = ({"lv": f"{name}", "en": "WISE", "source": shipped.source, "seen": "0"} for name in ("Pirmais", "Otrais"))
    assert client.post("/en/desk/concepts/wise", data=first).status_code == 302
    answer = client.post("/en/desk/concepts/wise", data=second)
    assert answer.status_code == 409
    assert "Somebody else has changed this concept" in answer.get_data(as_text=True) and "Otrais" in answer.get_data(as_text=True)
    assert "Pirmais" in client.get("/en/desk/concepts/wise").get_data(as_text=True)


def test_a_concept_is_headed_by_its_name_in_the_language_of_the_page(site: SiteFixture) -> None:
    client = site.signed_in()
    lv, en = (load().thesaurus["food_bank"].names[lang][0] for lang in ("lv", "en"))
    for page, name in (("lv", lv), ("en", en)):
        assert f">{name}</h1>" in client.get(f"/{page}/desk/concepts/food_bank").get_data(as_text=True)


def test_a_concept_without_a_name_in_the_language_of_the_page_is_headed_by_the_other_one(site: SiteFixture) -> None:
    with site.database.writing() as session:
        session.add(ConceptEdit(id="own-1", version=1, names={"lv": ["tikai latviski"]}, source="", at=utc_now()))
    text = site.signed_in().get("/en/desk/concepts/own-1").get_data(as_text=True)
    assert '<h1 lang="lv">tikai latviski</h1>' in text


def test_pages_have_their_empty_and_long_states(site: SiteFixture) -> None:
    client = site.signed_in()
    assert "Šādu vārdu nav nevienā jēdzienā" in client.get("/lv/desk/concepts/?q=xyzzy").get_data(as_text=True)
    first = client.get("/en/desk/concepts/").get_data(as_text=True)
    assert first.count("<h2>") == 50 and f"{len(load().thesaurus)} concepts" in first and "skip=50" in first
    assert "Back to the first" in client.get("/en/desk/concepts/?skip=9999").get_data(as_text=True)
    assert client.get("/en/desk/concepts/nope").status_code == 404


def test_only_curators_see_and_change_it(site: SiteFixture) -> None:
    assert "/lv/sign-in" in site.app.test_client().get("/lv/desk/concepts/").location
    assert site.signed_in(Role.PARTNER).post("/lv/desk/concepts/new", data=GIVEN).status_code == 403


def test_what_a_concept_is_a_part_of_is_written_by_name_and_searched_by_at_once(site: SiteFixture) -> None:
    client = site.signed_in()
    wider = {"lv": "amats ar miltiem", "en": "trade of flour", "source": "use"}
    client.post("/lv/desk/concepts/new", data=wider)
    assert found(site, "amats ar miltiem") == []
    wrong = client.post("/lv/desk/concepts/new", data=GIVEN | {"broader": "nekas tāds"})
    text = html.unescape(wrong.get_data(as_text=True))
    assert wrong.status_code == 400 and "Nav ne cita jēdziena, ne jomas ar nosaukumu „nekas tāds”" in text and "cepējs" in text
    tried = client.post(
        "/lv/desk/concepts/new", data=GIVEN | {"broader": "Amats ar miltiem", "action": "try", "searches": "amats ar miltiem"}
    )
    assert "tagad 0, ar izmaiņām 1" in html.unescape(tried.get_data(as_text=True)) and found(site, "amats ar miltiem") == []
    client.post("/lv/desk/concepts/new", data=GIVEN | {"broader": "Amats ar miltiem\nizglītība", "related": "pārtikas banka"})
    assert found(site, "amats ar miltiem") == ["Saules maize"], "by the name of its part"
    listed = client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
    page = client.get(listed.split('<h2><a href="')[1].split('"')[0]).get_data(as_text=True)
    assert "amats ar miltiem\nizglītība</textarea>" in page and "pārtikas banka</textarea>" in page
    whole = client.get(client.get("/lv/desk/concepts/?q=miltiem").get_data(as_text=True).split('<h2><a href="')[1].split('"')[0])
    assert "Tā daļas" in whole.get_data(as_text=True) and "cepējs</a>" in whole.get_data(as_text=True)
