"""Thirty nights of all demonstration sites: what each crawl counts, who is mailed, and that quiet nights change nothing.

What happens is told in STORY, what is mailed in MAILS; on all other nights each site is as it was, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from platforma.catalogue.ingest.reports import CrawlReport
from platforma.demo.content import expected_titles
from platforma.demo.sites import SITES
from platforma.i18n import force_locale, gettext
from platforma.mail.crawl_mails import ATTENTION, FAILED, HELD
from tests.whole.nights import CURATOR, Entry, Markup, SeededDice, Snapshot, VariedSite, World, partner_of, title_of, world

NIGHTS = 30
Change = Callable[[VariedSite], object]


def rewritten(title: str, /, **texts: Any) -> Change:
    """An entry says something else: the given keys of its file."""
    return lambda site: site.publish(_with(entry, texts) if title_of(entry) == title else entry for entry in site.published)


def moved(title: str, address: str) -> Change:
    """A row of the register has another address."""
    return lambda site: site.publish([*row[:3], address, *row[4:]] if title_of(row) == title else row for row in site.published)


def without(*titles: str) -> Change:
    """Entries are taken off."""
    return lambda site: site.publish(entry for entry in site.published if title_of(entry) not in titles)


def with_again(*titles: str) -> Change:
    """Entries that were taken off are there again, at their old places."""

    def change(site: VariedSite) -> None:
        now = {title_of(entry): entry for entry in site.published}
        old = {title_of(entry): entry for entry in site.original}
        site.publish([now.get(title, entry) for title, entry in old.items() if title in {*now, *titles}])

    return change


def with_new(entry: Entry) -> Change:
    """An entry comes that was never there."""
    return lambda site: site.publish([*site.published, entry])


def down(site: VariedSite) -> None:
    """The site answers 503."""
    site.is_down = True


def up(site: VariedSite) -> None:
    """The site answers again."""
    site.is_down = False


def looks(markup: Markup) -> Change:
    """Its pages for people are built in another way."""
    return lambda site: setattr(site, "markup", markup)


def _with(entry: Entry, texts: dict[str, Any]) -> Entry:
    return {**entry, **texts}


NEW_FUND = {"region": "Kurzeme", "title": "Kopienu krājkase", "kind": "finansējums", "country": "Latvija", "place": "Talsi",
            "website": "https://kopienu-krajkase.example", "text": "Kaimiņi krāj kopā un aizdod cits citam."}  # fmt: skip
NEW_CALL = {"id": "c20", "title": "Mazie granti ciemu kluboiem", "lang": "lv", "tags": ["finansējums"],
            "text": "Veids: finansējums\nValsts: Latvija\nPieteikšanās līdz: 30.06.2027.\nAtbalsts ciemu klubiem."}  # fmt: skip
NEW_ENTERPRISE = {"id": 201, "type": "uznemums", "title": {"lv": "Rīta rasa", "en": "Morning Dew"}, "country": "Latvija", "place": "Cēsis",
                  "theme": "vide", "website": "https://rita-rasa.example", "lv": "Vācam lietusūdeni kopienu dārziem.",
                  "en": "We collect rainwater for community gardens."}  # fmt: skip
NO_NAME = ["40003900990", "", "SIA", "Lielā iela 9, Tukums", "vide", "", "", "", ""]
FURTHER, HIDDEN = b'<a rel="next" href="/?page=', b'<button data-page="'
"""How the list of the site `microdata` leads on, and how it does when its pages are made for scripts."""


@dataclass(frozen=True)
class Turn:
    """What happens to a site before the crawls of a night, and what the last of these counts."""

    night: int
    site: str
    change: Change
    state: str
    found: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    crawls: int = 1

    @property
    def counts(self) -> tuple[str, int, int, int, int, int, int]:
        return self.state, self.found, self.new, self.changed, self.unchanged, self.gone, self.refused


STORY = (
    # some are changed, with all dates as they were
    Turn(3, "wordpress-open", rewritten("Saules maize", lv="Tagad mēs cepam arī kūkas."), "done", 33, changed=1, unchanged=32),
    Turn(3, "static-jsonld", rewritten("Koos Kool", place="Võru"), "done", 25, changed=1, unchanged=24),
    Turn(3, "register-csv", moved("SIA „Vējrādis”", "Ostas iela 3, Ventspils"), "done", 23, changed=1, unchanged=22, refused=1),
    Turn(3, "many-on-one", rewritten("Pagalma kino", text="Ziemā filmas rāda kāpņutelpā."), "done", 8, changed=1, unchanged=7),
    # some are gone; what a window shows no more is not
    Turn(5, "wordpress-closed", without("Quiet Hours", "City Bees"), "done", 28, unchanged=28, gone=2),
    Turn(5, "microdata", without("Leveler"), "done", 20, changed=4, unchanged=16, gone=1),  # four move up to the page before
    Turn(5, "prose-pages", without("Ūdens sargi"), "done", 5, unchanged=5, gone=1),
    Turn(5, "ckan-portal", without("SIA „Adatas acs”"), "done", 7, unchanged=7, gone=1),
    Turn(5, "feed", without("Vadlīnijas vieglajā valodā", "Kopienu vadītāju vasaras skola"), "done", 17, unchanged=17),
    # three nights later some are back
    Turn(8, "wordpress-closed", with_again("Quiet Hours", "City Bees"), "done", 30, unchanged=30),
    Turn(8, "microdata", with_again("Leveler"), "done", 21, changed=4, unchanged=17),
    Turn(8, "feed", with_again("Vadlīnijas vieglajā valodā"), "done", 18, unchanged=18),
    # new ones come
    Turn(10, "register-xlsx", with_new(NEW_FUND), "done", 8, new=1, unchanged=7),
    Turn(10, "wordpress-open", with_new(NEW_ENTERPRISE), "done", 34, new=1, unchanged=33),
    Turn(10, "feed", with_new(NEW_CALL), "done", 19, new=1, unchanged=18),
    # a site is down for three nights: in the first it is tried again after one hour and after four
    Turn(11, "static-jsonld", down, "failed", 0, refused=1, crawls=3),
    Turn(12, "static-jsonld", down, "failed", 0, refused=1),
    Turn(13, "static-jsonld", down, "failed", 0, refused=1),
    Turn(14, "static-jsonld", up, "done", 25, unchanged=25),
    # a row without a name is the second of its kind
    Turn(12, "register-csv", with_new(NO_NAME), "done", 23, unchanged=23, refused=2),
    # after the grace of seven days, so that they were archived meanwhile, the others are back
    Turn(16, "prose-pages", with_again("Ūdens sargi"), "done", 6, unchanged=6),
    Turn(16, "ckan-portal", with_again("SIA „Adatas acs”"), "done", 8, unchanged=8),
    # two sites change their shape: one is mended, of the other a curator says that it is right
    Turn(18, "microdata", looks(lambda page: page.replace(FURTHER, HIDDEN)), "held", 5),
    Turn(19, "microdata", looks(lambda page: page.replace(FURTHER, HIDDEN)), "held", 5),
    Turn(20, "microdata", looks(bytes), "done", 21, unchanged=21),
    Turn(22, "calendar", without("Kaimiņu vakariņas", "Grantu rakstīšanas skola"), "done", 4, unchanged=4),
    Turn(22, "many-on-one", without("Pagalma kino", "Rīku aptieka", "Bites uz jumta"), "held", 5),
    Turn(23, "many-on-one", lambda site: None, "done", 5, unchanged=5),
    # one has another name at the same page, and one that is named by its name: it takes over the listing of the former
    Turn(25, "prose-pages", rewritten("Maizes ceļš", title="Maizes lielceļš"), "done", 6, changed=1, unchanged=5),
    Turn(26, "many-on-one", rewritten("Kopienas ledusskapis", title="Kopienas pagrabs"), "done", 5, new=1, unchanged=4, gone=1),
)
FIRST = {
    site.id: Turn(1, site.id, lambda site: None, "done", found := len(expected_titles(site.id)), new=found, refused=site.id == "register-csv")
    for site in SITES
}  # fmt: skip
MAILS = {
    1: [(partner_of(id), ATTENTION, id) for id in ("wordpress-open", "wordpress-closed", "static-jsonld", "register-csv")],
    11: [(partner_of("static-jsonld"), FAILED, "static-jsonld"), (CURATOR, FAILED, "static-jsonld")],
    18: [(CURATOR, HELD, "microdata")],
    22: [(CURATOR, HELD, "many-on-one")],
}
"""By night: to whom, the subject, and the site that it is about."""
WEEKLY = "Darba galds: "
"""How the subject of the weekly mail of the desk begins."""
ARCHIVED = {12: 2, 30: 3}
"""By night: how many listings' grace of seven days is over; those of the fifth night, and those that a curator let go."""
ALL_BACK = 16
"""The night in which all is there again that was there in the first."""
APPROVED = {22: "many-on-one"}
"""By night: the site of which a curator approves the held crawl the morning after."""


def counted(report: CrawlReport) -> tuple[str, int, int, int, int, int, int]:
    """A report's state and counts, as Turn.counts."""
    names = ("found", "new", "changed", "unchanged", "gone", "refused")
    return str(report.state), *(report.counts.get(name, 0) for name in names)  # type: ignore[return-value]


def expected(night: int, before: dict[str, Turn]) -> dict[str, Turn]:
    """What each site does this night: as STORY says, else nothing, of what the last good crawl found."""
    quiet = {id: Turn(night, id, lambda site: None, "done", last.found, unchanged=last.found) for id, last in before.items()}
    return quiet | {turn.site: turn for turn in STORY if turn.night == night}


def translated_subjects(world: World, mails: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Recipients and Latvian subjects of these mails, sorted."""
    with force_locale("lv", world.settings.translations_dir):
        return sorted((to, gettext(subject, title=site)) for to, subject, site in mails)


def test_thirty_nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforma.worker.next_crawl.RNG", SeededDice())
    with world(tmp_path) as directory:
        good, turns, first = dict[str, Turn](), FIRST, directory.snapshot()
        mondays: list[int] = []
        for night in range(1, NIGHTS + 1):
            before = directory.snapshot()
            for id, turn in turns.items():
                turn.change(directory.sites[id])
            reports = directory.live_through(night)
            assert {id: len(crawls) for id, crawls in reports.items()} == {id: turn.crawls for id, turn in turns.items()}, night
            assert {id: counted(crawls[-1]) for id, crawls in reports.items()} == {
                id: turn.counts for id, turn in turns.items()
            }, night
            weekly, others = parted(directory.mails())
            assert others == translated_subjects(directory, MAILS.get(night, ())), night
            assert weekly in ([], [CURATOR]), "one mail with what waits"
            mondays += [night] if weekly else []
            eventful = [turn for turn in (*FIRST.values(), *STORY) if turn.night == night]
            a_second_crawl_changes_nothing(directory, eventful)
            directory.wait_for_morning(night)
            after = directory.snapshot()
            what_stays(before, after, ARCHIVED.get(night, 0), is_quiet=not eventful)
            first = after if night == 1 else first
            assert night != ALL_BACK or first.documents.keys() <= after.documents.keys()
            if night in APPROVED:
                directory.approve_held(APPROVED[night])
            good |= {id: turn for id, turn in turns.items() if turn.state == "done"}
            turns = expected(night + 1, good)
        assert directory.mails() == []
        assert len(mondays) == 4 and {later - night for night, later in pairwise(mondays)} == {7}


def parted(mails: list[tuple[str, str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Who got the weekly mail of the desk, and all other mails."""
    return [to for to, subject in mails if subject.startswith(WEEKLY)], [mail for mail in mails if not mail[1].startswith(WEEKLY)]


def what_stays(before: Snapshot, after: Snapshot, archived: int, *, is_quiet: bool) -> None:
    """After any night every record has the address that it had; after a quiet one the listings and documents are those of
    before, but for so many listings whose grace is over.
    """
    assert before.addresses.items() <= after.addresses.items()
    over = after.archived - before.archived
    assert len(over) == archived
    assert not over & after.documents.keys()
    if is_quiet:
        assert after.addresses == before.addresses
        assert differing(before.listings, after.listings) == over
        assert differing(before.documents, after.documents) <= over


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The keys under which something else stands."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def a_second_crawl_changes_nothing(directory: World, turns: Iterable[Turn]) -> None:
    """Crawled once more in the same night, these sites say and mail the same, and nothing is new."""
    before = directory.snapshot()
    for turn in turns:
        report = counted(directory.crawl(turn.site))
        again = replace(turn, new=0, changed=0, gone=0, unchanged=turn.found if turn.state == "done" else 0)
        assert report[:6] == again.counts[:6], turn
    assert directory.snapshot() == before
    assert directory.mails() == []
