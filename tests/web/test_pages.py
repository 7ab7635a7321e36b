"""Public pages in both languages, through a client that lints each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from platforma.i18n import instant
from search.query.parser import FIELD_NAMES
from tests.web.site import HOSTILE, make_site
from vocabulary.languages import LANGUAGES

PAGES = (
    "",
    "search",
    "search?q=maize",
    "search?q=nekas",
    "search?country=LV&sort=name",
    "platforms/",
    "about",
    "privacy",
    "accessibility",
    "terms",
    "searching",
)


def listing_path(client: FlaskClient, words: str, lang: str = "lv") -> str:
    page = client.get("/api/v1/initiatives", query_string={"q": words, "lang": lang, "past": "1"}).get_json()
    return str(page["items"][0]["url"]).removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_in_both_languages_and_says_so_alike(client: FlaskClient, lang: str, page: str) -> None:
    answer = client.get(f"/{lang}/{page}")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    alternates = dict(re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', text))
    if "noindex" in text:
        assert not alternates, "search engines are not to know this page"
        return
    assert set(alternates) == {*LANGUAGES, "x-default"}
    other = client.get(alternates["en" if lang == "lv" else "lv"].removeprefix("http://127.0.0.1:8000").replace("&amp;", "&"))
    assert dict(re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', other.get_data(as_text=True))) == alternates


def test_search_finds_inflected_words_and_words_without_diacritics(client: FlaskClient) -> None:
    for words in ("maizes", "ceptuvi", "cesis", "CĒSIS", "bakery"):
        text = client.get("/lv/search", query_string={"q": words}).get_data(as_text=True)
        assert "Saules maize" in text.replace("<mark>", "").replace("</mark>", ""), words


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/lv/search?q=maizes", "Saules <mark>maize</mark>"), ("/lv/search?q=ceptuvi", "<mark>Ceptuve</mark> Cēsīs"),
        ("/lv/search?q=bakery&exact=1", "A <mark>bakery</mark> in Cēsis"), ("/en/search?q=repairing", "<mark>Repair</mark> Map"),
        ("/lv/search?q=%22+%3Cscript%3E", "&lt;<mark>script</mark>&gt;"),
    ],
)  # fmt: skip
def test_what_matched_is_marked_in_the_language_of_the_match(client: FlaskClient, path: str, marked: str) -> None:
    assert marked in client.get(path + "&past=1").get_data(as_text=True)


def test_the_page_tells_what_else_it_looked_for_and_lets_go_of_it(client: FlaskClient) -> None:
    text = client.get("/lv/search?q=maiznīca").get_data(as_text=True)
    assert "Meklēts arī: bakery" in text
    assert "Saules" in text
    assert "/lv/search?q=maizn%C4%ABca&amp;exact=1" in text
    alone = client.get("/lv/search?q=maiznīca&exact=1").get_data(as_text=True)
    assert "Meklēti tikai paši vārdi." in alone
    assert "<mark>bakery</mark>" not in alone


def test_results_of_what_was_meant_are_shown_and_those_of_what_was_typed_are_offered(client: FlaskClient) -> None:
    text = client.get("/lv/search?q=ceptuvve").get_data(as_text=True)
    assert "Rādām rezultātus vaicājumam „ceptuve”" in text and "<mark>Ceptuve</mark>" in text
    assert '<a href="/lv/search?q=ceptuvve&amp;exact=1">' in text
    literal = client.get("/lv/search?q=ceptuvve&exact=1").get_data(as_text=True)
    assert '<a href="/lv/search?q=ceptuve' in literal and "Rādām rezultātus" not in literal
    assert "Tieši šie vārdi ir tikai dažos ierakstos" in literal and "<mark>Ceptuve</mark>" in literal


def test_a_value_can_be_left_out_from_the_list_of_filters(client: FlaskClient) -> None:
    button = '<button class="not" type="submit" name="country" value="-LV">bez<span class="hidden">: Latvija</span></button>'
    assert button in client.get("/lv/search").get_data(as_text=True)
    text = client.get("/lv/search?country=-LV").get_data(as_text=True)
    assert "Čiekurs" not in text and "Repair Map" in text
    assert '<input type="checkbox" name="country" value="-LV" checked>' in text and button not in text
    both = client.get("/lv/search?country=LV&country=-LV&country=EE").get_data(as_text=True)
    assert "Čiekurs" not in both and "Repair Map" in both, "a tick beside the button is no contradiction"


def test_suggestions(client: FlaskClient) -> None:
    def labels(path: str) -> list[str]:
        return [item["label"] for item in client.get(path).get_json()["items"]]

    assert labels("/lv/suggest?q=Latv") == ["Latvija"]
    assert labels("/lv/suggest?q=saul") == ["Saules maize"]
    assert labels("/lv/suggest?q=Jaunz") == [], "no listing is from there"
    assert labels("/en/suggest?q=work int") == ["work integration"]
    assert labels("/lv/suggest?q=ceptuvve") == ["ceptuve", "Saules maize"]
    assert labels("/lv/suggest?q=s") == labels("/lv/suggest") == []
    for path in ("/lv/suggest?q=%22%01", "/lv/suggest?q=" + "a" * 5000):
        assert client.get(path).status_code == 200


def test_results_tell_their_number_in_latvian(tmp_path: Path, client: FlaskClient) -> None:
    assert "1 rezultāts" in client.get("/lv/search?q=maize").get_data(as_text=True)
    assert "0 rezultātu" in client.get("/lv/search?q=nekas").get_data(as_text=True)
    assert "3 rezultāti" in client.get("/lv/search").get_data(as_text=True)


def test_filters_narrow_and_can_be_taken_away(client: FlaskClient) -> None:
    text = client.get("/lv/search?country=EE").get_data(as_text=True)
    assert "Repair Map" in text
    assert "Saules maize" not in text
    assert 'href="/lv/search"' in text
    assert "Repair Map" not in client.get("/lv/search?country=-EE").get_data(as_text=True)


def test_when_nothing_is_found_the_page_says_what_to_do(client: FlaskClient) -> None:
    assert "Pēc vaicājuma „nekas” nekas netika atrasts" in client.get("/lv/search?q=nekas").get_data(as_text=True)
    text = client.get("/lv/search?q=maize&country=EE&sector=ngo").get_data(as_text=True)
    assert '<a href="/lv/search?q=maize">Meklēt bez filtriem</a> <span class="quiet">1</span>' in text
    assert "Meklēt bez filtra „Igaunija”" not in text, "that would find nothing either"
    assert '/contact?topic=missing&amp;text=maize"' in text


def test_past_events_are_shown_only_when_asked_for(client: FlaskClient) -> None:
    assert "Kopā" not in client.get("/lv/search").get_data(as_text=True)
    assert "Kopā" in client.get("/lv/search?past=1").get_data(as_text=True)


def test_hostile_titles_are_shown_as_text(client: FlaskClient) -> None:
    text = client.get(listing_path(client, "Kopā")).get_data(as_text=True)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert HOSTILE not in text


def test_a_wrong_slug_leads_to_the_right_one(client: FlaskClient) -> None:
    path = listing_path(client, "maize")
    answer = client.get(f"{path}x")
    assert (answer.status_code, answer.location) == (301, path)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/lv/nope", 404), ("/en/nope", 404), ("/de/", 404), ("/lv/initiatives/aaaaaaaaaa/x", 404), ("/lv/search?page=0", 400),
     ("/lv/search?page=99999", 400), ("/lv/search?sort=x", 400)],
)  # fmt: skip
def test_errors_are_pages_with_a_search_field(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert 'role="search"' in answer.get_data(as_text=True)


def test_readers_get_no_cookie_and_strict_headers(client: FlaskClient) -> None:
    answer = client.get("/lv/search?q=maize")
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_links_never_follow_the_host_header(client: FlaskClient) -> None:
    text = client.get("/lv/", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in text


def test_machine_pages(client: FlaskClient) -> None:
    assert client.get("/lv/atom.xml").get_data(as_text=True).count("<entry>") == 4
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"database": "ok", "index": "ok"}


def test_an_empty_directory_says_so(tmp_path: Path) -> None:
    text = make_site(tmp_path, []).test_client().get("/lv/").get_data(as_text=True)
    assert "Pagaidām te vēl nekā nav." in text


def test_a_page_beyond_the_last_leads_back_to_the_first(client: FlaskClient) -> None:
    text = client.get("/lv/search?q=maize&page=300").get_data(as_text=True)
    assert "nekas netika atrasts" not in text
    assert 'href="/lv/search?q=maize">Atpakaļ pie pirmajiem</a>' in text


def test_what_was_not_found_is_told_before_any_filter_is_unfolded(client: FlaskClient) -> None:
    text = client.get("/lv/search?country=LT").get_data(as_text=True)
    assert "Filtri (1)</a>" in text


@pytest.mark.parametrize(
    ("text", "lv", "en"),
    [
        ("2024", "2024", "2024"),
        ("2024-05", "2024. gada maijs", "May 2024"),
        ("2024-05-01", "2024. gada 1. maijs", "1 May 2024"),
        ("2027-03-19T17:00+02:00", "2027. gada 19. marts, 17:00", "19 March 2027, 17:00"),
        ("2027-03-19T17:00:00Z", "2027. gada 19. marts, 17:00", "19 March 2027, 17:00"),
        ("drīz", "drīz", "drīz"),
    ],
)
def test_dates_are_written_as_each_language_writes_them(app: Flask, text: str, lv: str, en: str) -> None:
    for lang, shown in (("lv", lv), ("en", en)):
        with app.test_request_context(f"/{lang}/"):
            assert instant(text) == shown


def test_a_platforms_address_is_not_endless(client: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    long = f"https://partneris.lv/{'a' * 3000}"
    answer = client.post("/lv/register", data={"url": long})
    app.config["WTF_CSRF_ENABLED"] = True
    assert answer.status_code == 400
    assert "Ierakstiet savas vietnes adresi" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/lv/initiatives/a%00/", "/lv/platforms/%00/x", "/lv/search?theme=a&theme=%00", "/lv/subscribe?q=%00"]
)
def test_a_character_that_no_database_holds_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("query", ["_anchor=x", "endpoint=x", "_external=1&amp;_scheme=javascript", "name=terms", "lang=en"])
def test_no_parameter_leads_the_other_language_elsewhere(client: FlaskClient, query: str) -> None:
    page = client.get(f"/lv/about?{query.replace('&amp;', '&')}").get_data(as_text=True)
    assert f'<a href="/en/about?{query}"' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/lv/about">' in page


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_what_the_page_about_searching_names_is_understood(client: FlaskClient, lang: str) -> None:
    text = client.get(f"/{lang}/searching").get_data(as_text=True)
    fields = re.findall(r"<code>(\w+):", text)
    assert len(fields) == 7 and {FIELD_NAMES[field] for field in fields} == {
        "country", "theme", "kind", "sector", "region", "place", "language",
    }  # fmt: skip
