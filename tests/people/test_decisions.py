"""The desk decides on platforms and listings: what the state allows is offered and done, all else is refused with a reason."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Initiative, Platform, PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.cli.main import main
from platforma.secret_key import secret_key
from platforma.web.edit_form import name_of
from tests.people.editing import Form, saved
from tests.people.proposing import propose, state, total
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture, public_id
from vocabulary import collation_key


def decide(
    client: FlaskClient, id: str, decision: str, status: int = 302, lang: str = "lv", form: dict[str, str] | None = None
) -> str:
    answer = client.post(f"/{lang}/desk/platforms/{id}", data={"decision": decision} | (form or {}))
    assert answer.status_code == status
    return answer.get_data(as_text=True) if status != 302 else str(answer.location)


def version(client: FlaskClient, id: str) -> str:
    page = client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    return re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]


def joined(site: SiteFixture) -> tuple[str, str]:
    """(the address that stands, the one that was joined with it) of two listings that were both public."""
    stands = public_id(site)
    propose(site, Record("7", title={"lv": "Saules maize"}, website="https://saules-maize.example"))
    with site.database.writing() as session:
        (waiting,) = listing_queries.new_listings(session, limit=9, platform_id="partneris")
        platform_states.approve_platform(session, platform_id="partneris", actor="t")
    return stands, waiting.public_id


def test_the_desk_offers_probation_and_trust_and_does_what_is_chosen(site: SiteFixture) -> None:
    client = site.signed_in()
    propose(site, Record("1", title={"lv": "Pirmais"}))
    for lang, labels in {
        "lv": ("Apstiprināt un uzticēties", "Apstiprināt ar pārbaudes laiku"),
        "en": ("Approve and trust", "Approve on probation"),
    }.items():
        page = client.get(f"/{lang}/desk/platforms").get_data(as_text=True)
        assert all(label in page for label in labels)
    before = total(client)
    decide(client, "partneris", "probation")
    assert (state(site), total(client)) == ("probation", before), "a platform that is only a name is no listing"
    assert site.last_mail()["To"] == "info@partneris.lv"
    assert "Pirmais" in client.get("/lv/desk/listings").get_data(as_text=True)
    back = decide(client, "partneris", "approve", form={"from": "source"})
    assert back.split("?")[0] == "/lv/desk/sources/partneris"
    assert (state(site), total(client)) == ("trusted", before + 1)


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_a_step_that_the_state_does_not_allow_is_refused_in_the_readers_language(site: SiteFixture, lang: str) -> None:
    client = site.signed_in()
    propose(site)
    told = decide(client, "partneris", "pause", 409, lang)
    assert {"lv": "Platforma partneris ir tikai pieteikta", "en": "partneris is only proposed"}[lang] in told
    assert decide(client, "partneris", "nonsense", 400, lang)
    decide(client, "partneris", "approve")
    decide(client, "partneris", "pause")
    assert client.post(f"/{lang}/desk/sources/partneris", data={"action": "start"}).status_code == 409
    assert state(site) == "paused"


def test_refusing_a_public_platform_hides_it_and_approving_brings_it_back(site: SiteFixture) -> None:
    client, visitor = site.signed_in(), site.app.test_client()
    propose(site, Record("1", title={"lv": "Kopienas dārzs"}))
    decide(client, "partneris", "approve")
    with site.database.reading() as session:
        card = platform_queries.platform_by_id(session, "partneris")
        listing = listing_queries.newest(session, 9, "partneris")[0]
    before = total(client)
    pages = [f"/lv/initiatives/{listing.public_id}/{listing.slug}", f"/lv/platforms/{card.public_id}/{card.slug}"]
    assert [visitor.get(page).status_code for page in pages] == [200, 200]
    decide(client, "partneris", "refuse", 400)
    decide(client, "partneris", "refuse", form={"reason": "Nav iniciatīvu", "from": "source"})
    assert [visitor.get(page).status_code for page in pages] == [404, 404]
    assert total(client) == before - 1
    for page in ("/lv/atom.xml", "/sitemap.xml", "/lv/search?q=dārzs", "/lv/platforms/"):
        text = visitor.get(page).get_data(as_text=True)
        assert listing.public_id not in text and "Partneris" not in text, page
    assert "noraidīta" in client.get("/lv/desk/sources/partneris").get_data(as_text=True)
    assert "noraidīta" in client.get("/lv/desk/sources").get_data(as_text=True)
    decide(client, "partneris", "approve")
    assert [visitor.get(page).status_code for page in pages] == [200, 200]
    assert total(client) == before


def register(site: SiteFixture, client: FlaskClient) -> str:
    ask_for_link(site, "https://partneris.lv", "info@partneris.lv", client=client)
    return client.post(site.link()).get_data(as_text=True)


def test_proposing_again_says_what_becomes_of_it(site: SiteFixture) -> None:
    client, visitor = site.signed_in(), site.app.test_client()
    assert "Jūsu platforma ir pieteikta" in register(site, visitor)
    with site.database.reading() as session:
        (card,) = platform_queries.platforms_in(session, (PlatformState.PROPOSED,))
    decide(client, card.id, "refuse", form={"reason": "Nav iniciatīvu"})
    assert card.title not in client.get("/lv/desk/platforms").get_data(as_text=True)
    assert "Jūsu platforma ir pieteikta" in register(site, visitor)
    assert state(site, card.id) == "proposed"
    assert card.title in client.get("/lv/desk/platforms").get_data(as_text=True)
    decide(client, card.id, "approve")
    text = register(site, visitor)
    assert "Jūsu platforma jau ir katalogā" in text and card.public_id in text
    assert state(site, card.id) == "trusted"


def test_the_page_of_a_joined_listing_leads_to_the_one_that_stands(site: SiteFixture) -> None:
    client = site.signed_in()
    stands, child = joined(site)
    answer = client.get(f"/lv/desk/initiatives/{child}")
    assert (answer.status_code, answer.location) == (302, f"/lv/desk/initiatives/{stands}")
    forms: list[tuple[str, dict[str, str]]] = [
        ("", {"do": "save", "seen-place": "", "place": "Ogre"}),
        ("", {"do": "save", "seen-title-lv": "", "title-lv": " "}),
        ("", {"do": "preview", "seen-place": "", "place": "Ogre"}),
        ("", {"do": "find", "looked_for": "Ogre"}),
        ("", {"do": "release/place//"}),
        ("", {"do": "keep/place/avots/abc"}),
        ("/state", {"decision": "publish"}),
        ("/state", {"decision": "refuse", "reason": "x"}),
        ("/state", {"decision": "refuse"}),
        ("/decision", {"decision": "publish"}),
        ("/decision", {"decision": "refuse", "reason": "x"}),
        ("/removal", {"reason": "x", "sure": "1"}),
        ("/removal", {}),
    ]
    for path, form in forms:
        answer = client.post(f"/lv/desk/initiatives/{child}{path}", data={"version": "1"} | form)
        assert answer.status_code == 409 or (answer.status_code == 400 and not form.get("reason")), (path, form)
    with site.database.reading() as session:
        row = session.query(Initiative).filter_by(public_id=child).one()
        assert (row.state, row.merged_into_id is not None) == ("merged", True)
    assert client.get(f"/lv/initiatives/{child}/x").status_code == 301


def test_a_public_listing_is_refused_and_published_again_on_its_own_page(site: SiteFixture) -> None:
    client, visitor, id = site.signed_in(), site.app.test_client(), public_id(site)
    page = f"/lv/initiatives/{id}/saules-maize"
    edit = client.get(f"/lv/desk/initiatives/{id}").get_data(as_text=True)
    assert "Šis ieraksts ir publisks." in edit and f'href="{page}"' in edit
    path, seen = f"/lv/desk/initiatives/{id}/state", version(client, id)
    answer = client.post(path, data={"decision": "refuse", "version": seen})
    assert answer.status_code == 400 and 'href="#reason-decision"' in answer.get_data(as_text=True)
    answer = client.post(path, data={"decision": "refuse", "reason": "Nav iniciatīva", "version": seen}, follow_redirects=True)
    assert "Noraidīts" in answer.get_data(as_text=True)
    assert "Šis ieraksts ir noraidīts" in answer.get_data(as_text=True)
    assert (visitor.get(page).status_code, "Saules maize" in visitor.get("/lv/search").get_data(as_text=True)) == (404, False)
    answer = client.post(path, data={"decision": "publish", "version": seen})
    assert answer.status_code == 409 and "Nav iniciatīva" in answer.get_data(as_text=True)
    assert client.post(path, data={"decision": "publish", "version": version(client, id)}).status_code == 302
    assert visitor.get(page).status_code == 200
    assert "Saules maize" in visitor.get("/lv/search").get_data(as_text=True)


def test_what_was_saved_is_said(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    answer = Form.open(client, id, "en").type(country="EE").send()
    page = client.get(answer.location).get_data(as_text=True)
    assert '<p class="notice" role="status">Saved: Country</p>' in page
    assert '<option value="EE" selected>Estonia</option>' in page
    assert "Igaunija" in client.get(f"/lv/initiatives/{id}/saules-maize").get_data(as_text=True)
    assert "Saved:" not in client.get(f"/en/desk/initiatives/{id}?saved=nonsense").get_data(as_text=True)
    page = client.get(saved(client, id, title_en="Sunny", place="Ogre").location).get_data(as_text=True)
    assert "Saglabāts: Nosaukums (angļu), Vieta" in page


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_choices_stand_in_the_readers_order(site: SiteFixture, lang: str) -> None:
    page = site.signed_in().get(f"/{lang}/desk/initiatives/{public_id(site)}").get_data(as_text=True)
    for select in re.findall(r"<select.*?</select>", page, re.S):
        labels = re.findall(r'<option value="\w+"[^>]*>([^<]+)<', select)
        assert len(labels) > 5 and labels == sorted(labels, key=collation_key)


def test_no_value_ends_in_an_error_of_ours(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    texts = [(name, "lv") for name in TEXT_FIELDS]
    for name, lang in [*texts, *((name, "") for name in (*PLAIN_FIELDS, *LIST_FIELDS))]:
        for typed in ("http://[\x0b", "9" * 400):
            form = Form.open(client, id)
            form.inputs[name_of(name, lang)] = [typed]
            answer = form.send()
            assert answer.status_code in (302, 400), (name, typed[:9])
            if answer.status_code == 400:
                assert 'role="alert"' in answer.get_data(as_text=True)
    for page in (f"/lv/initiatives/{id}/x", "/lv/atom.xml", "/lv/search"):
        assert client.get(page, follow_redirects=True).status_code == 200


def test_the_shell_refuses_in_one_line(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORMA_DATA_DIR", str(site.folder))
    propose(site)
    lines = site.folder / "x.jsonl"
    lines.write_text('{"remote_id": "1", "title": {"lv": "X"}}\n', encoding="utf-8")
    shell = CliRunner()

    def run(*words: str) -> tuple[int, str]:
        done = shell.invoke(main, words)
        return done.exit_code, done.stderr.splitlines()[-1] if done.stderr else ""

    assert run("platforms", "pause", "partneris") == (1, "Error: partneris is only proposed: approve or refuse it first")
    assert run("platforms", "refuse", "partneris", "--reason", "no initiatives")[0] == 0
    told = (1, "Error: partneris is refused: propose it again, or approve it first")
    assert run("platforms", "pause", "partneris") == told
    assert run("crawl", "partneris") == told
    assert run("import", str(lines), "--platform", "partneris") == told
    assert run("platforms", "refuse", "partneris")[0] == 2
    assert run("platforms", "approve", "partneris")[0] == 0
    assert run("platforms", "approve", "partneris") == (0, "partneris is trusted already; nothing has been changed")
    assert run("import", str(lines), "--platform", "partneris")[0] == 0
    assert run("platforms", "leave", "partneris")[0] == 0
    assert state(site) == "left"


def test_a_record_that_came_in_meanwhile_does_not_undo_a_refusal(site: SiteFixture) -> None:
    client, id = site.signed_in(), public_id(site)
    form = {"decision": "refuse", "reason": "x", "version": version(client, id)}
    assert client.post(f"/lv/desk/initiatives/{id}/state", data=form).status_code == 302
    import_records(
        site.database, "avots", [Record("1", title={"lv": "Cits"})], actor="t", secret_key=secret_key(site.services.settings)
    )
    assert client.get(f"/lv/initiatives/{id}/x").status_code == 404


def test_a_platform_that_lives_of_imports_is_never_crawled(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no site: approving or resuming it must not let the worker fail on it each night."""
    client = site.signed_in()
    with site.database.writing() as session:
        platform_states.pause_platform(session, platform_id="avots", actor="t")
        platform_states.approve_platform(session, platform_id="avots", actor="t")
        assert session.get_one(Platform, "avots").next_crawl_at is None
    answer = client.post("/en/desk/sources/avots", data={"action": "start"})
    assert answer.status_code == 409 and "avots is filled from imported files" in answer.get_data(as_text=True)
    with site.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="avots", actor="t", reason="x")
        recipe = session.get_one(Platform, "avots").recipe
        platform_states.propose_platform(session, platform_states.Proposal(url="", title="avots", recipe=recipe), actor="t")
        platform = session.get_one(Platform, "avots")
        assert (platform.state, platform.next_crawl_at) == ("proposed", None)


@pytest.mark.parametrize("button", ["", "nonsense"])
def test_a_form_without_one_of_its_buttons_decides_nothing(site: SiteFixture, button: str) -> None:
    client, id = site.signed_in(), public_id(site)
    before = client.get("/api/v1/initiatives").get_json()
    for path, name in ((f"initiatives/{id}", "action"), (f"initiatives/{id}/state", "decision"), (f"initiatives/{id}/decision", "decision"),
                       ("sources/avots", "action"), ("crawls/1", "decision"), ("platforms/avots", "decision")):  # fmt: skip
        data = {name: button, "reason": "x", "field": "title", "lang": "lv", "value": "Cits", "version": version(client, id)}
        assert client.post(f"/lv/desk/{path}", data=data).status_code == 400, path
    assert client.get("/api/v1/initiatives").get_json() == before
