"""The desk's first page: each queue with its number and age, what was done, and nothing that asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from crawlers.record import Record
from platforma.catalogue.desk import done, queues
from platforma.catalogue.enums import CorrectionTopic, MailState
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import duplicate_queue, edits, judgements
from platforma.catalogue.models import (
    Correction,
    Crawl,
    DuplicateCandidate,
    Event,
    FailedSearch,
    Initiative,
    Judgement,
    JudgementVerdict,
    Mail,
    Notice,
    Role,
)
from platforma.catalogue.platforms import platform_states
from platforma.i18n import force_locale, gettext
from tests.catalogue.emptying import unguard_events
from tests.people.desk import Desk, records, unmapped_crawl
from tests.people.site_fixture import SiteFixture

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
OLDER, OLDEST = NOW - timedelta(days=3), NOW - timedelta(days=9)


def counted(site: SiteFixture, id: str) -> tuple[int, datetime | None]:
    with site.database.reading() as session:
        return queues.counted(session, queues.queue(id))


def shown(site: SiteFixture, client: FlaskClient, lang: str = "lv") -> dict[str, str]:
    """The lines of all queues on the page: the path below the desk, and the words beside it."""
    page = client.get(f"/{lang}/desk/").get_data(as_text=True)
    lists = "".join(re.findall(r'<ul class="rows queues">.*?</ul>', page, re.DOTALL))
    lines = re.findall(rf'<a href="/{lang}/desk([^"]*)">[^<]+</a>\s*<span class="quiet">([^<]*)</span>', lists)
    return {path: " ".join(words.split()) for path, words in lines}


def propose(site: SiteFixture, id: str) -> None:
    with site.database.writing() as session:
        recipe = {"platform": id, "title": id, "url": f"https://{id}.example/", "adapter": "table"}
        proposal = platform_states.Proposal(url=f"https://{id}.example/", title=id, recipe=recipe)
        platform_states.propose_platform(session, proposal, actor="t")


def date_events(site: SiteFixture, at: datetime, object_id: str) -> None:
    with site.database.writing() as session:
        unguard_events(session)
        session.execute(update(Event).where(Event.object_id == object_id).values(at=at))


@contextmanager
def statements(site: SiteFixture) -> Iterator[list[str]]:
    """The statements that the database gets meanwhile."""
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(site.database.engine, "before_cursor_execute", keep)


def test_every_queue_has_a_name_of_its_own_and_leads_to_a_page(desk: Desk) -> None:
    client, all_queues = desk.signed_in(), (*queues.QUEUES, *queues.IMPROVEMENTS)
    assert len({queue.id for queue in all_queues}) == len({queue.name for queue in all_queues}) == len(all_queues)
    for queue in all_queues:
        assert client.get(f"/en/desk{queue.path}").status_code == 200, queue.id
        assert queue.id == "translations" or counted(desk, queue.id) == (0, None), queue.id


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_a_queue_is_called_on_its_page_what_the_first_page_calls_it(desk: Desk, lang: str) -> None:
    """Requests for removal stand on the page of all messages."""
    client = desk.signed_in()
    for queue in (*queues.QUEUES, *queues.IMPROVEMENTS):
        page = client.get(f"/{lang}/desk{queue.path}").get_data(as_text=True)
        with force_locale(lang, desk.settings.translations_dir):
            name = gettext(queue.name if queue.id != "removals" else queues.queue("reports").name)
        assert f"<h1>{name}</h1>" in page, queue.id


def test_a_queue_of_platforms_leads_to_those_that_it_counts(desk: Desk) -> None:
    propose(desk, "ozols")
    unmapped_crawl(desk)
    client = desk.signed_in()
    addresses = {
        only: client.get(f"/en/desk/sources?only={only}").get_data(as_text=True) for only in ("values", "unreadable", "")
    }
    listed = {only: re.findall(r'<h2><a href="/en/desk/sources/(\w+)"', page) for only, page in addresses.items()}
    assert listed == {"values": ["v"], "unreadable": [], "": ["ozols", "v"]}
    assert "Everything is done" in addresses["unreadable"]


def test_where_nothing_waits_the_page_says_so_and_what_was_done(desk: Desk) -> None:
    client = desk.signed_in()
    page = client.get("/lv/desk/").get_data(as_text=True)
    assert "Viss ir paveikts" in page and shown(desk, client).keys() <= {"/translations"}
    done_part = page.split('id="done"')[1]
    assert re.search(r"Lēmumi par platformām <span class=\"quiet\">automātiski: 2<", done_part), done_part
    with desk.database.writing() as session:
        unguard_events(session)
        session.execute(update(Event).values(at=datetime.now(UTC) - timedelta(days=8)))
    assert "Nekas netika mainīts." in client.get("/lv/desk/").get_data(as_text=True)


def test_a_proposed_platform_waits_since_it_was_proposed_last_and_its_listings_wait_with_it(site_on: SiteFixture) -> None:
    propose(site_on, "ozols")
    date_events(site_on, OLDEST, "ozols")
    assert counted(site_on, "proposed") == (1, OLDEST)
    with site_on.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="ozols", actor="c", reason="Nē")
    date_events(site_on, OLDEST, "ozols")
    assert counted(site_on, "proposed") == (0, None), "after a refusal"
    propose(site_on, "ozols")
    with site_on.database.writing() as session:
        last = select(func.max(Event.id)).scalar_subquery()
        session.execute(update(Event).where(Event.id == last).values(at=OLDER))
    assert counted(site_on, "proposed") == (1, OLDER)
    assert counted(site_on, "new") == (0, None)


def test_proposals_tell_what_is_doubtful_about_them(desk: Desk) -> None:
    for id in ("ozols", "priede", "egle", "berzs"):
        propose(desk, id)
    with desk.database.writing() as session:
        for id, state in (("ozols", "failed"), ("priede", "done"), ("egle", "done")):
            crawl = Crawl(platform_id=id, state=state, recipe_version=1, extractor_version=1, counts={}, gone=[])
            session.add(crawl)
    (line,) = (words for path, words in shown(desk, desk.signed_in(), "en").items() if path == "/next?only=platform")
    assert line == "4 · since today · could not be read: 1 · not looked at yet: 1 · nothing was found: 2"


def test_new_listings_of_a_platform_on_probation_wait_and_those_of_a_refused_one_do_not(site_on: SiteFixture) -> None:
    key = site_on.services.secret_key
    propose(site_on, "liepa")
    with site_on.database.writing() as session:
        platform_states.approve_platform(session, platform_id="liepa", actor="c", trusted=False)
    import_records(
        site_on.database, "liepa", [Record(str(n), title={"lv": f"Jauns {n}"}) for n in range(3)], actor="t", secret_key=key
    )
    with site_on.database.writing() as session:
        is_new = Initiative.state == "new"
        session.execute(update(Initiative).where(is_new).values(created_at=OLDER))
        first = session.query(Initiative).where(is_new).order_by(Initiative.id).first()
        assert first is not None
        first.created_at, id = OLDEST, first.public_id
    assert counted(site_on, "new") == (3, OLDEST)
    with site_on.database.writing() as session:
        edits.refuse(session, public_id=id, actor="c", reason="Nē")
    assert counted(site_on, "new") == (2, OLDER), "after a refusal"
    with site_on.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="liepa", actor="c", reason="Nē")
    assert counted(site_on, "new") == (0, None), "they are hidden with their platform"


def test_removals_stand_before_other_messages_and_answered_ones_are_gone(site: SiteFixture) -> None:
    with site.database.writing() as session:
        for number, (topic, at) in enumerate(
            [(CorrectionTopic.REMOVAL, OLDER), (CorrectionTopic.QUESTION, OLDEST), (CorrectionTopic.MISTAKE, NOW)]
        ):
            session.add(Correction(public_id=f"c{number}", topic=topic, field="", text="x", lang="lv", created_at=at))
    assert (counted(site, "removals"), counted(site, "reports")) == ((1, OLDER), (2, OLDEST))
    ids = [queue.id for queue in queues.QUEUES]
    assert ids.index("removals") < ids.index("reports")
    with site.database.writing() as session:
        session.execute(update(Correction).values(state="done"))
    assert (counted(site, "removals"), counted(site, "reports")) == ((0, None), (0, None))


def test_values_that_were_not_understood_wait_until_their_platform_is_refused(desk: Desk) -> None:
    unmapped_crawl(desk)
    with desk.database.writing() as session:
        session.execute(update(Notice).values(told_at=OLDER))
    unmapped_crawl(desk)
    assert counted(desk, "values") == (1, OLDER), "the second night changes nothing"
    with desk.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="v", actor="c", reason="Nē")
    assert counted(desk, "values") == (0, None)


def test_a_failing_platform_waits_and_a_failed_look_at_a_proposal_does_not(desk: Desk) -> None:
    desk.crawl([], failure="the site does not answer", complete=False)
    assert counted(desk, "unreadable")[0] == 1
    with desk.database.writing() as session:
        platform_states.pause_platform(session, platform_id="v", actor="c")
    assert counted(desk, "unreadable") == (0, None)
    propose(desk, "ozols")
    with desk.database.writing() as session:
        session.add(Notice(platform_id="ozols", topic="failed", key="", values={}, told_at=NOW, last_at=NOW))
    assert counted(desk, "unreadable") == (0, None)


def test_a_held_crawl_waits_since_it_was_run(desk: Desk) -> None:
    desk.crawl(records(30))
    desk.crawl(records(3))
    with desk.database.writing() as session:
        session.execute(update(Crawl).values(started_at=OLDER))
    assert counted(desk, "held") == (1, OLDER)


def test_digests_that_came_back_need_nobody(site: SiteFixture) -> None:
    with site.database.writing() as session:
        for state, at, url in (
            (MailState.FAILED, OLDER, None),
            (MailState.UNCERTAIN, NOW, None),
            (MailState.FAILED, OLDEST, "https://x/"),
        ):
            mail = Mail(to="a@b.example", lang="lv", subject="x", body="x", state=state, due_at=at, give_up_at=at, ended_at=at)
            mail.unsubscribe_url = url
            session.add(mail)
    assert counted(site, "mails") == (2, OLDER)


def test_a_search_without_result_counts_once_it_was_made_twice(site: SiteFixture) -> None:
    client = site.app.test_client()
    client.get("/lv/search?q=zzqqxx")
    site.services.failed_searches.write()
    assert counted(site, "searches") == (0, None)
    with site.database.writing() as session:
        session.execute(update(FailedSearch).values(first_at=OLDEST))
    client.get("/lv/search?q=zzqqxx")
    site.services.failed_searches.write()
    assert counted(site, "searches") == (1, OLDEST)


def pair(site: SiteFixture, *ids: str, found_at: datetime = NOW, verdict: str = "unsure") -> None:
    with site.database.writing() as session:
        left, right = (session.query(Initiative).where(Initiative.public_id == id).one().id for id in ids)
        low, high = sorted((left, right))
        session.add(DuplicateCandidate(left_id=low, right_id=high, verdict=verdict, score=0.7, reasons=[], found_at=found_at))


def listing_ids(site: SiteFixture, count: int) -> list[str]:
    items = [Record(f"d{n}", title={"lv": f"Pilnīgi cits nosaukums {'abcdefgh'[n] * 5}"}) for n in range(count)]
    import_records(site.database, "avots", items, actor="t", secret_key=site.services.secret_key)
    with site.database.writing() as session:
        session.query(DuplicateCandidate).delete()
        newest = session.query(Initiative).order_by(Initiative.id.desc()).limit(count)
        return [row.public_id for row in reversed(newest.all())]


def agrees(site: SiteFixture) -> tuple[int, datetime | None]:
    """The queue's number and age, which are those of the pairs that its page shows."""
    found = counted(site, "duplicates")
    with site.database.reading() as session:
        pairs = duplicate_queue.waiting_pairs(session)
    assert found == (len(pairs), min((pair.found_at for pair in pairs), default=None))
    return found


def test_pairs_are_counted_as_their_page_shows_them(site_on: SiteFixture) -> None:
    a, b, c, d, e = listing_ids(site_on, 5)
    word = judgements.Word("c@sic.example", NOW + timedelta(days=1))
    pair(site_on, a, b, found_at=OLDEST)
    pair(site_on, a, c, found_at=OLDER)
    pair(site_on, b, c)
    pair(site_on, d, e)
    assert agrees(site_on) == (4, OLDEST)
    with site_on.database.writing() as session:
        judgements.judge(session, a, b, JudgementVerdict.SAME, word)
    assert agrees(site_on) == (2, OLDER), "after a join two pairs are one"
    with site_on.database.writing() as session:
        judgements.judge(session, d, e, JudgementVerdict.DIFFERENT, word)
    assert agrees(site_on) == (1, OLDER)
    with site_on.database.writing() as session:
        duplicate_queue.decide(session, a, c, JudgementVerdict.UNSURE, word)
    assert agrees(site_on) == (1, OLDER), "what is put off waits on"
    with site_on.database.writing() as session:
        edits.refuse(session, public_id=c, actor="c", reason="Nē")
    assert agrees(site_on)[0] == 1
    with site_on.database.writing() as session:
        session.execute(update(Initiative).where(Initiative.public_id == c).values(state="suppressed"))
    assert agrees(site_on) == (0, None)


def test_what_was_said_of_a_joined_listing_holds_for_its_group_until_one_of_the_two_changes(site_on: SiteFixture) -> None:
    a, joined, b = listing_ids(site_on, 3)
    with site_on.database.writing() as session:
        judgements.judge(session, joined, b, JudgementVerdict.DIFFERENT, judgements.Word("c@sic.example", OLDEST))
        judgements.judge(session, a, joined, JudgementVerdict.SAME, judgements.Word("c@sic.example", OLDER))
    pair(site_on, a, b)
    assert agrees(site_on) == (0, None)
    with site_on.database.writing() as session:
        session.execute(update(Judgement).where(Judgement.verdict == "different").values(left_material="x"))
    assert agrees(site_on) == (1, NOW), "what is said now is not what was judged"


def test_a_pair_that_a_rule_will_join_is_not_counted(site_on: SiteFixture) -> None:
    a, b = listing_ids(site_on, 2)
    pair(site_on, a, b, verdict="same")
    assert agrees(site_on)[0] == 1
    with site_on.database.writing() as session:
        session.execute(update(Initiative).where(Initiative.public_id == a).values(state="new"))
    assert agrees(site_on) == (0, None)


def test_missing_translations_are_counted_and_what_is_still_open_comes_first(site_on: SiteFixture) -> None:
    before = counted(site_on, "translations")[0]
    items = [
        Record("t1", title={"lv": "Tikai nosaukums"}),
        Record("t2", title={"lv": "Abās"}, summary={"lv": "Teksts", "en": "Text"}),
        Record("t3", title={"lv": "Tikai latviski"}, summary={"lv": "Teksts"}),
        Record("t4", title={"en": "Past call"}, kind="funding", end_date="2020-01-01", summary={"en": "Text"}),
        Record("t5", title={"et": "Avatud"}, kind="funding", end_date="2999-05", description={"et": "Tekst"}),
        Record("t6", title={"lv": "Drīz"}, kind="event", start_date="2998-05-01", description={"lv": "Teksts"}),
    ]
    import_records(site_on.database, "avots", items, actor="t", secret_key=site_on.services.secret_key)
    assert counted(site_on, "translations")[0] == before + 4
    client = site_on.signed_in()
    page = client.get("/en/desk/translations").get_data(as_text=True)
    order = [page.index(title) for title in ("Drīz", "Avatud", "Past call")]
    assert order == sorted(order), "what is open by its end, then what is over or has no end"
    assert "Abās" not in page and "Tikai nosaukums" not in page
    assert re.search(r"Avatud.*?Missing: Latvian and English", page, re.DOTALL)
    english = client.get("/en/desk/translations?in=en").get_data(as_text=True)
    assert "Tikai latviski" in english and "Past call" not in english
    assert client.get("/en/desk/translations?in=xx").status_code == 404


def test_the_page_asks_the_database_as_often_for_a_thousand_rows_as_for_ten(desk: Desk) -> None:
    client, asked = desk.signed_in(), []
    shown(desk, client)
    for count in (10, 1_000):
        with desk.database.writing() as session:
            session.add_all(FailedSearch(words=f"w{count}-{n}", lang="lv", times=2, last_at=NOW) for n in range(count))
            session.add_all(
                Correction(public_id=f"{count}-{n}", topic=CorrectionTopic.QUESTION, field="", text="x", lang="lv")
                for n in range(count)
            )
        with statements(desk) as seen:
            lines = shown(desk, client, "en")
        asked.append(len(seen))
    assert lines["/next?only=message"].startswith("1,010 ·") and lines["/searches"].startswith("1,010 ·")
    assert asked[0] == asked[1]


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_others_than_the_staff_choose_no_mails_of_the_desk(site: SiteFixture, role: Role) -> None:
    assert site.signed_in(role).post("/lv/desk/mine", data={"desk_mail": "weekly"}).status_code == 403


def test_decisions_of_people_and_of_rules_are_told_apart_and_a_pair_counts_once(site: SiteFixture) -> None:
    a, b, c, d = listing_ids(site, 4)
    since = datetime.now(UTC)
    with site.database.writing() as session:
        judgements.judge(session, a, b, JudgementVerdict.SAME, judgements.Word("anna@sic.example", NOW))
        judgements.judge(session, c, d, JudgementVerdict.SAME, judgements.Word("rule:certain", NOW))
        edits.refuse(session, public_id=c, actor="anna@sic.example", reason="Nē")
    with site.database.reading() as session:
        assert done.done_since(session, since) == [done.Work("refused", 1, 0), done.Work("pairs", 1, 1)]
