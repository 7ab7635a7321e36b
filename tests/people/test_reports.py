"""Crawls as people see them: reports at the desk and by a partner's link, mails that come once, mapping and recipes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from crawlers.importing.reading import MappedFields
from crawlers.recipe import parse_recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import COSTS, CrawlResult
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.imports import ImportMapping, import_records
from platforma.catalogue.ingest import crawl_queries
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.models import CrawlPurpose, Lease, Platform, Role
from platforma.catalogue.models import Record as Row
from platforma.catalogue.platforms import coverage_counts, crawled_platforms, platform_queries, recipes
from platforma.mail.report_links import mailed_report_link
from platforma.secret_key import secret_key
from platforma.worker.renormalising import renormalise
from tests.people.desk import NO_TITLE, Desk, recipe_form, records, unmapped_crawl


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_page_of_the_desk_is_sound_in_every_state(desk: Desk, lang: str) -> None:
    curator = desk.signed_in()
    paths = [f"/{lang}/desk/{path}" for path in ("", "sources", "sources/v", "sources/v/mapping", "sources/v/recipe", "crawls")]
    for path in paths:
        desk.text(curator, path)
    done = desk.crawl(records(20), NO_TITLE)
    held = desk.crawl(records(3))
    failed = desk.crawl([], failure="no answer", complete=False)
    for path in (*paths, *(f"/{lang}/desk/crawls/{one.crawl_id}" for one in (done, held, failed))):
        text = desk.text(curator, path)
        assert 'content="noindex"' in text
        assert desk.app.test_client().get(path).status_code == 302, "only for those who are signed in"
        assert desk.signed_in(Role.PARTNER).get(path).status_code == 403
    assert desk.text(curator, f"/{lang}/desk/crawls/9999", 404)


def test_a_report_counts_names_and_says_what_to_do(desk: Desk) -> None:
    curator = desk.signed_in()
    desk.crawl(records(3))
    changed = [replace(one, place="Ogre") for one in records(3)[:1]]
    report = desk.crawl([*changed, *records(3)[1:2], Record("neu", title={"lv": "Jauns"})], NO_TITLE)
    expected = {
        "found": 3,
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "gone": 1,
        "refused": 1,
        "warnings": 0,
        "pages": 3,
        "bytes": 4000,
    }
    assert {name: report.counts[name] for name in expected} == expected
    text = desk.text(curator, f"/en/desk/crawls/{report.crawl_id}")
    for part in ("The item has no title.", "Give it one at the source.", "https://v.example/x", "changed: Ieraksts 0", "(Place)",
                 "new: Jauns", "gone: Ieraksts 2"):  # fmt: skip
        assert part in text, part
    rows = list(csv.reader(io.StringIO(curator.get(f"/en/desk/crawls/{report.crawl_id}.csv").get_data(as_text=True))))
    assert rows[1] == [
        "not read",
        "https://v.example/x",
        "x",
        "Title",
        "'=1+1",
        "The item has no title.",
        "Give it one at the source.",
    ]


def test_a_report_says_how_many_pages_could_not_be_read_and_counts_what_reading_took(desk: Desk) -> None:
    report = desk.crawl(records(3), cost={"lost_big": 2, "read_ms": 70, "reader_megabytes": 190})
    assert {name: report.counts[name] for name in COSTS if name in report.counts} == {
        "lost_big": 2,
        "read_ms": 70,
        "reader_megabytes": 190,
    }
    text = desk.text(desk.signed_in(), f"/lv/desk/crawls/{report.crawl_id}")
    assert "prasīja pārāk daudz atmiņas" in text and "prasīja pārāk daudz laika" not in text


def test_an_interrupted_crawl_adds_what_reading_took_to_what_it_took_before(desk: Desk) -> None:
    stored = start_crawl(desk.database, "v")
    for cost in ({"lost_slow": 1, "read_ms": 70, "reader_megabytes": 190}, {"read_ms": 30, "reader_megabytes": 150}):
        result = CrawlResult(False, 0, 0, is_interrupted=True, cost=cost)
        report = finish_crawl(desk.database, stored, result, secret_key=secret_key(desk.settings))
        stored = start_crawl(desk.database, "v")
    assert {name: report.counts[name] for name in COSTS if name in report.counts} == {
        "lost_slow": 1,
        "read_ms": 100,
        "reader_megabytes": 190,
    }


def test_long_reports_are_paged(desk: Desk) -> None:
    problems = [replace(NO_TITLE, url=f"https://v.example/p{n}") for n in range(120)]
    report = desk.crawl(records(1), *problems)
    curator = desk.signed_in()
    first = desk.text(curator, f"/lv/desk/crawls/{report.crawl_id}")
    assert "/p49<" in first and "/p50<" not in first
    assert "/p119<" in desk.text(curator, f"/lv/desk/crawls/{report.crawl_id}?skip=100")
    assert curator.get(f"/lv/desk/crawls/{report.crawl_id}.csv").get_data(as_text=True).count("https://v.example/p") == 120


def test_the_partner_sees_reports_by_the_link_of_the_mail_and_nothing_else(desk: Desk) -> None:
    report = desk.crawl(records(2), NO_TITLE)
    ((to, subject, body),) = desk.mails()
    assert (to, subject) == ("info@v.example", "Read, but something needs your attention: Vietne")
    assert "The item has no title. (1×)" in body and "Give it one at the source." in body
    assert "=1+1" not in body and "@" not in body
    link = re.search(r"http://127\.0\.0\.1:8000(/en/reports/\S+)", body)
    assert link
    client = desk.app.test_client()
    answer = client.get(link[1])
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "The item has no title." in answer.get_data(as_text=True)
    assert "<form" not in re.sub(r"<footer.*", "", answer.get_data(as_text=True), flags=re.S), "read only"
    base = link[1].rsplit("/", 1)[0]
    assert "new: Ieraksts 1" in desk.text(client, link[1])
    assert f'href="{link[1]}"' in desk.text(client, f"{base}/")
    assert client.get(f"{link[1]}.csv").mimetype == "text/csv"
    assert client.get(f"{base}/{report.crawl_id + 99}").status_code == 404
    forged = base[:-1] + ("0" if base[-1] != "0" else "1")
    assert client.get(f"{forged}/").status_code == 404
    with desk.database.writing() as session:
        session.get_one(Platform, "v").contact_email = "cits@v.example"
    assert client.get(link[1]).status_code == 404, "the link was for the former contact"


def test_a_problem_is_told_once_and_again_when_it_was_gone_for_long(desk: Desk) -> None:
    desk.crawl(records(2), NO_TITLE)
    assert len(desk.mails()) == 1
    desk.crawl(records(2), NO_TITLE)
    desk.crawl(records(2))
    desk.crawl(records(2), NO_TITLE)
    assert desk.mails() == []
    desk.crawl(
        records(2), NO_TITLE, Problem("warning", "this date is not understood; write it as 2026-05-31", field="start_date")
    )
    ((_, _, body),) = desk.mails()
    assert "date" in body and "no title" not in body
    desk.later(notices.REMIND_AFTER + timedelta(days=2))
    desk.crawl(records(2), NO_TITLE)
    assert len(desk.mails()) == 1


def test_a_failure_is_told_to_partner_and_curators_once(desk: Desk) -> None:
    desk.crawl([], failure="no answer; try later", complete=False)
    told = {to: (subject, body) for to, subject, body in desk.mails()}
    assert set(told) == {"info@v.example", "curator@sic.example"}
    assert told["info@v.example"][0].startswith("Failed")
    assert "No answer." in told["info@v.example"][1] and "Try later." in told["info@v.example"][1]
    assert told["curator@sic.example"][0].startswith("Neizdevās"), "a curator is written to in their language"
    desk.crawl([], failure="no answer; try later", complete=False)
    assert desk.mails() == []
    curator = desk.signed_in()
    assert "Platforms that cannot be read" in desk.text(curator, "/en/desk/")
    desk.crawl(records(2))
    assert "Platforms that cannot be read" not in desk.text(curator, "/en/desk/")
    assert desk.mails() == []


def test_a_held_crawl_shows_its_difference_and_is_decided_from_its_report(desk: Desk) -> None:
    desk.crawl(records(20))
    held = desk.crawl([replace(records(1)[0], place="Ogre"), Record("neu", title={"lv": "Jauns"})])
    curator = desk.signed_in()
    text = desk.text(curator, f"/en/desk/crawls/{held.crawl_id}")
    for part in (
        "Known records no longer found: 19 of 20",
        "Would be added: 1",
        "Jauns",
        "Would be changed: 1",
        "Place: 1",
        "<ins>Ogre</ins>",
        "Would be gone: 19",
    ):
        assert part in text, part
    assert curator.post(f"/en/desk/crawls/{held.crawl_id}", data={"decision": "discard"}).status_code == 302
    assert "discarded" in desk.text(curator, f"/en/desk/crawls/{held.crawl_id}")
    again = desk.crawl(records(1))
    newer = desk.crawl(records(2))
    with desk.database.reading() as session:
        assert [one.crawl_id for one in crawl_queries.held_crawls(session)] == [newer.crawl_id], "the newer one takes its place"
    assert again.state == "held"


def test_held_crawls_show_what_they_would_change_before_the_buttons(desk: Desk) -> None:
    curator = desk.signed_in()
    desk.crawl(records(6, website="https://x.example", place="Ogre"))
    held = [replace(one, title={"lv": f"Sākums {one.remote_id}"}, website=None) for one in records(6, place="Ogre")]
    assert desk.crawl([*held[:5], replace(records(6)[5], place="Cēsis")]).state == "held"
    page = unescape(re.sub(r"<[^>]+>", " ", desk.text(curator, "/en/desk/crawls")))
    parts = ("Known records with another title: 5 of 6.", "Compare the titles", "unchanged: 0", "Would be changed: 6", "Title: 5",
             "another value", "Ieraksts 0", "Sākums r00", "Ieraksts 2", "Sākums r02", "Website: 6", "no value any more", "Ieraksts 0:", "https://x.example", "–",
             "Place: 1", "another value", "Ieraksts 5:", "Ogre", "Cēsis", "Accept", "Discard")  # fmt: skip
    position = 0
    for part in parts:
        position = page.index(part, position)
    assert "Sākums r03" not in page, "three examples of each"
    assert "Zināmi ieraksti ar citu nosaukumu: 5 no 6." in desk.text(curator, "/lv/desk/crawls")


def test_held_crawls_are_paged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforma.web.desk.held_crawls.HELD_PER_PAGE", 1)
    curator = desk.signed_in()
    desk.crawl(records(4))
    first, stored = desk.crawl(records(1)), start_crawl(desk.database, "v", purpose=CrawlPurpose.TRIAL)
    finish_crawl(desk.database, stored, CrawlResult(True, 0, 0), secret_key=secret_key(desk.settings))
    page = desk.text(curator, "/en/desk/crawls")
    assert f"/en/desk/crawls/{first.crawl_id}" in page and page.count("Accept</button>") == 1
    assert 'href="/en/desk/crawls?skip=1"' in page
    assert f"/en/desk/crawls/{stored.crawl_id}" in desk.text(curator, "/en/desk/crawls?skip=1")
    assert "Back to the first" in desk.text(curator, "/en/desk/crawls?skip=2")


@pytest.mark.parametrize(
    ("lang", "said", "least", "whole", "counted"),
    [
        ("en", "Only the first 2 records", "in at least 2 records", "set for all records with this value", "in 3 records."),
        ("lv", "Pagaidām caurskatīti tikai pirmie 2", "vismaz 2 ierakstos", "piešķirs visiem ierakstiem ar šo vērtību", "Skaitīts 3 ierakstos"),
    ],
)  # fmt: skip
def test_the_mapping_says_of_how_many_records_its_numbers_are(
    desk: Desk, lang: str, said: str, least: str, whole: str, counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmapped_crawl(desk)
    curator, path = desk.signed_in(), f"/{lang}/desk/sources/v/mapping"
    page = desk.text(curator, path)
    assert counted in page and not any(text in page for text in (said, least, whole))
    monkeypatch.setattr(coverage_counts, "MAX_READ", 2)
    with desk.database.writing() as session:
        coverage_counts.forget(session, "v")
    page = desk.text(curator, path)
    assert all(text in page for text in (said, least, whole)) and counted not in page


def test_unknown_values_are_mapped_at_the_desk_without_asking_the_site_again(desk: Desk) -> None:
    curator = desk.signed_in()
    unmapped_crawl(desk)
    assert "Platforms with values that were not understood" in desk.text(curator, "/en/desk/")
    page = desk.text(curator, "/en/desk/sources/v/mapping")
    assert re.search(r"“Kokapstrāde”.*?in 2 records.*?Ieraksts 0.*?Your choice is set for 2 records.", page, re.S)
    assert not re.search(r"“Kokapstrāde”.*?Maybe.*?“izglītiba”", page, re.S), "nothing is guessed"
    assert re.search(r'“izglītiba”.*?value="education" selected', page, re.S), "a likely one is suggested"
    assert "piezīme" in page and "P0 · P1 · P2" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]  # type: ignore[index]
    form = {"seen": seen, "dimension-1": "theme", "text-1": "Kokapstrāde", "choice-1": "-", "dimension-2": "theme",
            "text-2": "izglītiba", "choice-2": "education", "name-1": "piezīme", "field-1": "place"}  # fmt: skip
    assert curator.post("/en/desk/sources/v/mapping", data=form).status_code == 302
    assert curator.post("/en/desk/sources/v/mapping", data=form).status_code == 409, "somebody else saved meanwhile"
    report = renormalise(desk.services, "v")
    assert (report.state, report.purpose, report.counts["changed"], report.counts["warnings"]) == ("done", "mapping", 3, 0)
    with desk.database.reading() as session:
        rows = {row.remote_id: row.payload for row in session.scalars(select(Row).where(Row.platform_id == "v"))}
        assert [rows[f"r{n:02}"]["themes"] for n in range(3)] == [[], [], ["education"]]
        assert rows["r01"]["place"] == "P1"
        assert rows["r01"]["title"]["en"] == "Entry", "what another page of the source said stays"
        assert session.get_one(Platform, "v").recipe_version == 2
    assert "Everything is mapped." in desk.text(curator, "/en/desk/sources/v/mapping")
    assert "Platforms with values that were not understood" not in desk.text(curator, "/en/desk/")


def test_a_site_that_changes_its_shape_is_noticed(desk: Desk) -> None:
    curator = desk.signed_in()
    desk.crawl(records(10, website="https://x.example"))
    assert "Platforms whose mapping" not in desk.text(curator, "/en/desk/")
    held = desk.crawl(records(10, raw={"krāsa": "zila"}))
    assert curator.post(f"/en/desk/crawls/{held.crawl_id}", data={"decision": "approve"}).status_code == 302
    desk.end_of_undoing()
    text = desk.text(curator, "/en/desk/sources/v")
    assert "Website was filled in 100% of the records, now in 0%" in text
    assert "New field at the source: krāsa" in text
    desk.crawl(records(10, raw={"krāsa": "zila"}))
    assert curator.post("/en/desk/sources/v/mapping", data={"seen": "1"}).status_code == 302
    assert "New field" not in desk.text(curator, "/en/desk/sources/v")
    desk.crawl(records(10, raw={"krāsa": "zila"}))
    assert "New field" not in desk.text(curator, "/en/desk/sources/v"), "what was seen is not told anew"


def test_a_field_that_only_a_new_version_of_ours_keeps_is_no_change_of_the_site(desk: Desk) -> None:
    curator = desk.signed_in()
    desk.crawl(records(3))
    with desk.database.writing() as session:
        platform = session.get_one(Platform, "v")
        platform.shape = {name: value for name, value in (platform.shape or {}).items() if name != "extractor"}
    desk.crawl(records(3, raw={"krāsa": "zila"}))
    assert "New field" not in desk.text(curator, "/en/desk/sources/v")
    desk.crawl(records(3, raw={"krāsa": "zila", "svars": "7"}))
    assert "New field at the source: svars" in desk.text(curator, "/en/desk/sources/v")


def test_a_recipe_is_tried_before_it_is_live(desk: Desk) -> None:
    curator = desk.signed_in()
    desk.crawl(records(20))
    form = recipe_form(desk, curator, exclude="/1", rest="licence: CC-BY-4.0")
    assert curator.post("/en/desk/sources/v/recipe", data=form).status_code == 302
    with desk.database.reading() as session:
        assert session.get_one(Platform, "v").trial_version == 2
        assert "exclude" not in platform_queries.recipe_of(session, "v")
    stored = start_crawl(desk.database, "v", purpose=CrawlPurpose.TRIAL, version=2)
    for one in records(10):
        stored.stage(one, None)
    trial = finish_crawl(desk.database, stored, CrawlResult(True, 10, 0), secret_key=secret_key(desk.settings))
    assert trial.state == "held"
    assert "Would be gone: 10" in desk.text(curator, f"/en/desk/crawls/{trial.crawl_id}")
    curator.post(f"/en/desk/crawls/{trial.crawl_id}", data={"decision": "approve"})
    desk.end_of_undoing()
    with desk.database.reading() as session:
        assert platform_queries.recipe_of(session, "v")["exclude"] == ["/1"]
        assert crawled_platforms.crawled_platform(session, "v").recipe_version == 2
    assert curator.post("/en/desk/sources/v/recipe/1").status_code == 302, "an old version can be tried again"
    with desk.database.reading() as session:
        assert [(one.version, one.state) for one in recipes.versions(session, "v")] == [(3, "draft"), (2, "live"), (1, "former")]


@pytest.mark.parametrize(
    ("changed", "says", "kept"),
    [
        ({"rest": "licens: x"}, "did you mean licence?", "\nlicens: x</textarea>"),
        ({"rest": "a: [b"}, "line", "\na: [b</textarea>"),
        ({"rest": "url: https://x.example"}, "field of its own", "\nurl: https://x.example</textarea>"),
        ({"rest": "- a"}, "one key a line", "\n- a</textarea>"),
        ({"rest": "a: &a [x]\nb: *a"}, "references", "\na: &amp;a [x]\nb: *a</textarea>"),
        ({"exclude": "(("}, "no regular expression", "\n((</textarea>"),
        ({"adapter": "magic"}, "adapter", 'value="Vietne"'),
    ],
)
def test_a_recipe_typed_wrongly_is_kept_and_explained(desk: Desk, changed: dict[str, str], says: str, kept: str) -> None:
    curator = desk.signed_in()
    answer = curator.post("/en/desk/sources/v/recipe", data=recipe_form(desk, curator, **changed))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert says in text
    assert kept in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"rest": "licens: x"}, "licens: tādas atslēgas nav; vai domājāt licence?"),
        ({"rest": "a: [b"}, "1. rinda: tas nav YAML"),
        ({"rest": "url: https://x.example"}, "url: tam augstāk ir savs lauks"),
        ({"rest": "limits: {pages: -1}"}, "limits.pages: te jābūt vismaz 1"),
        ({"rest": "limits: {hours: visu}"}, "limits.hours: „visu” nav stundu logs"),
        ({"rest": "html: {fields: {titel: h1}}"}, "html.fields: lauka titel nav; vai domājāt title?"),
        ({"rest": "sheets: viens"}, "sheets: te jābūt sarakstam"),
        ({"exclude": "(("}, "exclude: „((” nav regulārā izteiksme"),
        ({"adapter": "magic"}, "adapter: te jābūt vienam no šiem: auto, wordpress"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said_in_the_readers_language(desk: Desk, changed: dict[str, str], says: str) -> None:
    curator = desk.signed_in()
    answer = curator.post("/lv/desk/sources/v/recipe", data=recipe_form(desk, curator, **changed))
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)


def test_the_recipe_of_imports_needs_no_trial(desk: Desk) -> None:
    curator = desk.signed_in()
    recipe = parse_recipe({"platform": "fails", "adapter": "file", "title": "Fails", "defaults": {"country": "LV"}})
    mapped = {one.remote_id: MappedFields(RawRecord(one.remote_id, None, {"title": "x"}), ()) for one in records(2)}
    import_records(
        desk.database, "fails", records(2), actor="t", secret_key=secret_key(desk.settings), mapping=ImportMapping(recipe, mapped)
    )
    page = desk.text(curator, "/en/desk/sources/fails/recipe")
    assert "files that are imported" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]  # type: ignore[index]
    form = {"title": "Fails", "adapter": "file", "interval": "daily", "country": "EE", "seen": seen, "rest": "key: id"}
    assert curator.post("/en/desk/sources/fails/recipe", data=form).status_code == 302
    assert curator.post(f"/en/desk/sources/fails/recipe/{seen}").status_code == 302
    with desk.database.reading() as session:
        states = {one.version: (one.state, one.recipe["defaults"]["country"]) for one in recipes.versions(session, "fails")[:3]}
        assert states == {int(seen) + 2: ("live", "LV"), int(seen) + 1: ("former", "EE"), int(seen): ("former", "LV")}
        platform = session.get_one(Platform, "fails")
        assert (platform.is_mapping_due, platform.trial_version) == (True, None)


def test_the_second_of_two_edits_of_a_recipe_is_told(desk: Desk) -> None:
    curator = desk.signed_in()
    form = recipe_form(desk, curator, interval="weekly")
    assert curator.post("/en/desk/sources/v/recipe", data=form).status_code == 302
    with desk.database.reading() as session:
        assert platform_queries.recipe_of(session, "v")["interval"] == "weekly", "how often needs no trial"
    assert curator.post("/en/desk/sources/v/recipe", data=form | {"interval": "monthly"}).status_code == 409


def test_a_crawl_is_started_and_stopped_at_the_desk(desk: Desk) -> None:
    curator = desk.signed_in()
    with desk.database.writing() as session:
        session.execute(update(Platform).values(next_crawl_at=None))
    curator.post("/lv/desk/sources/v", data={"action": "start"})
    with desk.database.writing() as session:
        due = session.get_one(Platform, "v").next_crawl_at
        assert due is not None and due <= utc_now()
        session.add(
            Lease(key="platform:v", platform_id="v", holder="h", until=utc_now() + timedelta(minutes=1), is_stop_asked=False)
        )
    assert "Stop the crawl" in desk.text(curator, "/en/desk/sources/v")
    curator.post("/lv/desk/sources/v", data={"action": "stop"})
    assert "It is being stopped." in desk.text(curator, "/en/desk/sources/v")


def test_removed_listings_are_named_in_no_report(desk: Desk) -> None:
    desk.crawl(records(3))
    problem = replace(NO_TITLE, remote_id="r03", value="Ieraksts 3")
    report = desk.crawl(records(4), problem, replace(problem, remote_id=None, url="https://v.example/3"))
    curator = desk.signed_in()
    assert "new: Ieraksts 3" in desk.text(curator, f"/en/desk/crawls/{report.crawl_id}")
    with desk.database.reading() as session:
        id = next(
            one.public_id for one in listing_queries.newest(session, 50) if one.sources and one.sources[0].remote_id == "r03"
        )
    curator.post(f"/en/desk/initiatives/{id}/removal", data={"reason": "asked", "sure": "1"})
    desk.end_of_undoing()
    assert "Ieraksts 3" not in desk.text(curator, f"/en/desk/crawls/{report.crawl_id}")


def test_a_link_is_made_for_the_partner(desk: Desk) -> None:
    with desk.database.reading() as session:
        link = mailed_report_link(desk.settings, session.get_one(Platform, "v"), 1, "lv", number=2)
    assert link.startswith("http://127.0.0.1:8000/lv/reports/")
