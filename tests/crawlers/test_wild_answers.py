"""Feeds, interfaces and pages as they are in the wild: shared ids, notices before JSON, noindex, licences, redirects."""

from __future__ import annotations

import json

import pytest

from crawlers.adapters import feed, json_data
from crawlers.adapters.identities import is_identity
from crawlers.adapters.wordpress.rest_api import NOTICE
from crawlers.fetch import Page
from crawlers.fetch.indexing import NOT_TO_BE_LISTED, asks_not_to_be_listed
from crawlers.fetch.notices import MAX_NOTICE_CHARACTERS, MAX_TRIES, json_after_notice
from crawlers.fetch.probe import RequestBudget
from crawlers.record import RawRecord
from crawlers.state import PageValidators
from crawlers.values.contacts import open_licence
from tests.crawlers.memory_site import BASE, MemorySite, crawled, extracted, page, recipe_of, titles

FEED = recipe_of("feed")


def rss(*items: str, head: str = f"<link>{BASE}</link>") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>T</title>{head}{entries}</channel></rss>'


def entries_of(text: str, path: str = "rss.xml") -> list[RawRecord]:
    return list(feed.extract(page(text, path), FEED))


def ids(*items: str) -> list[str]:
    return [raw.remote_id for raw in entries_of(rss(*items))]


def item(title: str, guid: str, link: str = "") -> str:
    return f"<title>{title}</title><guid isPermaLink='false'>{guid}</guid>" + (f"<link>{link}</link>" if link else "")


def test_entries_that_share_a_guid_stay_several() -> None:
    assert ids(item("Vilna", "7", "https://x.lv/1"), item("Maize", "7", "https://x.lv/2")) == ["https://x.lv/1", "https://x.lv/2"]
    assert ids(item("Vilna", "7", "https://x.lv/"), item("Maize", "7", "https://x.lv/")) == ["7#vilna", "7#maize"]
    assert ids(item("Vilna", "7"), item("Maize", "7", "https://x.lv/2"), item("Upe", "8")) == ["7#vilna", "7#maize", "8"]


def test_an_entry_that_is_listed_twice_is_one() -> None:
    assert ids(item("Vilna", "7"), item("VILNA", "7")) == ["7", "7"]


@pytest.mark.parametrize("guid", ["N/A", "n/a", "null", "None", "-", "0", "undefined", "  "])
def test_a_filler_is_no_id(guid: str) -> None:
    assert not is_identity(guid)
    assert ids(item("Vilna", guid, "https://x.lv/1")) == ["https://x.lv/1"]
    assert ids(item("Vilna", guid)) == ["Vilna"]


@pytest.mark.parametrize("guid", ["10", "a", "tag:x.lv,2026:1", "https://x.lv/?p=1", "Nulle"])
def test_a_short_id_is_an_id(guid: str) -> None:
    assert ids(item("Vilna", guid, "https://x.lv/1")) == [guid]


def test_objects_of_json_that_share_an_id_stay_several_and_languages_of_one_do_not() -> None:
    recipe = recipe_of("json")
    shared = [{"id": 0, "name": name, "url": f"{BASE}o/{name}"} for name in ("a", "b")]
    assert [raw.remote_id for raw in json_data.extract(page(json.dumps(shared)), recipe)] == [f"{BASE}o/a", f"{BASE}o/b"]
    languages = [{"id": 7, "name": name, "lang": lang} for name, lang in (("Upe", "lv"), ("River", "en"))]
    assert [raw.remote_id for raw in json_data.extract(page(json.dumps(languages)), recipe)] == ["7", "7"]


def test_relative_links_of_a_feed_belong_to_its_base_its_site_or_its_address() -> None:
    relative = "<title>A</title><link>p/1</link>"
    assert entries_of(rss(relative, head="<link>https://site.lv/blog/</link>"))[0].url == "https://site.lv/blog/p/1"
    assert entries_of(rss(relative, head="<link>/lv/</link>"), "feeds/all.xml")[0].url == f"{BASE}lv/p/1"
    assert entries_of(rss(relative, head=""), "feeds/all.xml")[0].url == f"{BASE}feeds/p/1"
    atom = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.lv/x/"><link href="https://site.lv/"/>'
        '<entry xml:base="sub/"><id>urn:1</id><title>A</title><link href="p/1"/></entry></feed>'
    )
    assert entries_of(atom)[0].url == "https://b.lv/x/sub/p/1"


def test_dates_and_place_of_events_in_a_feed_are_taken() -> None:
    (record,) = extracted(
        FEED, rss("<title>Talka</title><ev:startdate>2027-05-01T10:00+03:00</ev:startdate><ev:location>Ogre</ev:location>")
    )[0]
    assert (record.start_date, record.address) == ("2027-05-01T10:00+03:00", "Ogre")


NOTICED = [
    '<br />\n<b>Notice</b>:  is_feed was called <b>incorrectly</b> in <b>/x.php</b> on line <b>5</b><br />\n[{"id":1}]',
    "\nDeprecated: Function x() is deprecated in /srv/x.php on line 12\n\n[{\"id\":1}]\n",
    '[30-Nov-2026 10:00:00 UTC] PHP Warning:  Undefined array key "a" in /x.php on line 3\n[{"id":1}]',
    "<!-- cached by plugin [1] -->\n[ {\"id\":1} ]\n<br />\n<b>Warning</b>: x",
    '\ufeff<style>a { color: red }</style>[{"id":1}]',
]  # fmt: skip


@pytest.mark.parametrize("text", NOTICED)
def test_json_behind_a_notice_is_read(text: str) -> None:
    answer = page(text)
    assert (answer.json(), answer.has_notice) == ([{"id": 1}], True)


NO_NOTICE = [
    'Vietne nav pieejama [{"id":1}]',
    '<!doctype html><html><script>var a = [{"id":1}]</script></html>',
    '<br />Notice: [{"id":1}] and so on',
    '<br />Notice: [{"id":1',
    "<b>Notice</b>: x" + " " * MAX_NOTICE_CHARACTERS + '[{"id":1}]',
    "<b>Notice</b>" + "[1 " * MAX_TRIES + '[{"id":1}]',
    "<b>Notice</b>" + "[" * 100_000,
]


@pytest.mark.parametrize("text", NO_NOTICE)
def test_text_and_pages_with_brackets_are_no_json(text: str) -> None:
    assert json_after_notice(text) is None


def test_plain_json_has_no_notice() -> None:
    assert not page(' \n[{"id":1}]').has_notice
    assert not page("\ufeff{}").has_notice


TYPES = json.dumps({"initiative": {"name": "Initiatives", "rest_base": "initiatives"}})
NOTE = "<br />\n<b>Notice</b>: x in <b>/x.php</b> on line <b>5</b><br />\n"


class WordPress(MemorySite):
    """A WordPress with entries; its answers begin with NOTE."""

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        return super().get(url.partition("?")[0], validators, accept)


def wordpress(entries: list[dict[str, object]]) -> dict[str, str | bytes]:
    rest = {"types": TYPES, "initiatives": json.dumps(entries), "taxonomies": "{}"}
    pages: dict[str, str | bytes] = {f"wp-json/wp/v2/{name}": NOTE + body for name, body in rest.items()}
    return {"": "<html>", **pages}


def entry(number: int, title: str, **others: object) -> dict[str, object]:
    text = {"title": {"rendered": title}, "content": {"rendered": "<p>Palīdzam.</p>"}}
    return {"id": number, "link": f"{BASE}i/{number}/", "modified_gmt": f"2026-05-0{number}T10:00:00"} | text | others


def test_entries_behind_a_notice_are_read_and_the_notice_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.crawlers.memory_site.MemorySite", WordPress)
    result, state = crawled(recipe_of("wordpress"), wordpress([entry(1, "Upe"), entry(2, "Māja")]))
    assert (result.found, titles(list(state.records.values()))) == (2, {"Upe", "Māja"})
    assert [(problem.severity, problem.reason) for problem in state.problems] == [("warning", NOTICE)]


def test_an_entry_that_wordpress_hides_from_search_engines_is_told_and_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.crawlers.memory_site.MemorySite", WordPress)
    robots = {"yoast_head_json": {"robots": {"index": "noindex", "follow": "follow"}}}
    shown = {"yoast_head_json": {"robots": {"index": "index"}}}
    _, state = crawled(recipe_of("wordpress"), wordpress([entry(1, "Upe", **robots), entry(2, "Māja", **shown)]))
    assert titles(list(state.records.values())) == {"Māja"}
    assert (NOT_TO_BE_LISTED, f"{BASE}i/1/") in [(problem.reason, problem.url) for problem in state.problems]


HIDDEN = [
    ('<meta name="robots" content="noindex, follow">', ""), ('<META content="NONE" name="Robots">', ""), ("", "noindex"),
    ('<meta name="platformabot" content="noindex">', ""), ("", "googlebot: nofollow, PlatformaBot: noindex"), ("", "max-snippet: 20, noindex"),
]  # fmt: skip
SHOWN = [
    ('<meta name="robots" content="index, follow">', ""), ('<meta name="googlebot" content="noindex">', ""), ("", "googlebot: noindex"),
    ('<meta name="description" content="none">', ""), ("<p>noindex</p>", "all"), ("", "noarchive, unavailable_after: 25 Jun 2030 15:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "header", "is_hidden"), [*((*pair, True) for pair in HIDDEN), *((*pair, False) for pair in SHOWN)]
)
def test_noindex_is_heeded_where_it_is_for_all_or_for_us(head: str, header: str, is_hidden: bool) -> None:
    assert asks_not_to_be_listed(page(f"<html><head>{head}</head>", x_robots_tag=header)) is is_hidden


ENTRY = "<html lang=lv><title>{0}</title>{1}<main><h1>{0}</h1><p>Valsts: Latvija</p><p>Mēs palīdzam kaimiņiem augt.</p></main>"
NOINDEX = "<meta name=robots content=noindex>"


def members(**heads: str) -> dict[str, str | bytes]:
    links = "".join(f"<li><a href=/m/{name}>{name}</a></li>" for name in heads)
    pages: dict[str, str | bytes] = {f"m/{name}": ENTRY.format(name, head) for name, head in heads.items()}
    return {"": f"<html>{NOINDEX}<ul>{links}</ul>", **pages}


def test_the_page_of_an_initiative_that_asks_not_to_be_listed_is_gone_and_a_list_may_ask_so() -> None:
    result, state = crawled(recipe_of("html", html={"entries": "li a"}), members(Upe="", Nams=NOINDEX))
    assert titles(list(state.records.values())) == {"Upe"}
    assert ([problem.reason for problem in state.problems], result.gone) == ([NOT_TO_BE_LISTED], (f"{BASE}m/Nams",))
    assert result.complete


def test_a_walk_leaves_out_what_asks_not_to_be_listed() -> None:
    _, state = crawled(recipe_of("sitemap"), members(Upe="<p>Pilsēta: Ogre</p>", Nams=NOINDEX + "<p>Pilsēta: Ogre</p>"))
    assert titles(list(state.records.values())) == {"Upe"}
    assert [problem.url for problem in state.problems if problem.reason == NOT_TO_BE_LISTED] == [f"{BASE}m/Nams"]


BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/deed.lv"
LICENCES = [
    (f'<a rel="license noopener" href="{BY_SA}">CC</a>', "CC-BY-SA-4.0"), (f'<link rel="license" href="{BY_SA}">', "CC-BY-SA-4.0"),
    ('<meta name="dcterms.license" content="CC BY 4.0">', "CC-BY-4.0"), ('<a rel="license" href="/noteikumi">Noteikumi</a>', None),
    (f'<a href="{BY_SA}">Attēls: CC</a>', None), ('<meta name="dc.rights" content="© Tīkls">', None),
    (f'<a rel="license" href="{BY_SA}">CC</a><a rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">0</a>', None),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "licence"), LICENCES)
@pytest.mark.parametrize("adapter", ["html", "sitemap", "structured"])
def test_the_licence_that_a_page_declares_for_itself_is_taken(adapter: str, markup: str, licence: str | None) -> None:
    data = '<script type="application/ld+json">{"@type":"NGO","name":"Upe"}</script>' if adapter == "structured" else ""
    (record,) = extracted(recipe_of(adapter), ENTRY.format("Upe", f"<p>Pilsēta: Ogre</p>{data}{markup}"), "m/upe")[0]
    assert record.licence == licence


def test_one_licence_is_named_in_one_way_or_another() -> None:
    assert open_licence([BY_SA, "CC BY-SA 4.0"]) == "CC-BY-SA-4.0"


class Redirecting(MemorySite):
    """A site whose old addresses lead to new ones; `asked` are the addresses that were asked for."""

    asked: list[str]

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        self.asked = [*getattr(self, "asked", []), url]
        return super().get(url.replace("/old/", "/new/"), validators, accept)


def test_a_page_that_was_redirected_is_not_asked_for_again_where_it_is() -> None:
    site = Redirecting({"new/a": "<h1>A</h1>"})
    budget = RequestBudget(site)
    assert budget.get(f"{BASE}old/a") == budget.get(f"{BASE}new/a")
    assert site.asked == [f"{BASE}old/a"]


def test_a_walk_reads_a_page_once_whichever_address_leads_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Noting(Redirecting):
        def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
            seen.append(url)
            return super().get(url, validators, accept)

    monkeypatch.setattr("tests.crawlers.memory_site.MemorySite", Noting)
    pages: dict[str, str | bytes] = {
        "": "<a href=/old/a>A</a><a href=/new/a>A</a>",
        "new/a": ENTRY.format("Upe", "<p>Pilsēta: Ogre</p>"),
    }
    result, _ = crawled(recipe_of("sitemap"), pages)
    assert (result.found, seen.count(f"{BASE}old/a"), seen.count(f"{BASE}new/a")) == (1, 1, 0)
