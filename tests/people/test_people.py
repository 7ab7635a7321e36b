"""Partners and curators: whole journeys over forms, mails and links."""

from __future__ import annotations

import pytest

from crawlers.record import Record
from crawlers.state import CrawlResult
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import PlatformState, Role
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.mail.delivery import deliver_due
from platforma.secret_key import secret_key
from tests.people.editing import Form
from tests.people.inbox import text_of
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture, public_id
from tests.web.site import RECORDS


def test_signing_in_by_a_link_that_works_once(site: SiteFixture) -> None:
    with site.database.writing() as session:
        accounts.add_user(session, email="Redaktors@sic.example", role=Role.CURATOR, actor="test")
    client = site.app.test_client()
    assert "redaktors@sic.example" in client.post("/lv/sign-in", data={"email": "redaktors@sic.example"}).get_data(as_text=True)
    link = site.link()
    assert client.get(link).status_code == 200
    answer = client.post(link)
    assert answer.location == "/lv/desk/"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert client.get("/lv/desk/").status_code == 200
    assert site.app.test_client().post(link).status_code == 410
    client.post("/lv/sign-out")
    assert "/lv/sign-in" in client.get("/lv/desk/").location


def test_an_unknown_address_learns_nothing_and_gets_no_mail(site: SiteFixture) -> None:
    answer = site.app.test_client().post("/lv/sign-in", data={"email": "nobody@sic.example"})
    assert answer.status_code == 200
    assert deliver_due(site.database, site.services.settings) == 0


def test_links_are_sent_a_few_times_only(site: SiteFixture) -> None:
    with site.database.writing() as session:
        accounts.add_user(session, email="a@sic.example", role=Role.CURATOR, actor="test")
    sent = []
    for _ in range(9):
        site.app.test_client().post("/lv/sign-in", data={"email": "a@sic.example"})
        sent.append(deliver_due(site.database, site.services.settings))
    assert sent == 5 * [1] + 4 * [0]


def test_only_curators_are_told_why_results_come_in_their_order(site: SiteFixture) -> None:
    assert "Kāpēc šie rezultāti" not in site.app.test_client().get("/lv/search?q=maize").get_data(as_text=True)
    told = site.signed_in().get("/lv/search?q=maize").get_data(as_text=True)
    assert "Kāpēc šie rezultāti" in told and "title_keys has &#39;lv:maize&#39;" in told


def test_each_is_shown_the_links_that_are_theirs_in_their_language_whoever_came_before(site: SiteFixture) -> None:
    visitor, partner, curator = site.app.test_client(), site.signed_in(Role.PARTNER), site.signed_in()
    words = {"lv": ("Ienākt", "Darba galds", "Par šo vietni"), "en": ("Sign in", "Desk", "About this site")}
    for client, has_sign_in, has_desk in 2 * [(curator, False, True), (visitor, True, False), (partner, False, False)]:
        for lang, (sign_in, desk, about) in words.items():
            text = client.get(f"/{lang}/search").get_data(as_text=True)
            assert (f">{sign_in}<" in text, f">{desk}<" in text, about in text) == (has_sign_in, has_desk, True)


def test_the_desk_is_for_curators_only(site: SiteFixture) -> None:
    assert site.app.test_client().get("/lv/desk/listings").status_code == 302
    assert site.signed_in(Role.PARTNER).get("/lv/desk/").status_code == 403
    assert site.signed_in(Role.ADMIN).get("/lv/desk/").status_code == 200


def test_closing_an_account_ends_its_sessions(site: SiteFixture) -> None:
    client = site.signed_in()
    with site.database.writing() as session:
        user = accounts.find_user(session, "curator@sic.example")
        assert user
        accounts.close_account(session, user_id=user.id, actor="test")
    assert client.get("/lv/desk/").status_code == 302


def test_forms_without_their_token_are_refused(site: SiteFixture) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    assert site.app.test_client().post("/lv/register", data={"url": "https://x.example"}).status_code == 400


def test_a_platform_goes_from_proposal_to_public(site: SiteFixture) -> None:
    client = site.app.test_client()
    ask_for_link(site, "https://partneris.lv", "info@partneris.lv", client=client)
    link = site.link()
    assert "partneris.lv" in client.get(link).get_data(as_text=True)
    with site.database.reading() as session:
        assert platform_queries.platforms_in(session, (PlatformState.PROPOSED,)) == []
    assert client.post(link).status_code == 200
    assert client.post(link).status_code == 410
    curator = site.signed_in()
    assert "partneris.lv" in curator.get("/lv/desk/platforms").get_data(as_text=True)
    refused = curator.post("/lv/desk/platforms/partneris-lv", data={"decision": "refuse", "reason": " "})
    assert "norādiet iemeslu" in refused.get_data(as_text=True)
    assert "partneris.lv" not in client.get("/lv/platforms/").get_data(as_text=True)
    curator.post("/en/desk/platforms/partneris-lv", data={"decision": "approve"})
    assert "partneris.lv" in client.get("/lv/platforms/").get_data(as_text=True)
    assert "Viss ir paveikts" in curator.get("/lv/desk/").get_data(as_text=True)


@pytest.mark.parametrize(("decision", "says"), [("approve", "katalogā"), ("refuse", "Tur nav iniciatīvu")])
def test_the_partner_is_told_in_the_language_of_the_proposal(site: SiteFixture, decision: str, says: str) -> None:
    client = site.app.test_client()
    ask_for_link(site, "https://partneris.lv", "info@partneris.lv", client=client)
    client.post(site.link())
    site.signed_in().post("/en/desk/platforms/partneris-lv", data={"decision": decision, "reason": "Tur nav iniciatīvu"})
    mail = site.last_mail()
    assert (mail["To"], mail["Content-Language"]) == ("info@partneris.lv", "lv")
    assert says in text_of(mail)


def test_more_listings_than_one_page_are_reached(site: SiteFixture) -> None:
    with site.database.writing() as session:
        recipe = {"platform": "daudz", "title": "Daudz", "url": "https://daudz.example/"}
        platform_states.propose_platform(
            session, platform_states.Proposal(url="https://daudz.example/", title="Daudz", recipe=recipe), actor="t"
        )
        platform_states.approve_platform(session, platform_id="daudz", actor="t", trusted=False)
    stored = start_crawl(site.database, "daudz")
    for number in range(25):
        stored.stage(Record(f"n{number:02}", title={"lv": f"Jauns {number}"}), None)
    finish_crawl(site.database, stored, CrawlResult(True, 25, 0), secret_key=secret_key(site.services.settings))
    curator = site.signed_in()
    first = curator.get("/lv/desk/listings").get_data(as_text=True)
    assert "Jauns 19" in first and "Jauns 20" not in first
    assert "gaida 25" in first
    assert "Jauns 24" in curator.get("/lv/desk/listings?skip=20").get_data(as_text=True)
    assert "Atpakaļ pie pirmajiem" in curator.get("/lv/desk/listings?skip=40").get_data(as_text=True)


def test_searches_in_vain_are_told_without_personal_data(site: SiteFixture) -> None:
    client, curator = site.app.test_client(), site.signed_in()
    for words in (
        "Nekurienes  kopiena",
        "nekurienes kopiena",
        "janis@example.lv",
        "29123456789",
        "https://x.example/y",
        "x" * 90,
    ):
        client.get("/lv/search", query_string={"q": words})
    site.services.failed_searches.write()
    text = curator.get("/lv/desk/searches").get_data(as_text=True)
    assert "nekurienes kopiena" in text and "2 reizes" in text
    assert not any(word in text for word in ("janis", "29123", "x.example", "xxxxx"))
    assert client.get("/lv/desk/searches").status_code == 302


def test_a_listing_is_removed_for_good_from_the_desk(site: SiteFixture) -> None:
    curator, id = site.signed_in(), public_id(site)
    where = f"/lv/desk/initiatives/{id}"
    assert curator.post(f"{where}/removal", data={"reason": "lūdza", "sure": ""}).status_code == 400
    shown = site.app.test_client().get(f"/lv/initiatives/{id}/", follow_redirects=True)
    assert shown.status_code == 200 and "Saules maize" in shown.get_data(as_text=True)
    assert curator.post(f"{where}/removal", data={"reason": "lūdza", "sure": "1"}).status_code == 302
    assert site.app.test_client().get(f"/lv/initiatives/{id}/").status_code == 404, "hidden at once"
    site.end_of_undoing()
    assert site.app.test_client().get(f"/lv/initiatives/{id}/").status_code == 410
    import_records(site.database, "avots", RECORDS, actor="test", secret_key=secret_key(site.services.settings))
    assert "Saules maize" not in site.app.test_client().get("/lv/search?q=saules").get_data(as_text=True)


@pytest.mark.parametrize(
    "url", ["", "nav adrese", "ftp://x.lv", "https://u:p@x.lv", "https://x.lv:22", "http://localhost/", "http://10.0.0.1/"]
)
def test_an_address_that_cannot_be_read_is_refused_and_kept_as_it_was_typed(site: SiteFixture, url: str) -> None:
    answer = site.app.test_client().post("/en/register", data={"url": url})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.get_data(as_text=True) and f'value="{url}"' in answer.get_data(as_text=True).replace(
        "https://nav", "nav"
    )


@pytest.mark.parametrize("email", ["", "x", "a@b\nBcc: c@d.lv"])
def test_an_address_that_no_mail_reaches_is_refused(site: SiteFixture, email: str) -> None:
    answer = ask_for_link(site, "https://x.lv", email)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert deliver_due(site.database, site.services.settings) == 0


def test_an_edit_stands_over_the_source_until_it_is_released(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)

    def act(action: str, value: str = "") -> int:
        form = Form.open(client, id)
        sent = form.type(title_lv=value).send() if action == "set" else form.send(form.button(action, "title-lv"))
        return sent.status_code

    listing = client.get(f"/lv/initiatives/{id}/saules-maize")
    assert f'href="/lv/desk/initiatives/{id}"' in listing.get_data(as_text=True)
    assert act("set", "Mūsu nosaukums") == 302
    assert "Mūsu <mark>nosaukums</mark>" in client.get("/lv/search?q=nosaukums").get_data(as_text=True)
    changed = next(r for r in RECORDS if r.remote_id == "1").to_json() | {"title": {"lv": "Avota jaunais", "en": "New"}}
    record = type(RECORDS[0]).from_json(changed)
    import_records(site.database, "avots", [record], actor="test", secret_key=secret_key(site.services.settings))
    page = client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    assert "Mūsu nosaukums" in page
    assert "tagad raksta: Avota jaunais" in page
    assert act("keep") == 302
    assert "tagad raksta" not in client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    assert act("release") == 302
    assert "<h1>Avota jaunais</h1>" in client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    assert act("set", " ") == 400


def test_the_second_of_two_edits_is_told(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    first, second = Form.open(client, id), Form.open(client, id)
    assert first.type(place="Valmiera").send().status_code == 302
    answer = second.type(place="Cēsu novads").send()
    assert answer.status_code == 409
    assert "Cēsu novads" in answer.get_data(as_text=True)
