"""Searches in vain beside the thesaurus: a new word with one click, another name, a dismissal, and what is found then."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from platforma.catalogue.terms import failed_searches, thesaurus
from tests.people.site_fixture import SiteFixture

pytestmark = pytest.mark.usefixtures("shipped_thesaurus")
ASKED = {"words": "cepējs", "search_lang": "lv"}


@pytest.fixture
def curator(site: SiteFixture) -> FlaskClient:
    """A curator of a site on which somebody searched for a baker, in vain."""
    visitor = site.app.test_client()
    assert visitor.get("/lv/search?q=cepējs").status_code == 200
    site.services.failed_searches.write()
    return site.signed_in()


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.unescape(answer.get_data(as_text=True))


def test_a_vain_search_leads_to_a_new_concept_and_is_tried_at_once(curator: FlaskClient) -> None:
    listed = text(curator, "/en/desk/searches")
    link = re.search(r'href="(/en/desk/concepts/new\?[^"]+)"', listed)
    assert link
    form = text(curator, link[1])
    assert 'name="words" value="cepējs"' in form and re.search(r'name="lv"[^>]*>\s*cepējs</textarea>', form)
    answer = curator.post("/en/desk/concepts/new", data={"lv": "cepējs", "en": "sun", "seen": "0"} | ASKED)
    result = text(curator, answer.location)
    assert "The search finds 1 listing now." in result and "/en/initiatives/" in result
    assert curator.post("/en/desk/searches/dismissed", data=ASKED | {"decision": "dismiss"}).status_code == 302
    assert "cepējs" not in text(curator, "/en/desk/searches")


def test_a_search_becomes_another_name_of_a_concept(site: SiteFixture, curator: FlaskClient) -> None:
    offered = text(curator, "/en/desk/searches/name?words=cepējs&search_lang=lv&q=food+bank")
    assert 'name="concept" value="food_bank"' in offered and "“cepējs” as another name of" in offered
    sent = ASKED | {"concept": "food_bank", "seen": "0"}
    assert "still finds nothing" in text(curator, curator.post("/en/desk/searches/name", data=sent).location)
    with site.database.reading() as session:
        assert "cepējs" in thesaurus.concept(session, "food_bank").names["lv"]
    assert curator.post("/en/desk/searches/name", data=sent | {"concept": "wise"}).status_code == 400, "it belongs to another"
    again = curator.post("/en/desk/searches/name", data=sent | {"words": "maiznieks"})
    assert again.status_code == 409 and "Look at it" in again.get_data(as_text=True)


def test_a_dismissed_search_is_not_asked_about_until_that_is_taken_back(site: SiteFixture, curator: FlaskClient) -> None:
    decided = ASKED | {"decision": "dismiss"}
    assert curator.post("/en/desk/searches/dismissed", data=decided).status_code == 302
    site.app.test_client().get("/lv/search?q=cepējs")
    site.services.failed_searches.write()
    assert "cepējs" not in text(curator, "/en/desk/searches"), "also when it is made again"
    second = curator.post("/en/desk/searches/dismissed", data=decided)
    assert second.status_code == 409 and "curator@sic.example has dismissed" in second.get_data(as_text=True)
    assert "cepējs" in text(curator, "/en/desk/searches/dismissed")
    assert curator.post("/en/desk/searches/dismissed", data=ASKED | {"decision": "again"}).status_code == 302
    assert "cepējs" in text(curator, "/en/desk/searches")
    with site.database.reading() as session:
        assert [(row.words, row.times) for row in failed_searches.most_frequent(session)] == [("cepējs", 2)]
    assert curator.post("/en/desk/searches/dismissed", data=decided | {"words": "nekas"}).status_code == 404


def test_a_change_is_tried_before_it_is_saved(site: SiteFixture, curator: FlaskClient) -> None:
    draft = {"lv": "cepējs", "en": "sun", "seen": "0", "searches": "cepējs\nmaize\n\ncepējs", "action": "try"}
    tried = html.unescape(curator.post("/en/desk/concepts/new", data=draft).get_data(as_text=True))
    assert "“cepējs”: 0 now, 1 with the change" in tried and "New, for example:" in tried
    assert tried.count("with the change") == 2
    with site.database.reading() as session:
        assert thesaurus.matching(thesaurus.concepts(session), "cepējs") == []
    assert site.app.test_client().get("/api/v1/initiatives?q=cepējs").get_json()["total"] == 0, "nothing is saved"
    refused = curator.post("/en/desk/concepts/new", data=draft | {"en": ""})
    assert refused.status_code == 400 and "cepējs" in refused.get_data(as_text=True)


def test_after_a_conflict_the_form_can_be_saved(curator: FlaskClient) -> None:
    first, second = ({"lv": name, "en": "WISE", "seen": "0"} for name in ("Pirmais", "Otrais"))
    assert curator.post("/en/desk/concepts/wise", data=first).status_code == 302
    answer = curator.post("/en/desk/concepts/wise", data=second)
    seen = re.search(r'name="seen" value="(\d+)"', answer.get_data(as_text=True))
    assert answer.status_code == 409 and seen
    assert curator.post("/en/desk/concepts/wise", data=second | {"seen": seen[1]}).status_code == 302
