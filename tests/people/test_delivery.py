"""Delivery: nobody waits for a mail server, no mail goes twice, and what cannot be delivered is told at the desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Mail, MailState, Role
from platforma.mail import mail_queue, smtp
from platforma.mail.delivery import CLAIM_DURATION, MAX_BACKOFF, backoff
from platforma.mail.mail_queue import RETRY_FOR
from tests.people.inbox import END, GREETING, Inbox, scripted
from tests.people.post import ANNA, AWAY, Post
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture, public_id

PATIENCE_SECONDS = 60
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DELIVERY = """
import sys
from platforma.catalogue.database import prepare
from platforma.mail.delivery import deliver_due
from platforma.settings import load_settings
settings = load_settings()
deliver_due(prepare(settings), settings)
"""


@pytest.fixture
def post(tmp_path: Path, database_url: str) -> Post:
    return Post(tmp_path, database_url)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries wait for their server as long as any test runs."""
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 600)


def delivering(post: Post, url: str) -> threading.Thread:
    """A worker that delivers, in a thread of its own."""
    thread = threading.Thread(target=post.deliver, args=(url,), daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("silent_at", [GREETING, "RCPT", END])
@pytest.mark.usefixtures("patient")
def test_a_silent_mail_server_keeps_nobody_waiting(site_on: SiteFixture, silent_at: str) -> None:
    with site_on.database.writing() as session:
        mail_queue.queue_mail(session, to=ANNA, lang="lv", subject="S", body="B")
    curator, id = site_on.signed_in(), public_id(site_on)
    post = Post(site_on.folder, site_on.services.settings.database_url)
    with scripted(silent_at) as server:
        worker = delivering(post, server.url)
        server.wait_until_silent()
        proposed = ask_for_link(site_on, "https://a.example", "a@a.example")
        removed = curator.post(f"/lv/desk/initiatives/{id}/removal", data={"reason": "lūdza", "sure": "1"})
        is_still_held = worker.is_alive() and not server.released.is_set()
        server.go_on()
        worker.join(PATIENCE_SECONDS)
    assert (proposed.status_code, removed.status_code, is_still_held) == (200, 302, True)
    assert post.states()[ANNA] == "sent"


@pytest.mark.usefixtures("patient")
def test_of_two_workers_at_once_only_one_sends_a_mail(post: Post, inbox: Inbox) -> None:
    post.put()
    with scripted("RCPT") as server:
        first = delivering(post, server.url)
        server.wait_until_silent()
        assert post.deliver(inbox.url) == 0
        server.go_on()
        first.join(PATIENCE_SECONDS)
    assert (server.steps.count(END), inbox.mails, post.states()) == (1, [], {ANNA: "sent"})


@pytest.mark.usefixtures("patient")
def test_a_worker_that_slept_longer_than_its_claim_sends_nothing(post: Post, inbox: Inbox) -> None:
    post.put()
    with scripted("RCPT") as server:
        first = delivering(post, server.url)
        server.wait_until_silent()
        with time_machine.travel(utc_now() + CLAIM_DURATION + timedelta(seconds=1)):
            assert post.deliver(inbox.url) == 1
            server.go_on()
            first.join(PATIENCE_SECONDS)
    assert (END in server.steps, inbox.recipients, post.states()) == (False, [ANNA], {ANNA: "sent"})


def killed_at(post: Post, step: str) -> int:
    """Kill a worker while its server is silent there; how many mails that server had got whole."""
    with scripted(step) as server:
        environment = os.environ | {
            "PLATFORMA_DATA_DIR": str(post.settings.data_dir),
            "PLATFORMA_DATABASE_URL": post.settings.database_url,
            "PLATFORMA_MAIL_URL": server.url,
        }
        worker = subprocess.Popen([sys.executable, "-c", DELIVERY], env=environment)
        server.wait_until_silent()
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE_SECONDS)
        return server.steps.count(END)


def test_a_worker_killed_before_it_handed_over_loses_nothing(post: Post, inbox: Inbox) -> None:
    post.put()
    assert killed_at(post, "RCPT") == 0
    assert post.deliver(inbox.url) == 0, "the claim still stands"
    with time_machine.travel(utc_now() + CLAIM_DURATION + timedelta(seconds=1)):
        assert (post.deliver(inbox.url), post.deliver(inbox.url)) == (1, 0)
    assert (inbox.recipients, post.states()) == ([ANNA], {ANNA: "sent"})


def test_a_worker_killed_while_it_handed_over_leaves_the_question_to_a_person(post: Post, inbox: Inbox) -> None:
    post.put()
    assert killed_at(post, END) == 1
    for later in (CLAIM_DURATION - timedelta(minutes=1), CLAIM_DURATION + timedelta(seconds=1), timedelta(days=1)):
        with time_machine.travel(utc_now() + later):
            assert post.deliver(inbox.url) == 0
    assert (inbox.mails, post.states()) == ([], {ANNA: "uncertain"})


@pytest.mark.parametrize(("step", "state"), [("RCPT", "waiting"), (END, "uncertain")])
def test_a_connection_that_breaks_is_tried_again_only_where_nothing_can_have_gone(post: Post, step: str, state: str) -> None:
    post.put()
    with scripted(step) as server:
        worker = delivering(post, server.url)
        server.wait_until_silent()
        server.hang_up()
        worker.join(PATIENCE_SECONDS)
    assert post.states() == {ANNA: state}


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such user", "failed"), ("500 no", "failed"), ("499 not now", "waiting"), ("451 come later", "waiting")],
)
@pytest.mark.parametrize("to_content", [False, True])
def test_a_refusal_for_good_ends_a_mail_at_once_and_holds_up_no_other(
    post: Post, inbox: Inbox, answer: str, state: str, to_content: bool
) -> None:
    (inbox.answers_to_content if to_content else inbox.answers)["nav@partneris.example"] = answer
    for to in ("pirms@partneris.example", "nav@partneris.example", "pec@partneris.example"):
        post.put(to)
    assert post.deliver(inbox.url) == 2
    assert post.states() == {"pirms@partneris.example": "sent", "nav@partneris.example": state, "pec@partneris.example": "sent"}
    refused = post.mails()[1]
    assert refused.error == answer and (refused.ended_at is not None) == (state == "failed")


@pytest.mark.parametrize("to", ["", "@", "a@", "x@y@z", "a b@c", "jānis@x.example", f"{'a' * 400}@x.example", "<a@x.example>,"])
def test_an_impossible_address_holds_up_no_other(post: Post, inbox: Inbox, to: str) -> None:
    inbox.answers[to] = "550 no"
    post.put(to)
    post.put()
    assert post.deliver(inbox.url) >= 1
    assert ANNA in inbox.recipients
    assert post.states()[ANNA] == "sent"


def test_one_recipient_at_whom_the_server_hangs_up_does_not_hold_up_the_next_round(post: Post, inbox: Inbox) -> None:
    inbox.answers["nav@partneris.example"] = "421 going away"
    post.put("nav@partneris.example")
    post.put()
    post.deliver(inbox.url)
    post.deliver(inbox.url)
    assert inbox.recipients == [ANNA]


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (400, 60)])
def test_pauses_double_up_to_an_hour_and_differ_by_chance(attempts: int, minutes: int) -> None:
    assert backoff(attempts, 0.0) == timedelta(minutes=minutes)
    assert backoff(attempts, 1.0) == timedelta(minutes=minutes) * 1.25


def test_a_mail_is_tried_with_growing_pauses_for_three_days_and_then_given_up(post: Post) -> None:
    moments: list[datetime] = []
    with time_machine.travel(START, tick=False) as clock:
        post.put()
        while post.states() == {ANNA: "waiting"}:
            moments.append(utc_now())
            post.deliver(AWAY)
            clock.move_to(post.mails()[0].due_at)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[0] < pauses[2] < pauses[4] < pauses[8] <= MAX_BACKOFF * 1.25
    assert moments[-1] == START + RETRY_FOR
    assert post.states() == {ANNA: "failed"}
    assert "refused" in str(post.mails()[0].error)


def test_a_second_before_the_three_days_are_over_a_mail_is_not_given_up(post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        post.put()
        clock.move_to(START + RETRY_FOR - timedelta(seconds=1))
        post.deliver(AWAY)
        (mail,) = post.mails()
        assert (mail.state, mail.due_at) == (MailState.WAITING, START + RETRY_FOR)
        clock.move_to(START + RETRY_FOR)
        post.deliver(AWAY)
        assert post.states() == {ANNA: "failed"}


def undelivered(site: SiteFixture, state: MailState, **more: Any) -> int:
    with site.database.writing() as session:
        mail_queue.queue_mail(session, to=ANNA, lang="lv", subject="Jūsu platforma", body="B")
        session.flush()
        newest = select(func.max(Mail.id)).scalar_subquery()
        session.execute(
            update(Mail).where(Mail.id == newest).values(state=state, error="550 no such user", ended_at=utc_now(), **more)
        )
        return mail_queue.undelivered(session)[0].id


@pytest.mark.parametrize(
    ("lang", "title", "question"),
    [
        ("lv", "Nepiegādātas vēstules", "pajautājiet saņēmējam"),
        ("en", "E-mails that were not delivered", "Ask the recipient before you send"),
    ],
)
@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNCERTAIN])
def test_the_desk_tells_of_what_was_given_up(site: SiteFixture, lang: str, title: str, question: str, state: MailState) -> None:
    curator = site.signed_in()
    assert title not in curator.get(f"/{lang}/desk/").get_data(as_text=True)
    assert "550" not in curator.get(f"/{lang}/desk/mails/").get_data(as_text=True)
    undelivered(site, state)
    assert title in curator.get(f"/{lang}/desk/").get_data(as_text=True)
    page = curator.get(f"/{lang}/desk/mails/").get_data(as_text=True)
    assert all(part in page for part in (ANNA, "Jūsu platforma", "550 no such user"))
    assert (question in page) == (state == MailState.UNCERTAIN)


def test_a_curator_tries_a_mail_again_or_dismisses_it_once(site: SiteFixture) -> None:
    curator = site.signed_in()
    mail_id = undelivered(site, MailState.FAILED, attempts=9, give_up_at=utc_now())
    assert curator.post(f"/lv/desk/mails/{mail_id}", data={"decision": "retry"}).status_code == 302
    assert site.last_mail()["To"] == ANNA
    for decision in ("retry", "dismiss"):
        answer = curator.post(f"/en/desk/mails/{mail_id}", data={"decision": decision})
        assert answer.status_code == 409 and "already decided on this e-mail" in answer.get_data(as_text=True)
    second = undelivered(site, MailState.UNCERTAIN)
    assert curator.post(f"/lv/desk/mails/{second}", data={"decision": "dismiss"}).status_code == 302
    assert ANNA not in curator.get("/lv/desk/mails/").get_data(as_text=True)


def test_a_mail_that_is_tried_again_has_three_days_more(post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        post.put()
        clock.move_to(START + timedelta(days=9))
        post.deliver(AWAY)
        with post.database.writing() as session:
            mail_queue.retry(session, mail_id=1, actor="test")
        post.deliver(AWAY)
        (mail,) = post.mails()
        assert (mail.state, mail.attempts) == (MailState.WAITING, 1)
        assert mail.give_up_at == START + timedelta(days=9) + RETRY_FOR
        with post.database.writing() as session, pytest.raises(BadState):
            mail_queue.dismiss(session, mail_id=1, actor="test")


@pytest.mark.parametrize("role", [None, Role.PARTNER])
def test_undelivered_mails_are_shown_to_the_staff_only(site: SiteFixture, role: Role | None) -> None:
    mail_id = undelivered(site, MailState.FAILED)
    client = site.signed_in(role) if role else site.app.test_client()
    assert client.get("/lv/desk/mails/").status_code == (403 if role else 302)
    assert client.post(f"/lv/desk/mails/{mail_id}", data={"decision": "dismiss"}).status_code == (403 if role else 401)
    assert site.signed_in().get("/lv/desk/mails/").get_data(as_text=True).count(ANNA) == 1
