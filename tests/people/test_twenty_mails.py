"""Twenty mails over a real SMTP server that refuses, is slow, hangs up, is down and comes back: each arrives exactly once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.smtp import SMTP

from platforma.mail import smtp
from platforma.mail.delivery import CLAIM_DURATION
from platforma.mail.mail_queue import MAX_SUBJECT_CHARACTERS
from tests.people.inbox import GREETING, Inbox, scripted, text_of
from tests.people.post import ANNA, AWAY, Post
from tests.people.subscribing import START

PEOPLE = tuple(f"lasitajs{number}@partneris.example" for number in range(20))
LATER = timedelta(hours=2)
"""Longer than any pause between two attempts."""


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def put_all(post: Post) -> None:
    for person in PEOPLE:
        post.put(to=person)


def each_arrived_once(post: Post, inbox: Inbox, *but: str) -> bool:
    return Counter(inbox.recipients) == Counter(set(PEOPLE) - set(but)) and all(
        state == "sent" for to, state in post.states().items() if to not in but
    )


@dataclass(frozen=True)
class Refusal:
    """What a server says to some people for a while."""

    begin: Callable[[Inbox], None]
    end: Callable[[Inbox], None]


def to_recipients(answer: str, *people: str) -> Refusal:
    return Refusal(lambda inbox: inbox.answers.update(dict.fromkeys(people, answer)), lambda inbox: inbox.answers.clear())


def to_contents(answer: str, *people: str) -> Refusal:
    return Refusal(
        lambda inbox: inbox.answers_to_content.update(dict.fromkeys(people, answer)),
        lambda inbox: inbox.answers_to_content.clear(),
    )


@pytest.mark.parametrize(
    "refusal",
    [
        to_recipients("450 later", *PEOPLE),
        to_recipients("451 greylisted", *PEOPLE[::3]),
        to_recipients("421 going away", PEOPLE[0]),
        to_recipients("421 going away", *PEOPLE),
        to_contents("452 full", *PEOPLE),
        to_contents("451 later", *PEOPLE[5:9]),
        to_contents("421 going away", PEOPLE[3]),
    ],
    ids=["all at RCPT", "some at RCPT", "one hangs up at RCPT", "all hang up at RCPT", "all at DATA", "some at DATA", "hangs up at DATA"],
)  # fmt: skip
def test_each_arrives_once_where_the_server_refuses_for_a_while(
    post: Post, inbox: Inbox, clock: time_machine.Traveller, refusal: Refusal
) -> None:
    put_all(post)
    refusal.begin(inbox)
    for _ in range(4):
        post.deliver(inbox.url)
        clock.shift(LATER)
    refusal.end(inbox)
    for _ in range(3):
        post.deliver(inbox.url)
        clock.shift(LATER)
    assert each_arrived_once(post, inbox), post.states()


def test_each_arrives_once_where_the_server_refuses_every_connection_at_first(
    post: Post, inbox: Inbox, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(post)
    with scripted(GREETING) as server:
        monkeypatch.setattr(server, "ANSWERS", {**server.ANSWERS, GREETING: b"421 too many connections\r\n"})
        server.go_on()
        for _ in range(3):
            assert post.deliver(server.url) == 0
            clock.shift(LATER)
    assert set(post.states().values()) == {"waiting"} and "421" in str(post.mails()[0].error)
    post.deliver(inbox.url)
    assert each_arrived_once(post, inbox)


def test_each_arrives_once_where_the_server_is_down_by_turns(post: Post, inbox: Inbox, clock: time_machine.Traveller) -> None:
    put_all(post)
    for server in (AWAY, inbox.url, AWAY, inbox.url):
        post.deliver(server)
        clock.shift(LATER)
    assert each_arrived_once(post, inbox)


def test_each_arrives_once_where_the_server_goes_down_in_the_middle(
    post: Post, inbox: Inbox, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(post)
    taken = inbox.handle_DATA

    async def handle_seven(server: Any, session: Any, envelope: Any) -> str:
        return await taken(server, session, envelope) if len(inbox.mails) < 7 else "421 shutting down"

    monkeypatch.setattr(inbox, "handle_DATA", handle_seven)
    post.deliver(inbox.url)
    assert len(inbox.mails) == 7
    monkeypatch.undo()
    for _ in range(2):
        clock.shift(LATER)
        post.deliver(inbox.url)
    assert each_arrived_once(post, inbox)


def test_each_arrives_once_where_the_answers_are_slow_and_three_workers_deliver(
    post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(post)
    taken, turn = inbox.handle_RCPT, threading.Barrier(3, timeout=60)
    arrived: list[str] = []

    async def handle_slowly(server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        arrived.append(address)
        return await taken(server, session, envelope, address, options)

    monkeypatch.setattr(inbox, "handle_RCPT", handle_slowly)

    def work() -> None:
        turn.wait()
        post.deliver(inbox.url)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    post.deliver(inbox.url)
    assert each_arrived_once(post, inbox) and Counter(arrived) == Counter(PEOPLE)


@pytest.mark.parametrize("silent_at", ["EHLO", "MAIL", "RCPT"])
def test_a_server_that_falls_silent_before_the_mail_itself_costs_one_attempt_and_no_mail(
    post: Post, inbox: Inbox, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, silent_at: str
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.5)
    put_all(post)
    with scripted(silent_at) as server:
        assert post.deliver(server.url) == 0
        assert server.steps.count("DATA") == 0
    clock.shift(max(LATER, CLAIM_DURATION))
    post.deliver(inbox.url)
    assert each_arrived_once(post, inbox)


def test_who_is_refused_for_good_stops_no_other(post: Post, inbox: Inbox, clock: time_machine.Traveller) -> None:
    put_all(post)
    gone, full = PEOPLE[4], PEOPLE[11]
    inbox.answers[gone], inbox.answers_to_content[full] = "550 no such user", "552 too large"
    for _ in range(3):
        post.deliver(inbox.url)
        clock.shift(LATER)
    assert each_arrived_once(post, inbox, gone, full)
    assert [post.states()[one] for one in (gone, full)] == ["failed", "failed"]
    assert post.mails()[4].attempts == 1, "what is refused for good is not tried again"


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Saite\r\nBcc: cits@partneris.example", "Saite Bcc: cits@partneris.example"),
        ("Saite\u2028Bcc:\u2029x\x85y\x0bz", "Saite Bcc: x y z"),
        ("Dārzs \u202egro.live\u202c \u2066x\u2069 \u200fz", "Dārzs gro.live x z"),
        ("\ufeffSa\u200bite\u00ad\x00", "Saite"),
        ("Pusotra \ud83d pāra", "Pusotra pāra"),
        ("ģ" * 5000, "ģ" * (MAX_SUBJECT_CHARACTERS - 1) + "…"),
        ("", ""),
    ],
    ids=["line break", "other line breaks", "turned around", "unseen", "half a pair", "very long", "empty"],
)
def test_a_subject_is_one_line_that_is_read_as_it_stands(post: Post, inbox: Inbox, subject: str, shown: str) -> None:
    post.put(subject=subject)
    assert post.deliver(inbox.url) == 1
    ((to, mail),) = inbox.mails
    assert str(make_header(decode_header(mail["Subject"] or ""))) == shown
    assert to == [ANNA] and mail["To"] == ANNA and mail["Bcc"] is None


HOSTILE = (
    f"{ANNA}\r\nBcc: cits@partneris.example", f"{ANNA},cits@partneris.example", f"{ANNA};cits@partneris.example",
    f"<{ANNA}>,<cits@partneris.example>", f'"x" <{ANNA}>, cits@partneris.example', f"{ANNA}> RCPT TO:<cits@partneris.example",
    f"grupa: {ANNA}, cits@partneris.example;", "anna@partneris.example\u202e", "anna\x00@partneris.example",
)  # fmt: skip


@pytest.mark.parametrize("to", HOSTILE)
def test_a_hostile_address_reaches_nobody_else_and_adds_no_header(post: Post, inbox: Inbox, to: str) -> None:
    post.put(to=to)
    post.put(to=PEOPLE[0])
    post.deliver(inbox.url)
    assert "cits@partneris.example" not in inbox.recipients and PEOPLE[0] in inbox.recipients
    for recipients, mail in inbox.mails:
        assert len(recipients) == 1 and mail["Bcc"] is None and len(mail["To"].addresses) == 1


def test_each_mail_has_the_headers_of_a_machine_s_mail(post: Post, inbox: Inbox, clock: time_machine.Traveller) -> None:
    post.put()
    post.deliver(inbox.url)
    ((_to, mail),) = inbox.mails
    assert mail["Date"].datetime == START and mail["Message-ID"].endswith("@sic.example>")
    assert (mail["Auto-Submitted"], mail["Content-Language"], mail["List-Unsubscribe"]) == ("auto-generated", "lv", None)
    names = [name for name, _value in mail.items()]
    assert len(names) == len(set(names)), "no header stands twice"
    assert "saite" in text_of(mail)
