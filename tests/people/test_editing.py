"""One form saves what a person changed of a listing, and nothing else; what was typed is never lost."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Identifier, Record
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Event, Initiative, Role, Value
from platforma.catalogue.models import Record as Row
from platforma.cli.main import main
from platforma.secret_key import secret_key
from platforma.services import Services
from platforma.worker.indexing import ensure_index
from tests.people.editing import Form, saved
from tests.people.site_fixture import SiteFixture
from tests.web.site import settings_in

FULL = Record(
    "1", url="https://pirma.example/1", kind="social_enterprise", title={"lv": "Kopienas pagalms", "et": "Õu"},
    summary={"lv": "Avota  kopsavilkums"}, description={"lv": "Avota apraksts\n\notrā rindkopa"},
    country="LV", countries=("LV", "EE"), region="Vidzeme", place="Cēsis", address="Lauku iela 1", lat=57.31, lon=25.27,
    sectors=("private",), themes=("culture", "youth"), legal_form="SIA", identifiers=(Identifier("LV-RE", "40003032949"),),
    organisation="Biedrība Pagalms", tags=("pagalmi", "maize"), website="https://pagalms.example/",
    same_as=("https://cits.example/",), email="info@pagalms.example", phone="+371 67000000",
    image="https://pirma.example/a.png", start_date="2024-01-11", end_date="2031-01", languages=("lv",), licence="CC BY 4.0",
)  # fmt: skip
CHANGED: dict[str, str | list[str]] = {
    "title_lv": "Jaunais pagalms", "summary_lv": "Jauns kopsavilkums", "description_lv": "Viens.\r\n\r\nOtrs.",
    "title_en": "New yard", "title_et": "Uus õu", "kind": "project", "sectors": ["ngo", "public"], "themes": ["housing"],
    "tags": "sēklas\r\ndārzs", "legal_form": "Biedrība", "identifiers": "LV-RE 40008000001", "country": "LT",
    "countries": ["FI"], "region": "Latgale", "place": "Preiļi", "address": "Meža iela 2", "lat": "56,29", "lon": "26.72",
    "start_date": "2025", "end_date": "2032-05-12", "website": "https://jauns.example/", "email": "labi@jauns.example",
    "phone": "+371 68000000", "same_as": "https://viens.example/", "image": "https://pirma.example/b.png",
    "licence": "CC0", "languages": ["et", "lt"], "organisation": "Radītava",
}  # fmt: skip
EXPORTED = {
    "title": {"lv": "Jaunais pagalms", "en": "New yard", "et": "Uus õu"}, "summary": {"lv": "Jauns kopsavilkums"},
    "description": {"lv": "Viens.\n\nOtrs."}, "kind": "project", "sectors": ["ngo", "public"], "themes": ["housing"],
    "tags": ["sēklas", "dārzs"], "legal_form": "Biedrība", "identifiers": [{"scheme": "LV-RE", "value": "40008000001"}],
    "country": "LT", "countries": ["FI", "LT"], "region": "Latgale", "place": "Preiļi", "address": "Meža iela 2",
    "lat": 56.29, "lon": 26.72, "start_date": "2025", "end_date": "2032-05-12", "website": "https://jauns.example/",
    "email": "labi@jauns.example", "phone": "+371 68000000", "same_as": ["https://viens.example/"],
    "image": "https://pirma.example/b.png", "licence": "CC0", "languages": ["et", "lt"], "organisation": "Radītava",
}  # fmt: skip


def bring(site: SiteFixture, record: Record = FULL, platform_id: str = "pirma") -> str:
    """A record of a platform, as an import brings it; gives the public id of its listing."""
    import_records(site.database, platform_id, [record], actor="t", secret_key=secret_key(site.services.settings))
    with site.database.reading() as session:
        is_meant = Row.remote_id == record.remote_id, Row.platform_id == platform_id
        listing: Initiative = session.scalars(select(Row).where(*is_meant)).one().initiative
        return listing.public_id


def said(site: SiteFixture) -> dict[str, Any]:
    """What people said, by field and language."""
    with site.database.reading() as session:
        return {f"{one.field}/{one.lang}".rstrip("/"): one.value for one in session.scalars(select(Value))}


def shown(site: SiteFixture | Services, id: str) -> dict[str, Any]:
    """What the listing shows of all fields."""
    with site.database.reading() as session:
        listing = listing_queries.listing_for_desk(session, id)
    assert isinstance(listing, Listing)
    return {**{name: dict(texts) for name, texts in listing.texts.items()}, **listing.fields}


def text(answer: Any) -> str:
    return html.unescape(str(answer.get_data(as_text=True)))


def alert(answer: Any) -> str:
    found = BeautifulSoup(answer.get_data(as_text=True), "lxml").select_one("[role=alert]")
    return found.get_text(" ", strip=True) if found else ""


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_what_was_left_as_it_was_stays_the_sources(site: SiteFixture, lang: str) -> None:
    client, id = site.signed_in(), bring(site)
    before = said(site), shown(site, id)
    answer = Form.open(client, id, lang).send()
    assert (answer.status_code, said(site), shown(site, id)) == (302, *before)
    assert {"lv": "Nekas netika mainīts", "en": "Nothing was changed"}[lang] in text(client.get(answer.location))


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_field_is_saved_at_once_and_a_crawl_changes_nothing_of_it(site_on: SiteFixture, lang: str) -> None:
    site, client = site_on, site_on.signed_in()
    id = bring(site)
    answer = Form.open(client, id, lang).type(**CHANGED).send()
    assert answer.status_code == 302, alert(answer)
    assert shown(site, id) == EXPORTED
    bring(site)
    assert shown(site, id) == EXPORTED
    page = text(site.app.test_client().get(f"/lv/initiatives/{id}/", follow_redirects=True))
    assert all(word in page for word in ("Jaunais pagalms", "Preiļi", "Lietuva", "Radītava", "jauns.example"))
    found = site.app.test_client().get("/api/v1/initiatives?country=LT&sector=ngo&theme=housing&kind=project").get_json()
    assert [item["id"] for item in found["items"]] == [id]
    assert Form.open(client, id).inputs.keys() >= {"title-et", "description-et"}


def test_one_edited_field_becomes_ours_and_no_other(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    for name, typed in CHANGED.items():
        before, values = shown(site, id), said(site)
        answer = saved(client, id, **{name: typed})
        field = re.sub("_(lv|en|et)$", r"/\1", name)
        assert (answer.status_code, said(site).keys() - values.keys()) == (302, {field}), name
        after = shown(site, id)
        changed = {key for key in after if after[key] != before.get(key)}
        assert changed == ({"country", "countries"} if name == "country" else {field.partition("/")[0]}), name


def test_a_changed_seat_stays_the_only_one_where_the_countries_were_ours(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    assert saved(client, id, countries=["LT"]).status_code == 302
    assert shown(site, id)["countries"] == ["LT", "LV"]
    assert saved(client, id, country="FI").status_code == 302
    assert sorted(shown(site, id)["countries"]) == ["FI", "LT"]


def test_two_people_who_edit_different_fields_both_win(site_on: SiteFixture) -> None:
    id = bring(site_on)
    one, two = (Form.open(site_on.signed_in(role), id) for role in (Role.CURATOR, Role.ADMIN))
    assert one.type(place="Valmiera").send().status_code == 302
    assert two.type(phone="+371 69999999").send().status_code == 302
    assert (shown(site_on, id)["place"], shown(site_on, id)["phone"]) == ("Valmiera", "+371 69999999")


def test_of_the_same_field_the_second_is_told_and_loses_nothing(site_on: SiteFixture) -> None:
    id = bring(site_on)
    one, two = (Form.open(site_on.signed_in(role), id) for role in (Role.CURATOR, Role.ADMIN))
    one.type(place="Valmiera").send()
    answer = two.type(place="Ogre", phone="+371 69999999", summary_lv="Mans teksts").send()
    assert answer.status_code == 409
    assert "Vieta: curator@sic.example" in alert(answer) and "Valmiera" in alert(answer)
    assert "Tālrunis" not in alert(answer) and "Kopsavilkums" not in alert(answer)
    assert (shown(site_on, id)["place"], shown(site_on, id)["phone"]) == ("Valmiera", "+371 67000000"), "all or nothing"
    again = Form.of(two.client, answer.get_data(as_text=True))
    assert [again.inputs[name] for name in ("place", "phone", "summary-lv")] == [["Ogre"], ["+371 69999999"], ["Mans teksts"]]
    assert again.send().status_code == 302
    assert (shown(site_on, id)["place"], shown(site_on, id)["phone"]) == ("Ogre", "+371 69999999")


def test_a_crawl_in_between_is_told_as_the_source_and_only_of_its_field(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    form = Form.open(client, id).type(place="Ogre", phone="+371 69999999")
    bring(site, Record("1", title={"lv": "Kopienas pagalms"}, country="LV", place="Sigulda", region="Vidzeme"))
    answer = form.send()
    assert (answer.status_code, "Vieta: Avots" in alert(answer), "Sigulda" in alert(answer)) == (409, True, True)
    assert "@" not in alert(answer), "nobody changed it"
    again = Form.of(client, answer.get_data(as_text=True))
    assert again.inputs["place"] == ["Ogre"] and again.inputs["address"] == [""], "what was not typed is as it is now"
    assert again.send().status_code == 302
    assert (shown(site, id)["place"], shown(site, id)["phone"]) == ("Ogre", "+371 69999999")


def test_a_crawl_of_other_fields_does_not_refuse_the_form(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    form = Form.open(client, id).type(place="Ogre")
    bring(site, Record("1", title={"lv": "Cits nosaukums"}, country="LV", place="Cēsis"))
    assert form.send().status_code == 302
    assert said(site)["place"] == "Ogre" and "title/lv" not in said(site)


@pytest.mark.parametrize(
    ("typed", "names", "told"),
    [
        ({"title_lv": " "}, ["title-lv"], "vajadzīgs nosaukums"),
        ({"website": "pagalms.lv"}, ["website"], "https://"),
        ({"image": "javascript:x"}, ["image"], "https://"),
        ({"same_as": "nav"}, ["same_as"], "https://"),
        ({"email": "nav adrese"}, ["email"], "e-pasta"),
        ({"start_date": "vakar"}, ["start_date"], "2024-05"),
        ({"start_date": "2030", "end_date": "2029"}, ["end_date"], "pirms"),
        ({"lat": "95"}, ["lat"], "grādu"),
        ({"lon": "-181"}, ["lon"], "grādu"),
        ({"lat": "ziemeļos", "lon": "austrumos"}, ["lat", "lon"], "grādu"),
        ({"lat": ""}, ["lat"], "platums"),
        ({"kind": "veikals"}, ["kind"], "saraksta"),
        ({"country": "XX"}, ["country"], "saraksta"),
        ({"more_countries": "XX"}, ["countries"], "saraksta"),
        ({"themes": ["nekas"]}, ["themes"], "saraksta"),
        ({"identifiers": "40003032949"}, ["identifiers"], "LV-RE"),
        ({"description_lv": "x" * 20_001}, ["description-lv"], "pārāk garš"),
        ({"tags": "\n".join(map(str, range(201)))}, ["tags"], "pārāk garš"),
    ],
)
def test_each_bad_field_is_named_and_everything_typed_stays(
    site: SiteFixture, typed: dict[str, str | list[str]], names: list[str], told: str
) -> None:
    client, id = site.signed_in(), bring(site)
    before = said(site)
    answer = Form.open(client, id).type(place="Ogre", summary_lv="Garš <teksts>").type(**typed).send()
    page = BeautifulSoup(answer.get_data(as_text=True), "lxml")
    assert (answer.status_code, said(site)) == (400, before)
    links = [str(link["href"]) for link in page.select("[role=alert] a")]
    assert links == [f"#{name}" for name in names] and all(page.select(link) for link in links)
    assert told in alert(answer)
    again = Form.of(client, answer.get_data(as_text=True)).inputs
    assert (again["place"], again["summary-lv"]) == (["Ogre"], ["Garš <teksts>"])
    for name, value in typed.items():
        if isinstance(value, str) and name in again and name not in ("kind", "country"):
            assert again[name] == [value]


def test_a_language_is_added_and_what_was_typed_before_stays(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    form = Form.open(client, id, "en").type(place="Ogre", new_lang="pl")
    answer = form.send("add-language")
    assert answer.status_code == 200 and "Texts: Polish" in text(answer)
    again = Form.of(client, answer.get_data(as_text=True))
    assert again.inputs["place"] == ["Ogre"]
    again.inputs["title-pl"] = ["Podwórko"]
    assert again.send().status_code == 302
    assert (shown(site, id)["title"]["pl"], shown(site, id)["place"]) == ("Podwórko", "Ogre")


def test_a_preview_is_the_public_page_as_it_would_be_and_stores_nothing(site_on: SiteFixture) -> None:
    client, id = site_on.signed_in(), bring(site_on)
    before = said(site_on), shown(site_on, id)
    answer = Form.open(client, id).type(title_lv="Rīta pagalms", place="Ogre", themes=["housing"]).send("preview")
    page = text(answer)
    assert answer.status_code == 200 and "<h1>Rīta pagalms</h1>" in page and "Ogre" in page and "mājok" in page
    assert "Nosaukums (latviešu)" in page and (said(site_on), shown(site_on, id)) == before
    preview = Form.of(client, answer.get_data(as_text=True))
    back = preview.send("back")
    assert Form.of(client, back.get_data(as_text=True)).inputs["place"] == ["Ogre"]
    assert preview.send().status_code == 302
    assert (shown(site_on, id)["title"]["lv"], shown(site_on, id)["themes"]) == ("Rīta pagalms", ["housing"])


def test_a_bad_field_is_told_before_the_preview(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    answer = Form.open(client, id).type(website="nav").send("preview")
    assert answer.status_code == 400 and "#website" in text(answer)


def test_the_place_on_the_map_is_drawn_and_doubted_where_it_is_in_another_country(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    assert 'class="mini-map"' in Form.open(client, id).page and "citā valstī" not in Form.open(client, id).page
    assert saved(client, id, lat="59.437", lon="24.754", countries=[]).status_code == 302
    assert "citā valstī" in Form.open(client, id).page and "Igaunija" in Form.open(client, id).page


def test_an_image_without_a_licence_becomes_ours_by_a_tick(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site, Record("1", title={"lv": "X"}, image="https://pirma.example/a.png"))
    form = Form.open(client, id)
    assert 'name="confirmed-image"' in form.page and "image" not in said(site)
    assert form.type(confirmed_image="1").send().status_code == 302
    assert said(site)["image"] == "https://pirma.example/a.png"


def test_a_value_of_a_person_is_given_back_to_the_sources(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    saved(client, id, country="LT", countries=["FI"], place="Ogre")
    form = Form.open(client, id).type(phone="+371 69999999")
    answer = form.send(form.button("release", "country"))
    assert (answer.status_code, sorted(shown(site, id)["countries"])) == (200, ["EE", "LV"])
    assert Form.of(client, answer.get_data(as_text=True)).inputs["phone"] == ["+371 69999999"], "typed, and not saved yet"
    assert shown(site, id)["phone"] == "+371 67000000" and shown(site, id)["place"] == "Ogre"
    assert form.send(form.button("release", "country")).status_code == 200, "a form may be sent twice"


def test_beside_a_field_stands_what_each_source_says(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    saved(client, id, place="Ogre")
    line = BeautifulSoup(Form.open(client, id, "en").page, "lxml").select_one("#place")
    assert line is not None
    field = line.find_parent(class_="field")
    assert field is not None
    words = field.get_text(" ", strip=True)
    assert "pirma" in words and "seen on" in words and "Cēsis" in words and "set by curator@sic.example" in words


def test_a_listing_is_made_part_of_another_that_is_found_by_name(site_on: SiteFixture) -> None:
    client, id = site_on.signed_in(), bring(site_on)
    whole = bring(site_on, Record("2", title={"lv": "Pagalmu tīkls"}, kind="network", country="LV"))
    form = Form.open(client, id).type(looked_for="Pagalmu tīkls", place="Ogre")
    found = Form.of(client, form.send("find").get_data(as_text=True))
    assert "Pagalmu tīkls" in found.page and found.inputs["place"] == ["Ogre"]
    assert found.type(part_of=whole).send().status_code == 302
    page = text(client.get(f"/lv/initiatives/{id}/", follow_redirects=True))
    assert "Daļa no" in page and "Pagalmu tīkls" in page
    by_address = Form.open(client, whole).type(looked_for=f"http://127.0.0.1/lv/initiatives/{id}").send("find")
    assert f'value="{id}"' in text(by_address)
    itself = Form.open(client, id).type(part_of=id).send()
    assert itself.status_code == 400 and "#part-of" in text(itself)


def test_a_public_listing_is_unpublished_and_published_again(site_on: SiteFixture) -> None:
    client, visitor, id = site_on.signed_in(), site_on.app.test_client(), bring(site_on)
    address = f"/lv/desk/initiatives/{id}/state"

    def decide(decision: str) -> int:
        seen = re.search(r'name="version" value="(\d+)"', Form.open(client, id).page)
        assert seen and f'value="{decision}"' in Form.open(client, id).page
        return client.post(address, data={"decision": decision, "version": seen[1]}).status_code

    assert decide("unpublish") == 302
    assert visitor.get(f"/lv/initiatives/{id}/").status_code == 404
    assert "Kopienas pagalms" in text(client.get("/lv/desk/listings")), "it waits for a decision"
    assert 'value="unpublish"' not in Form.open(client, id).page
    assert decide("publish") == 302
    assert visitor.get(f"/lv/initiatives/{id}/", follow_redirects=True).status_code == 200


def versions(client: FlaskClient, id: str, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/lv/desk/initiatives/{id}/versions{query}").get_data(as_text=True), "lxml")


def version_ids(page: BeautifulSoup) -> list[str]:
    return [str(tag["value"]) for tag in page.select("input[name=a]")]


def differences(page: BeautifulSoup) -> dict[str, list[str]]:
    return {
        line.select("dt")[0].text: [cell.select(".as-typed")[0].text for cell in line.select("dd")]
        for line in page.select(".differences > div")
    }


def test_any_two_versions_are_compared_and_any_is_restored(site_on: SiteFixture) -> None:
    client, id = site_on.signed_in(), bring(site_on)
    saved(client, id, place="Ogre", themes=["housing"])
    saved(client, id, place="Valmiera")
    form = Form.open(client, id)
    form.send(form.button("release", "place"))
    page = versions(client, id)
    third, second, first, before = version_ids(page)
    assert differences(page) == {"Vieta": ["Valmiera", "Cēsis"]}
    assert differences(versions(client, id, f"?a={before}&b={first}")) == {
        "Vieta": ["Cēsis", "Ogre"],
        "Jomas": ["kultūra, jaunatne", "mājokļi"],
    }
    restore = f"/lv/desk/initiatives/{id}/versions"
    answer = client.post(restore, data={"version": first, "newest": third})
    assert (answer.status_code, shown(site_on, id)["place"], shown(site_on, id)["themes"]) == (302, "Ogre", ["housing"])
    stale = client.post(restore, data={"version": second, "newest": third})
    assert (stale.status_code, shown(site_on, id)["place"]) == (409, "Ogre")
    newest = version_ids(versions(client, id))[0]
    assert client.post(restore, data={"version": before, "newest": newest}).status_code == 302
    assert (shown(site_on, id)["place"], said(site_on).keys() & {"place", "themes"}) == ("Cēsis", set()), "as the sources say"


def test_an_edit_is_one_event_with_what_stood_before_and_after(site: SiteFixture) -> None:
    client, id = site.signed_in(), bring(site)
    saved(client, id, place="Ogre", title_lv="Cits")
    with site.database.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.object_id == id, Event.action == "edit"))
    assert (event.actor, dict(event.before or {})) == ("curator@sic.example", {"title/lv": "Kopienas pagalms", "place": "Cēsis"})
    assert dict(event.after or {}) == {"title/lv": "Cits", "place": "Ogre"}


@pytest.fixture(params=["embedded", "elastic"])
def searched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SiteFixture]:
    """A site with each of the two search engines."""
    url = request.getfixturevalue("elastic_url") if request.param == "elastic" else None
    site = SiteFixture(tmp_path, **({"search_url": f"{url}/edit{os.getpid()}"} if url else {}))
    ensure_index(site.services)
    yield site
    site.services.engine.close()


def test_what_was_saved_is_found_at_once_by_either_engine(searched: SiteFixture) -> None:
    client, visitor, id = searched.signed_in(), searched.app.test_client(), bring(searched)
    assert saved(client, id, title_lv="Vējdzirnavas", themes=["housing"], country="LT").status_code == 302
    for search in ("q=vējdzirnavas", "theme=housing", "country=LT&q=vējdzirnavas"):
        found = visitor.get(f"/api/v1/initiatives?{search}").get_json()["items"]
        assert [item["id"] for item in found] == [id], search
    assert visitor.get("/api/v1/initiatives?q=kopienas&country=LV").get_json()["items"] == []


def test_what_was_edited_survives_export_and_import(site: SiteFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id = bring(site)
    assert Form.open(site.signed_in(), id).type(**CHANGED).send().status_code == 302
    file = tmp_path / "out.jsonl"
    monkeypatch.setenv("PLATFORMA_DATA_DIR", str(site.folder))
    assert CliRunner().invoke(main, ["export", str(file)]).exit_code == 0
    monkeypatch.setenv("PLATFORMA_DATA_DIR", str(tmp_path / "other"))
    assert CliRunner().invoke(main, ["import", str(file)]).exit_code == 0
    other = Services.open(settings_in(tmp_path / "other"))
    assert shown(other, id) == EXPORTED
    other.close()
