"""What people send by mistake: forms that are refused, sent twice, sent too late or made up keep what was written and say why."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from crawlers.reasons import Reason
from platforma.catalogue.listings import listing_queries
from platforma.worker.indexing import ensure_index
from tests.people.desk import NO_TITLE, Desk, recipe_form, records, unmapped_crawl
from tests.people.editing import Form, saved
from tests.people.site_fixture import SiteFixture, public_id


def test_a_refused_value_stays_in_its_field_beside_the_reason(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    answer = saved(client, id, website="saules-maize.lv")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    field = re.search(r'<input type="text" id="website" name="website" value="saules-maize.lv"[^>]*aria-invalid="true"', text)
    assert field, "what was typed stands in the field"
    assert '<a href="#website">Tīmekļa vietne: Adrese sākas ar' in text


def test_the_second_of_two_edits_keeps_what_was_written(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    first, second = Form.open(client, id), Form.open(client, id)
    assert first.type(description_lv="Pirmais").send().status_code == 302
    answer = second.type(description_lv="Otrais, <garš> teksts").send()
    assert answer.status_code == 409
    assert re.search(r"<textarea[^>]*>\s*Otrais, &lt;garš&gt; teksts</textarea>", answer.get_data(as_text=True))
    assert "tagad tur rakstīts: Pirmais" in answer.get_data(as_text=True)


def test_a_form_that_is_sent_twice_is_no_conflict(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    form = Form.open(client, id).type(place="Valmiera ")
    assert [form.send().status_code for _ in range(2)] == [302, 302]
    form = Form.open(client, id)
    assert [form.send(form.button("release", "place")).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize(
    ("made_up", "status"),
    [
        ({"seen-title-lv": "abc"}, 409),
        ({"seen-title-lv": ""}, 409),
        ({"seen-nope": "", "nope": "x"}, 400),
        ({f"seen-title-{'x' * 100}": "", f"title-{'x' * 100}": "x"}, 400),
        ({"do": "nonsense"}, 400),
        ({"do": "take/title-lv/avots"}, 400),
        ({"do": "take/nope/avots/abc"}, 409),
    ],
)
def test_a_made_up_edit_is_refused(site: SiteFixture, made_up: dict[str, str], status: int) -> None:
    client, id = site.signed_in(), public_id(site)
    form = Form.open(client, id).type(title_lv="Cits")
    data = form.inputs | {"do": "save"} | made_up
    assert client.post(f"/lv/desk/initiatives/{id}", data=data).status_code == status
    assert "Cits" not in client.get(f"/lv/initiatives/{id}/saules-maize").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"crawls/{10**20}", 405), (f"crawls/{10**20}.csv", 404), ("crawls/9999?skip=5", 404)],
)
def test_numbers_that_no_database_holds_are_pages_that_are_not(site: SiteFixture, path: str, status: int) -> None:
    assert site.signed_in().get(f"/lv/desk/{path}").status_code == status


@pytest.mark.parametrize("path", ["listings", "sources/v", "concepts/"])
def test_an_entry_beyond_all_is_no_fault_of_ours(desk: Desk, path: str) -> None:
    assert desk.signed_in().get(f"/lv/desk/{path}?skip={10**20}").status_code == 200


def test_an_unsure_removal_keeps_its_reason_and_can_be_read_in_the_other_language(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    answer = client.post(f"/lv/desk/initiatives/{id}/removal", data={"reason": "Lūdza pati organizācija"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "<details open>" in text
    assert 'name="reason" value="Lūdza pati organizācija"' in text
    assert 'href="#removal-reason"' in text
    (other,) = re.findall(r'<a href="([^"]+)" hreflang="en" lang="en">', text)
    assert client.get(other).status_code == 200


def test_nothing_brings_a_removed_listing_back(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    form = Form.open(client, id).type(title_lv="Cits")
    client.post(f"/lv/desk/initiatives/{id}/removal", data={"reason": "lūdza", "sure": "1"})
    site.end_of_undoing()
    refused = client.post(f"/lv/desk/initiatives/{id}/decision", data={"decision": "refuse", "reason": "vecā cilnē"})
    assert refused.status_code == 409
    assert form.send().status_code == 409
    assert client.get(f"/lv/desk/initiatives/{id}").status_code == 410
    assert site.app.test_client().get(f"/lv/initiatives/{id}/").status_code == 410


def test_a_decision_that_was_made_is_told_in_the_readers_language(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    twice = {lang: client.post(f"/{lang}/desk/initiatives/{id}/decision", data={"decision": "publish"}) for lang in ("lv", "en")}
    assert [answer.status_code for answer in twice.values()] == [409, 409]
    assert "jau ir izlemts" in twice["lv"].get_data(as_text=True)
    assert "decided on already" in twice["en"].get_data(as_text=True)


def refuse(curator: FlaskClient, id: str) -> int:
    """Refuse a listing from its own page."""
    page = curator.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    form = {"decision": "refuse", "reason": "Dublikāts", "version": version[1]}
    return curator.post(f"/lv/desk/initiatives/{id}/state", data=form).status_code


def test_the_history_is_told_in_the_readers_language(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    saved(client, id, place="Valmiera")
    assert refuse(client, id) == 302
    text = client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    assert "mainīts: Vieta" in text
    assert "noraidīts: Dublikāts" in text


def test_what_a_signed_out_form_says(site: SiteFixture) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    client = site.app.test_client()
    expired = client.post("/lv/desk/concepts/new", data={"lv": "vārds"})
    assert expired.status_code == 400
    assert "<h1>Veidlapai beidzies termiņš" in expired.get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/lv/register").get_data(as_text=True))
    assert token
    signed_out = client.post("/lv/desk/concepts/new", data={"lv": "vārds", "csrf_token": token[1]})
    assert signed_out.status_code == 401
    assert "<h1>Sesija ir beigusies" in signed_out.get_data(as_text=True)


def test_a_form_may_stay_open_for_hours(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    client = site.app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/lv/register").get_data(as_text=True))
    assert token
    monkeypatch.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: int(time.time()) + 7200)
    answer = client.post("/lv/register", data={"url": "", "csrf_token": token[1]})
    assert "Ierakstiet savas vietnes adresi" in answer.get_data(as_text=True)


def test_too_long_a_form_is_told(site: SiteFixture) -> None:
    answer = site.signed_in().post("/lv/desk/concepts/new", data={"lv": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "Tas ir pārāk daudz" in answer.get_data(as_text=True)


def test_pages_that_are_not_lead_into_the_other_language(site: SiteFixture) -> None:
    client = site.app.test_client()
    (other,) = re.findall(r'<a href="([^"]+)" hreflang="en"', client.get("/lv/nav-tādas").get_data(as_text=True))
    assert client.get(other).status_code == 200


def test_choices_of_a_refused_mapping_stay_chosen(desk: Desk) -> None:
    unmapped_crawl(desk)
    curator = desk.signed_in()
    page = desk.text(curator, "/lv/desk/sources/v/mapping")
    sent = dict(re.findall(r'<input type="hidden" name="((?:dimension|text|name)-\d+)" value="([^"]*)"', page))
    assert {"text-1", "name-1"} <= sent.keys(), "a value and a field wait"
    answer = curator.post("/lv/desk/sources/v/mapping", data=sent | {"choice-1": "culture", "field-1": "place", "seen": "99"})
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert '<option value="culture" selected>' in text
    assert '<option value="place" selected>' in text
    assert f"„{sent['text-1']}”" in text


def test_a_used_up_link_of_a_platform_leads_to_registering(site: SiteFixture) -> None:
    text = site.app.test_client().get("/lv/register/used-up").get_data(as_text=True)
    main = text.partition("<main")[2].partition("</main>")[0]
    assert main.count('href="/lv/register"') == 1 and 'href="/lv/sign-in"' not in main


def test_a_held_crawl_is_named_by_its_platform(desk: Desk) -> None:
    desk.crawl(records(20))
    desk.crawl(records(3))
    assert ">Vietne</a></h2>" in desk.text(desk.signed_in(), "/lv/desk/crawls")


def test_why_a_site_could_not_be_read_is_told_in_the_readers_language(desk: Desk) -> None:
    gone, values = "the page is gone (%(status)s); take it off the list, or bring it back", {"status": "404"}
    values["url"] = "https://v.example/x"
    report = desk.crawl([], complete=False, failure=f"https://v.example/x: {gone % values}", reason=gone, values=values)
    assert report.failure == f"https://v.example/x: {gone % values}"
    text = desk.text(desk.signed_in(), f"/lv/desk/crawls/{report.crawl_id}")
    assert "Lapas vairs nav (404) (https://v.example/x). Izņemiet to no saraksta" in text


def test_a_form_is_taken_though_no_worker_can_be_woken(site: SiteFixture) -> None:
    settings = site.services.settings.model_copy(update={"queue_url": "redis://127.0.0.1:9"})
    site.app.extensions["platforma"] = replace(site.services, settings=settings)
    curator, id = site.signed_in(), public_id(site)
    assert refuse(curator, id) == 302
    assert site.app.test_client().get(f"/lv/initiatives/{id}/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": " "}, "title: ierakstiet platformas nosaukumu"),
        ({"url": ""}, "url: „” nav adrese"),
        ({"url": "javascript:alert(1)"}, "url: „javascript:alert(1)” nav adrese"),
        ({"rest": "values: {theme: {Foo: nonsense}}"}, "values.theme.Foo: „nonsense” nav šajā sarakstā"),
        ({"rest": "defaults: {themes: [nope], kind: shop}"}, "defaults.kind: „shop” nav šajā sarakstā"),
        ({"rest": "defaults: {kind: 5}"}, "defaults.kind: „5” nav šajā sarakstā"),
        ({"rest": "2024-01-01: x"}, "atslēga ir teksts; rakstiet to pēdiņās"),
    ],
)
def test_a_recipe_that_cannot_work_is_not_saved(desk: Desk, changed: dict[str, str], says: str) -> None:
    curator = desk.signed_in()
    answer = curator.post("/lv/desk/sources/v/recipe", data=recipe_form(desk, curator, **changed))
    assert answer.status_code == 400
    assert says in html.unescape(answer.get_data(as_text=True))


def test_a_platform_is_called_what_its_recipe_calls_it(desk: Desk) -> None:
    curator = desk.signed_in()
    answer = curator.post("/en/desk/sources/v/recipe", data=recipe_form(desk, curator, title="Jaunā\x01 vie\x1btne"))
    assert answer.status_code == 302
    assert "<h1>Jaunā vietne</h1>" in desk.text(curator, "/lv/desk/sources/v"), "without what no file can hold"
    ensure_index(desk.services)
    assert "Jaunā vietne" in desk.text(desk.app.test_client(), "/lv/platforms/")
    with desk.database.reading() as session:
        own = listing_queries.listing_of_platform(session, "v")
    assert own is not None and own.title("lv").text == "Jaunā vietne"


def test_beyond_the_last_crawl_and_problem_nothing_untrue_is_said(desk: Desk) -> None:
    curator, report = desk.signed_in(), desk.crawl(records(3), NO_TITLE)
    crawls = desk.text(curator, "/lv/desk/sources/v?skip=400")
    assert "vēl nav apskatīta" not in crawls and "Atpakaļ pie pirmajiem" in crawls
    assert "Visu izdevās pārņemt" not in desk.text(curator, f"/lv/desk/crawls/{report.crawl_id}?skip=400")


def test_a_refused_name_of_a_concept_is_marked(desk: Desk) -> None:
    text = desk.signed_in().post("/lv/desk/concepts/new", data={"lv": "vārds", "en": ""}).get_data(as_text=True)
    assert re.search(r'<textarea id="en"[^>]*aria-invalid="true"[^>]*aria-describedby="en-hint en-error"', text)


def test_what_happened_to_one_record_is_told_of_one(desk: Desk) -> None:
    report = desk.crawl(records(1))
    assert "<li>jauns: Ieraksts 0" in desk.text(desk.signed_in(), f"/lv/desk/crawls/{report.crawl_id}")


def test_an_address_does_not_begin_with_a_capital_letter() -> None:
    reason = Reason.from_text("https://v.example/: no answer; try again.")
    assert (reason.what, reason.advice) == ("https://v.example/: no answer.", "Try again.")
