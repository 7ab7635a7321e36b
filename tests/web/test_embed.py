"""The widget's script, answer and frame; the page that makes its code; the badge; and the links that lead to them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.models import Initiative, Platform, Role
from platforma.catalogue.people import accounts
from platforma.services import Services
from platforma.settings import ROOT
from platforma.web.context import COOKIE
from platforma.web.public.embed.asked import DEFAULT_LIMIT, MAX_LIMIT, SETTINGS
from platforma.web.public.embed.configurator import POLICIES
from platforma.worker.indexing import drain_outbox
from tests.web.site import HOSTILE, RECORDS, make_site

MAX_WIDGET_BYTES = 15_000
PAPER = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
OWN_PAGES = [
    Record(
        "e1", kind="event", title={"lv": "Gadatirgus"}, start_date="2999-05-01", end_date="2999-05-02", place="Rīga", country="LV",
        countries=("LV",), licence="CC BY 4.0",
    ),
    Record("f1", kind="funding", title={"lv": "Konkurss"}, end_date="2999-03-15"),
    Record(
        "s1", url="https://avots.example/s1", kind="organisation", title={"lv": "Vieta"}, website="https://www.vieta.example/",
        same_as=("https://social.example/vieta", "http://vieta.example", "https://avots.example/s1/"),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("embed")), [*RECORDS, *OWN_PAGES])


def services_of(app: Flask) -> Services:
    services: Services = app.extensions["platforma"]
    return services


def codes(page: str) -> dict[str, str]:
    """The code that a page offers, by the ids of its fields."""
    return {id: unescape(text) for id, text in re.findall(r'<textarea id="([\w-]+)"[^>]*>([^<]*)</textarea>', page)}


def widget_code(client: FlaskClient, parameters: str) -> str:
    """The code that the page offers for a widget."""
    return codes(client.get(f"/lv/widget?{parameters}").get_data(as_text=True))["widget-code"]


def test_script_and_style_together_are_small_and_name_no_other_site(client: FlaskClient) -> None:
    answer = client.get("/embed/1.js")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/javascript" and len(answer.data) < MAX_WIDGET_BYTES
    assert "--ground:#fdfcf9" in text and "//" not in re.sub(r"https?://\$", "", text), "the style is in it, and no address"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin" and "Set-Cookie" not in answer.headers
    again = client.get("/embed/1.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    assert client.get("/embed/2.js").status_code == 404
    packed = client.get("/embed/1.js", headers={"Accept-Encoding": "br"})
    assert packed.content_encoding == "br" and len(packed.data) < len(answer.data) / 2


def test_the_paper_names_every_setting_and_what_a_policy_must_allow() -> None:
    assert sorted(re.findall(r'^\| `data-(\w+)="[^"]+"` \| `\1=\w+` \|', PAPER, flags=re.M)) == sorted(SETTINGS)
    assert f"from 1 to {MAX_LIMIT}; by itself {DEFAULT_LIMIT}" in PAPER
    told = dict(re.findall(r"^\| (\w+) \| `([^`]* https://[^`]*)` \|$", PAPER, flags=re.M))
    site = "https://directory.example"
    assert told == {way: policy.format(site=site) for way, policy in POLICIES.items() if policy} | {"badge": f"img-src {site}"}


def test_the_answer_is_small_and_any_site_may_read_it(client: FlaskClient) -> None:
    answer = client.get("/lv/embed.json?kind=event&kind=funding")
    body = answer.get_json()
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in answer.headers
    fair, call = sorted(body["lines"], key=lambda line: str(line["title"]))
    assert (fair["title"], fair["credit"], fair["lang"]) == ("Gadatirgus", "Avots: avots · licence: CC BY 4.0", None)
    assert fair["facts"] == "pasākums · Rīga, Latvija · 2999. gada 1. maijs – 2999. gada 2. maijs"
    assert call["facts"].startswith("finansējums · līdz 2999. gada 15. martam · ") and call["credit"] == "Avots: avots"
    assert all(line["url"].startswith("http://127.0.0.1:8000/lv/initiatives/") for line in body["lines"])
    assert body["licence"] == "http://127.0.0.1:8000/lv/terms" and len(answer.data) < 2_000


def test_an_answer_is_new_after_a_change_and_by_every_setting(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    client = app.test_client()
    tags = [client.get(f"/lv/embed{path}").headers["ETag"] for path in (".json", ".json?limit=3", ".json?links=000", "?limit=3")]
    assert len(set(tags)) == 4
    for path in ("/lv/embed.json", "/lv/embed"):
        tag = {"If-None-Match": client.get(path).headers["ETag"]}
        assert client.get(path, headers=tag).status_code == 304
        import_records(services_of(app).database, "otrs", [Record(path, title={"lv": path})], actor="t", secret_key=b"k")
        drain_outbox(services_of(app))
        assert client.get(path, headers=tag).status_code == 200


def test_neither_a_session_nor_a_page_number_changes_what_is_shown(client: FlaskClient, app: Flask) -> None:
    with services_of(app).database.writing() as session:
        user = accounts.add_user(session, email="kuratore@sic.example", role=Role.CURATOR, actor="t")
        secret = accounts.open_session(session, user.id)
    before = {path: client.get(path).data for path in ("/lv/embed?field=1", "/lv/embed.json")}
    client.set_cookie(COOKIE, secret)
    for path, data in before.items():
        answer = client.get(path)
        assert answer.data == data and answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    assert client.get("/lv/embed?field=1&page=2&per_page=1").get_data(as_text=True).count("<li>") == 5


def test_only_the_frame_may_stand_on_other_sites_and_it_runs_nothing(client: FlaskClient) -> None:
    policy = client.get("/lv/embed").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors *" in policy and "script-src" not in policy
    assert "unsafe" not in policy and re.search(r"style-src 'sha256-[\w+/]{43}=';", policy)
    for path in ("/lv/widget", "/lv/badge", "/lv/search"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], path
    assert 'method="post"' not in client.get("/lv/embed?field=1").get_data(as_text=True)


def test_what_was_chosen_stays_when_a_frame_is_searched(client: FlaskClient) -> None:
    page = client.get("/lv/embed?kind=event&kind=-project&q=a&field=1&links=000&limit=2&near=LV-riga").get_data(as_text=True)
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert hidden == [
        ("kind", "event"), ("kind", "-project"), ("field", "1"), ("links", "000"), ("limit", "2"), ("near", "LV-riga"),
    ]  # fmt: skip
    assert "<form" not in client.get("/lv/embed?kind=event").get_data(as_text=True)


@pytest.mark.parametrize(
    "parameters",
    ["limit=0", "limit=21", "limit=99999999999999999999", "limit=x", "kind=nothing", "look=blue", "links=red", "links=%23fff",
     "ground=%23000;}*{display:none}", "text=%3C/style%3E%3Cscript%3Ealert(1)%3C/script%3E", "area=1", "when=never"],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_each_form(client: FlaskClient, parameters: str) -> None:
    answer = client.get(f"/lv/embed.json?{parameters}")
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    frame = client.get(f"/lv/embed?{parameters}")
    assert frame.status_code == 400 and "frame-ancestors *" in frame.headers["Content-Security-Policy"]
    text = frame.get_data(as_text=True)
    assert 'role="alert"' in text and "<script" not in text and text.count("</style>") == 1
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "display:none" not in style and "alert" not in style


def test_titles_and_words_with_markup_stay_text(client: FlaskClient) -> None:
    titles = [line["title"] for line in client.get("/lv/embed.json?when=all&kind=event").get_json()["lines"]]
    assert HOSTILE in titles
    for path in ("/lv/embed?when=all&kind=event", '/lv/embed?field=1&q="><script>alert(1)</script>'):
        page = client.get(path).get_data(as_text=True)
        assert "<script" not in page and "&lt;script&gt;" in page
    for way in ("script", "frame", "links"):
        code = widget_code(client, f'way={way}&when=all&q="><script>alert(1)</script>')
        assert code.count("<script") == (way == "script"), "its own"
    assert "&lt;script&gt;" in widget_code(client, "way=links&when=all&kind=event")


def test_the_code_is_in_the_language_of_its_readers_not_of_the_page(client: FlaskClient) -> None:
    page = client.get("/en/widget?reader=lv&kind=project&limit=3&links=%230b5563").get_data(as_text=True)
    assert codes(page)["widget-code"] == (
        '<p lang="lv"><a href="http://127.0.0.1:8000/lv/search?kind=project" data-platforma data-limit="3" data-links="#0b5563">'
        'Projekti – Platforma platformām</a></p>\n<script src="http://127.0.0.1:8000/embed/1.js" defer></script>'
    )
    assert "<strong>Projects</strong>" in page and 'src="/lv/embed?kind=project&amp;limit=3&amp;links=%230b5563"' in page


def test_a_frame_of_the_code_is_the_one_of_the_preview(client: FlaskClient) -> None:
    page = client.get("/lv/widget?way=frame&kind=project&field=1&look=dark").get_data(as_text=True)
    (address,) = re.findall(r'<iframe src="([^"]*)"', codes(page)["widget-code"])
    (preview,) = re.findall(r'<iframe src="([^"]*)"', page)
    assert unescape(address) == f"http://127.0.0.1:8000{unescape(preview)}"
    assert parse_qs(urlsplit(unescape(preview)).query) == {"kind": ["project"], "field": ["1"], "look": ["dark"]}
    assert "frame-src http://127.0.0.1:8000" in page


def test_plain_links_are_those_that_are_found(client: FlaskClient) -> None:
    code = widget_code(client, "way=links&kind=project")
    assert re.findall(r"<li( lang=\"\w+\")?><a href=\"[^\"]*\">([^<]*)</a></li>", code) == [
        (' lang="en"', "Repair Map"), ("", "Projekti – Platforma platformām"),
    ]  # fmt: skip


def test_what_the_form_cannot_show_it_keeps(client: FlaskClient) -> None:
    page = client.get(
        "/lv/widget?kind=event&kind=project&theme=-youth&country=LV&near=LV-riga&km=10&when=all&sort=name"
    ).get_data(as_text=True)
    kept = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert kept == [
        ("theme", "-youth"), ("kind", "event"), ("kind", "project"), ("sort", "name"), ("near", "LV-riga"), ("km", "10"), ("when", "all"),
    ]  # fmt: skip
    assert re.search(r'<option value="LV" selected>', page) and 'id="kind"' not in page and 'id="theme"' not in page


@pytest.mark.parametrize(
    ("parameters", "field", "said"),
    [
        ("links=%23777&ground=%23fff", "links", "Saites un poga: Uz šī fona grūti salasāms: kontrasts ir 4,47"),
        ("text=red", "text", "Teksts: „red” nav krāsa"),
        ("limit=50", "limit", "Rindu skaits ir no 1 līdz 20"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    client: FlaskClient, parameters: str, field: str, said: str
) -> None:
    answer = client.get(f"/lv/widget?{parameters}&q=vārds")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in re.findall(rf'id="{field}-error">([^<]*)<', page)[0] and f'href="#{field}"' in page
    typed = parse_qs(parameters)[field][0]
    assert re.search(rf'<input[^>]*name="{field}" value="{typed}"', page) and 'value="vārds"' in page
    assert "widget-code" not in codes(page) and "<iframe" not in page


def test_results_platforms_and_every_footer_lead_to_the_widget(client: FlaskClient) -> None:
    assert 'href="/lv/widget?q=maize&amp;country=LV"' in client.get("/lv/search?q=maize&country=LV").get_data(as_text=True)
    assert 'href="/lv/widget"' in client.get("/lv/about").get_data(as_text=True)
    (platform,) = re.findall(r'href="(/lv/platforms/\w{10}/[^"]*)"', client.get("/lv/platforms/").get_data(as_text=True))
    page = client.get(platform).get_data(as_text=True)
    own = page.partition('id="own-site"')[2].partition("</section>")[0]
    links = re.findall(r'href="([^"]*)"', own)
    assert links[0] == "/lv/widget?platform=avots" and links[1].startswith("/lv/badge?platform=")
    assert links[2:] == [f"/lv/search.{format}?platform=avots" for format in ("atom", "csv", "xlsx", "json", "ics")]
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_badge_is_small_and_in_either_language_and_light(client: FlaskClient) -> None:
    seen = set()
    for path in ("/lv/badge.svg", "/en/badge.svg", "/lv/badge.svg?look=light", "/lv/badge.svg?look=dark"):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        assert (
            answer.mimetype == "image/svg+xml" and len(answer.data) < 2_000 and "max-age=86400" in answer.headers["Cache-Control"]
        )
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert ("prefers-color-scheme" in text) == (path in ("/lv/badge.svg", "/en/badge.svg"))
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        seen.add(text)
    assert len(seen) == 4 and "Mūs var atrast katalogā" in client.get("/lv/badge.svg").get_data(as_text=True)
    assert client.get("/lv/badge.svg?look=blue").status_code == 400


def listing_named(client: FlaskClient, title: str) -> str:
    items = client.get(f"/api/v1/initiatives?q={title}").get_json()["items"]
    return str(next(item["id"] for item in items if item["title"] == title))


def test_a_badge_leads_to_the_page_of_what_it_is_of(client: FlaskClient) -> None:
    id = listing_named(client, "Vieta")
    page = client.get(f"/lv/initiatives/{id}/vieta").get_data(as_text=True)
    assert f'href="/lv/badge?listing={id}"' in page
    code = codes(client.get(f"/lv/badge?listing={id}").get_data(as_text=True))
    assert code["code-dark"] == (
        f'<a href="http://127.0.0.1:8000/lv/initiatives/{id}/vieta" lang="lv"><img src="http://127.0.0.1:8000/lv/badge.svg?look=dark"'
        ' width="240" height="56" alt="Mūs var atrast katalogā Platforma platformām"></a>'
    )
    assert re.findall(r'href="([^"]*)">([^<]*)<', code["code-places"]) == [
        (f"http://127.0.0.1:8000/lv/initiatives/{id}/vieta", "Platforma platformām"),
        ("https://avots.example/s1", "avots"),
        ("https://social.example/vieta", "social.example"),
    ], "each place once, and its own site is no other place"
    assert client.get("/lv/badge?listing=nekas").status_code == client.get("/lv/badge?platform=nekas").status_code == 404
    assert "code-places" not in codes(client.get("/lv/badge").get_data(as_text=True))


def test_the_page_of_a_platform_names_the_other_places_where_it_stands(tmp_path: Path) -> None:
    app = make_site(tmp_path, OWN_PAGES)
    client = app.test_client()
    own = listing_named(client, "Vieta")
    with services_of(app).database.writing() as session:
        platform = session.get_one(Platform, "avots")
        platform.initiative_id = session.scalars(select(Initiative.id).where(Initiative.public_id == own)).one()
        address = f"/lv/platforms/{platform.public_id}/avots"
    page = client.get(address).get_data(as_text=True)
    listed = page.partition('id="places"')[2].partition("</section>")[0]
    assert re.findall(r'href="([^"]*)"[^>]*>([^<]*)<', listed) == [("https://social.example/vieta", "social.example")]
    badge = codes(client.get(f"/lv/badge?platform={address.split('/')[3]}").get_data(as_text=True))
    assert f'href="http://127.0.0.1:8000{address}"' in badge["code-auto"] and "social.example" in badge["code-places"]


def test_titles_with_markup_stay_text_in_the_code_of_a_badge(client: FlaskClient) -> None:
    events = client.get("/api/v1/initiatives?when=all&kind=event").get_json()["items"]
    id = next(item["id"] for item in events if item["title"] == HOSTILE)
    page = client.get(f"/lv/badge?listing={id}").get_data(as_text=True)
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert json.dumps(codes(page)).count("<script") == 0
