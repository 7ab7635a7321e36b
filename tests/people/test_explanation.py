"""Curators read why each result stands where it does, in the language of the page; nobody else does."""

from __future__ import annotations

import re
from unittest.mock import Mock

import html5lib
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from platforma.catalogue.models import Role
from platforma.cli.main import main
from search.index.boosts import BOOSTS
from tests.people.desk import GIVEN
from tests.people.site_fixture import SiteFixture

pytestmark = pytest.mark.usefixtures("shipped_thesaurus")


def told(client: FlaskClient, path: str) -> str:
    """The text of the explanation with single blanks; empty where there is none."""
    page = html5lib.parse(client.get(path).get_data(as_text=True), namespaceHTMLElements=False)
    found = [node for node in page.iter("details") if node.get("class") == "explained"]
    return " ".join("".join(found[0].itertext()).split()) if found else ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("lv/search?q=maize", "maize nosaukums: maize (kā ierakstīts)"), ("en/search?q=bread", "bread the name: Bread (as typed)"),
        ("lv/search?q=maizes", "maizes nosaukums: maize (cita forma)"),
        ("en/search?q=bakeries", "bakeries the summary: bakery (another form)"),
        ("lv/search?q=brīvprātīgie", "brīvprātīgie apraksts: Volunteers (cits nosaukums)"),
        ("en/search?q=brīvprātīgie", "brīvprātīgie the description: Volunteers (another name)"),
        ("lv/search?q=darba+integrācija", "darba integrācija tas norādīts ierakstā: Joma: darba integrācija"),
        ("en/search?q=work+integration", "work integration filed under it: Theme: work integration"),
        ("lv/search?q=ceptuvve", "ceptuve kopsavilkums: Ceptuve (kā ierakstīts)"),
        ("lv/search?q=ceptuvve&exact=1", "ceptuvve kopsavilkums: Ceptuve (līdzīgs vārds)"),
        ("en/search?q=bakerry&exact=1", "bakerry the summary: bakery (a similar word)"),
        ("lv/search?q=cesis", "cesis kopsavilkums: Cēsīs (kā ierakstīts) organizācija, vieta, birkas: Cēsis (kā ierakstīts)"),
    ],
)  # fmt: skip
def test_each_result_says_where_its_words_are_and_how(site: SiteFixture, path: str, why: str) -> None:
    assert why in told(site.signed_in(), f"/{path}")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("lv/search?q=Saules+maize", ["viss nosaukums +12", "nosaukums sākas, kā ierakstīts +30", "gandrīz viss nosaukums +10",
                                      "teksts lasītāja valodā +0,3", "vārdi nosaukumā cits citam blakus ×2"]),
        ("en/search?q=Sun+Br", ["the name begins as typed +30", "nearly the whole name +10", "a text in the reader's language +0.3"]),
    ],
)  # fmt: skip
def test_each_result_says_what_raises_it(site: SiteFixture, path: str, why: list[str]) -> None:
    raised = re.split("Paceļ augstāk|Raised by|Vērtējumus|Scores", told(site.signed_in(), f"/{path}"))[1].strip().split(" · ")
    assert set(why) <= set(raised)
    assert len(raised) == len(why) + 1 and re.match(r"(pilnīgs|a full).*×1[.,]\d", raised[-1])


def test_it_says_how_the_question_was_read(site: SiteFixture) -> None:
    client = site.signed_in()
    strict = told(client, "/lv/search?q=brīvprātīgie+SIA+-skola+country:EE")
    assert "Pirmais solis – stingri" in strict
    assert "brīvprātīgie visās formās: brīvprātīgs" in strict and "saukts arī:" in strict and "volunteering (angļu)" in strict
    assert "sia tikai juridiskā forma: ierakstu atrod arī bez tās" in strict
    assert "Tikai tas, kas atbilst: bez vārda „skola” · Valsts: Igaunija" in strict
    similar = told(client, "/en/search?q=bakerry&exact=1")
    assert "Second step" in similar and "fewer than 8 listings" in similar
    assert "in no dictionary" in similar and "guessed, a similar word: bakery" in similar
    some = told(client, "/lv/search?q=maize+kosmoss")
    assert "Trešais solis" in some and "kosmoss šeit nav" in some
    assert '"saules maize" šie vārdi cits citam blakus' in told(client, '/lv/search?q="saules+maize"')


def test_a_question_without_an_answer_is_explained_too(site: SiteFixture) -> None:
    text = told(site.signed_in(), "/en/search?q=xyzzy")
    assert "xyzzy in no dictionary" in text and "Why each stands" not in text


def test_what_sources_and_readers_write_is_shown_as_text(site: SiteFixture) -> None:
    client = site.signed_in()
    path = "/lv/search?past=1&q=%3Cscript%3E+-%3Cimg%3E+kopā"
    assert "script nosaukums: script (kā ierakstīts)" in told(client, path)
    text = client.get(path).get_data(as_text=True)
    assert "&lt;script&gt;alert" in text and "<script>alert" not in text and "<img>" not in text


def test_results_in_another_order_have_no_scores(site: SiteFixture) -> None:
    client = site.signed_in()
    by_name = told(client, "/lv/search?q=maize&sort=name")
    assert "Kārtots citādi: pēc nosaukuma" in by_name and "nosaukums: maize" in by_name
    assert not re.search(r"vērtējums \d", by_name) and "Paceļ augstāk" not in by_name
    assert "vispirms jaunākie" in told(client, "/lv/search")
    assert re.search(r"Sun Bread ?score \d", told(client, "/en/search?q=bread"))


@pytest.mark.parametrize("path", ["/lv/search?q=maize", "/en/search?q=bread", "/lv/search?q=nekas", "/lv/search"])
def test_nobody_else_is_shown_it(site: SiteFixture, path: str) -> None:
    for client in (site.app.test_client(), site.signed_in(Role.PARTNER)):
        assert told(client, path) == ""


def test_no_engine_is_asked_more(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = site.services.engine
    spy = Mock(wraps=engine)
    for name in ("execute", "terms"):
        monkeypatch.setattr(engine, name, getattr(spy, name))
    curator, visitor = site.signed_in(), site.app.test_client()
    for path in ("/lv/search?q=maizes", "/lv/search?q=ceptuvve"):
        assert told(visitor, path) == "" and spy.mock_calls
        spy.reset_mock()
        assert told(curator, path) and not spy.mock_calls, "the explanation is of what was found"


def test_every_reason_stands_in_both_languages(site: SiteFixture) -> None:
    client = site.signed_in()
    latvian, english = told(client, "/lv/search?q=maize"), told(client, "/en/search?q=maize")
    for boost in BOOSTS.values():
        assert f"{boost.label} {boost.reason} {'+' if boost.adds else '×'}{boost.weight:.3g}" in english
        assert boost.reason not in latvian


def test_the_shell_explains_by_the_thesaurus_of_the_desk(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORMA_DATA_DIR", str(site.folder))
    site.signed_in().post("/lv/desk/concepts/new", data=GIVEN)
    shipped_again_now()
    said = CliRunner().invoke(main, ["search", "cepējs", "--explain"])
    assert said.exit_code == 0, said.output
    assert "'lv:maize lv:meistars'" in said.output
    assert "who types a whole name wants the listing of that name" in said.output


def shipped_again_now() -> None:
    """As in a process that has not looked at the catalogue yet."""
    from search.query.concepts import use_shipped_thesaurus

    use_shipped_thesaurus()
