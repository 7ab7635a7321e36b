"""The yearly letters: to whom and how often they go, what each press does, and how they end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import edits, judgements, removal, stale
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Correction, Initiative, JudgementVerdict, Letter
from platforma.catalogue.models import Record as Row
from platforma.mail.delivery import deliver_due
from platforma.mail.letters import queue_due_letters
from tests.people.inbox import Inbox, text_of
from tests.people.site_fixture import SiteFixture

START = datetime(2031, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = timedelta(days=366)
ANNA = "anna@saule.example"
CURATOR = "curator@sic.example"


class Lettered(SiteFixture):
    """A site whose letters go to a real server; listings are published two years before START."""

    def __init__(self, folder: Path, inbox: Inbox, **settings: Any) -> None:
        super().__init__(folder, **settings)
        self.inbox = inbox
        self.settings = self.services.settings.model_copy(update={"letters": True, "mail_url": inbox.url})
        with self.database.writing() as session:
            session.execute(update(Initiative).values(published_at=START))
        self.client = self.app.test_client()

    def publish(self, *records: Record) -> None:
        import_records(self.database, "letters", list(records), actor="t", secret_key=self.services.secret_key)
        with self.database.writing() as session:
            ids = select(Row.initiative_id).where(Row.platform_id == "letters")
            session.execute(update(Initiative).where(Initiative.id.in_(ids)).values(published_at=START - 2 * YEAR))

    def night(self, now: datetime = START) -> Sequence[EmailMessage]:
        """The letters that one round sends."""
        before = len(self.inbox.mails)
        with time_machine.travel(now, tick=False):
            queue_due_letters(self.settings, self.database, now)
            deliver_due(self.database, self.settings)
        return [mail for _, mail in self.inbox.mails[before:]]

    def id_of(self, number: str = "1") -> str:
        with self.database.reading() as session:
            is_it = Row.remote_id == number, Row.platform_id == "letters"
            return session.scalars(select(Initiative.public_id).join(Row).where(*is_it)).one()

    def causes(self) -> list[str]:
        with self.database.reading() as session:
            return [str(one.cause) for one in stale.items(session, limit=9) if one.public_id == self.id_of()]


def organisation(number: str = "1", lang: str = "lv", email: str | None = ANNA, **more: Any) -> Record:
    return Record(number, title={lang: f"Saules māja {number}"}, kind="organisation", email=email, **more)


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Lettered:
    site = Lettered(tmp_path, inbox)
    site.publish(organisation())
    return site


def links(mail: EmailMessage) -> dict[str, str]:
    """The paths of the links by the answer that they choose; `end` ends the letters."""
    text = text_of(mail)
    found = {said: path for path, said in re.findall(r"http://127\.0\.0\.1:8000(/\S+\?answer=(\w+))", text)}
    (end,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+/end)", text)
    return found | {"end": end}


def press(site: Lettered, mail: EmailMessage, said: str, now: datetime = START) -> Any:
    with time_machine.travel(now, tick=False):
        return site.client.post(links(mail)[said].partition("?")[0], data={"answer": said})


def test_without_the_setting_nobody_is_written_to(site: Lettered) -> None:
    site.settings = site.settings.model_copy(update={"letters": False})
    assert site.night() == []


def test_a_letter_comes_once_a_year_and_not_twice(site: Lettered) -> None:
    (mail,) = site.night()
    assert mail["To"] == ANNA
    assert mail["Subject"] == "Vai tas, ko rakstām par „Saules māja 1”, vēl ir pareizi?"
    assert site.night(START + DAY) == []
    assert site.night(START + 360 * DAY) == []
    assert len(site.night(START + YEAR)) == 1


def test_two_workers_write_one_letter(tmp_path: Path, inbox: Inbox, database_url: str) -> None:
    site = Lettered(tmp_path, inbox, database_url=database_url)
    site.publish(organisation("1"), organisation("2"))
    with ThreadPoolExecutor(2) as pool:
        rounds = [pool.submit(queue_due_letters, site.settings, site.database, START) for _ in range(2)]
        assert sum(one.result() for one in rounds) == 1


@pytest.mark.parametrize(
    "record",
    [
        organisation("2", email=None),
        Record("2", title={"lv": "Talka"}, kind="project", email="b@talka.example"),
        Record("2", title={"lv": "Talka"}, email="b@talka.example"),
    ],
)
def test_only_organisations_with_an_address_are_written_to(site: Lettered, record: Record) -> None:
    site.publish(record)
    assert [mail["To"] for mail in site.night()] == [ANNA]


def test_the_letter_is_in_the_language_of_the_listing(site: Lettered) -> None:
    site.publish(organisation("2", "en", "b@saule.example"), organisation("3", "et", "c@saule.example"))
    mails = {mail["To"]: mail for mail in site.night()}
    assert {to: mail["Content-Language"] for to, mail in mails.items()} == {
        ANNA: "lv",
        "b@saule.example": "en",
        "c@saule.example": "en",
    }
    assert "Labdien" in text_of(mails[ANNA])
    assert "Good day" in text_of(mails["b@saule.example"])


def test_an_address_gets_one_letter_in_thirty_days(site: Lettered) -> None:
    site.publish(organisation("2", email=ANNA.upper()))
    assert len(site.night()) == 1
    assert site.night(START + 29 * DAY) == []
    assert len(site.night(START + 31 * DAY)) == 1


def test_fifty_letters_go_out_in_a_day(site: Lettered) -> None:
    site.publish(*(organisation(str(n), email=f"n{n}@saule.example") for n in range(2, 54)))
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 0
    assert queue_due_letters(site.settings, site.database, START) == 50
    assert queue_due_letters(site.settings, site.database, START + DAY / 2) == 0
    assert queue_due_letters(site.settings, site.database, START + DAY) == 3


def test_an_edit_or_a_confirmation_counts_for_a_year(site: Lettered) -> None:
    with time_machine.travel(START, tick=False), site.database.writing() as session:
        version = session.scalars(select(Initiative.version).where(Initiative.public_id == site.id_of())).one()
        edits.set_value(session, edits.Edit(site.id_of(), "place", "", CURATOR, version), "Ogre")
    assert site.night(START + DAY) == []
    assert len(site.night(START + YEAR)) == 1


def test_after_joining_two_listings_neither_is_asked_again(site: Lettered) -> None:
    site.publish(organisation("1", email=None), organisation("2", email="b@saule.example", website="https://cita.example/"))
    (mail,) = site.night()
    assert mail["To"] == "b@saule.example"
    with time_machine.travel(START, tick=False), site.database.writing() as session:
        judgements.judge(session, site.id_of("1"), site.id_of("2"), JudgementVerdict.SAME, Word(CURATOR, START))
    assert site.night(START + 40 * DAY) == []
    press(site, mail, "ended", START + 41 * DAY)
    assert site.causes()[0] == "ended"
    assert len(site.night(START + YEAR)) == 1


def test_another_address_is_no_reason_for_another_letter(site: Lettered) -> None:
    assert len(site.night()) == 1
    site.publish(organisation(email="jana@saule.example"))
    assert site.night(START + 40 * DAY) == []
    assert [mail["To"] for mail in site.night(START + YEAR)] == ["jana@saule.example"]


@pytest.mark.parametrize("said", ["correct", "change", "ended"])
def test_opening_a_link_changes_nothing(site: Lettered, said: str) -> None:
    (mail,) = site.night()
    with time_machine.travel(START, tick=False):
        page = site.client.get(links(mail)[said])
        assert page.status_code == 200
        assert "Saules māja 1" in page.get_data(as_text=True)
        assert site.client.get(links(mail)["end"]).status_code == 200
    with site.database.reading() as session:
        assert session.scalars(select(Letter.answer)).all() == [None]
    assert len(site.night(START + YEAR)) == 1


def test_right_is_a_confirmation_for_a_year(site: Lettered) -> None:
    (mail,) = site.night()
    later = START + 80 * DAY
    assert press(site, mail, "correct", later).status_code == 200
    assert site.night(START + YEAR) == []
    assert len(site.night(later + YEAR)) == 1


def test_no_longer_exists_asks_a_curator_and_hides_nothing(site: Lettered) -> None:
    (mail,) = site.night()
    press(site, mail, "ended")
    assert site.causes()[0] == "ended"
    assert site.client.get(f"/lv/initiatives/{site.id_of()}/saules-maja-1").status_code == 200
    press(site, mail, "correct")
    assert "ended" not in site.causes()


def test_a_change_opens_the_form_with_what_is_known(site: Lettered) -> None:
    (mail,) = site.night()
    page = press(site, mail, "change").get_data(as_text=True)
    assert f'action="/lv/initiatives/{site.id_of()}/report"' in page
    assert f'value="{ANNA}"' in page
    with site.database.reading() as session:
        assert session.scalars(select(Correction)).all() == []


@pytest.mark.parametrize(("after", "status"), [(89 * DAY, 200), (90 * DAY, 410)])
def test_the_links_work_for_ninety_days(site: Lettered, after: timedelta, status: int) -> None:
    (mail,) = site.night()
    with time_machine.travel(START + after, tick=False):
        assert site.client.get(links(mail)["correct"]).status_code == status
        assert site.client.get(links(mail)["end"]).status_code == 200
    assert press(site, mail, "correct", START + after).status_code == status


def test_a_link_is_of_no_use_for_another_listing(site: Lettered) -> None:
    site.publish(organisation("2", email="b@saule.example"))
    site.night()
    tokens = {mail["To"]: links(mail)["correct"].split("/")[-1].partition("?")[0] for _, mail in site.inbox.mails}
    ids, secrets = zip(*(token.split("-") for token in tokens.values()), strict=True)
    with time_machine.travel(START, tick=False):
        assert site.client.post(f"/lv/letters/{ids[0]}-{secrets[1]}", data={"answer": "ended"}).status_code == 410
        assert site.client.post(f"/lv/letters/{ids[0]}-{secrets[0][:-1]}", data={"answer": "ended"}).status_code == 410


@pytest.mark.parametrize("how", ["header", "link"])
def test_who_wants_no_letters_gets_none(site: Lettered, how: str) -> None:
    site.publish(organisation("2"))
    (mail,) = site.night()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    path = header if how == "header" else links(mail)["end"]
    site.app.config["WTF_CSRF_ENABLED"] = True
    with time_machine.travel(START + 200 * DAY, tick=False):
        assert site.client.post(path, data={}).status_code == 400
        assert site.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert site.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert site.night(START + YEAR) == []


def test_a_removed_listing_gets_no_letter_and_its_links_end(site: Lettered) -> None:
    (mail,) = site.night()
    with site.database.writing() as session:
        removal.suppress(session, public_id=site.id_of(), actor=CURATOR, reason="lūgums", key=site.services.secret_key)
    with time_machine.travel(START, tick=False):
        assert site.client.get(links(mail)["correct"]).status_code == 410
    assert site.night(START + YEAR) == []


def test_the_address_is_kept_as_a_hash_only(site: Lettered) -> None:
    site.night()
    with site.database.reading() as session:
        (letter,) = session.scalars(select(Letter)).all()
    assert re.fullmatch("[0-9a-f]{64}", letter.address)


@pytest.fixture
def desk(tmp_path: Path, inbox: Inbox) -> Lettered:
    """A site that sends letters, with an organisation that nobody confirmed for two years, and one that is new."""
    desk = Lettered(tmp_path, inbox, letters=True)
    desk.publish(organisation())
    with desk.database.writing() as session:
        session.execute(update(Initiative).values(published_at=datetime.now(UTC) - 3 * YEAR))
    return desk


def ask(desk: Lettered) -> Any:
    data = {"listing": desk.id_of(), "cause": "unconfirmed", "decision": "ask"}
    return desk.signed_in().post("/lv/desk/stale", data=data)


def test_a_curator_has_the_organisation_asked_and_the_listing_waits_for_the_answer(desk: Lettered) -> None:
    assert desk.causes() == ["unconfirmed"]
    item = f"/lv/desk/stale?item={desk.id_of()}-unconfirmed"
    assert 'value="ask"' in desk.signed_in().get(item).get_data(as_text=True)
    assert ask(desk).status_code == 302
    assert desk.causes() == []
    deliver_due(desk.database, desk.settings)
    ((_, mail),) = [one for one in desk.inbox.mails if one[1]["To"] == ANNA]
    desk.client.post(links(mail)["ended"].partition("?")[0], data={"answer": "ended"})
    assert desk.causes() == ["ended"]


def test_asking_is_taken_back_and_not_repeated_within_thirty_days(desk: Lettered) -> None:
    location = ask(desk).location
    (id,) = re.findall(r"done=(\d+)", location)
    assert desk.signed_in().post("/lv/desk/stale/undo", data={"decision": id}).status_code == 302
    assert desk.causes() == ["unconfirmed"]
    assert 'value="ask"' not in desk.signed_in().get(f"/lv/desk/stale?item={desk.id_of()}-unconfirmed").get_data(as_text=True)
    assert ask(desk).status_code == 409
    assert desk.causes() == ["unconfirmed"]


def test_a_curator_cannot_ask_where_letters_are_off(site: Lettered) -> None:
    with site.database.writing() as session:
        session.execute(update(Initiative).values(published_at=datetime.now(UTC) - 3 * YEAR))
    answer = ask(site)
    assert answer.status_code == 409
    assert "Organizācijai nevar uzrakstīt" in answer.get_data(as_text=True)
    assert site.causes() == ["unconfirmed"]
