"""Attacks on every link that stands for a person: LINKS are tried with each of ATTACKS; a link that is not in the table fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Membership, Role, User
from tests.people.desk import Desk
from tests.people.links import LINKS, SAME_TOKEN, Link, prepared
from tests.people.members import account
from tests.people.subscribing import whole_database

SECOND = timedelta(seconds=1)
STRANGER = "svesais@cits.example"
Failures = Iterator[str]
Attack = Callable[[Desk, Link], Failures]


def use(client: FlaskClient, link: Link, token: str, rule: str | None = None) -> TestResponse:
    """Do what the link is for: send its form, or read its page where it has none."""
    path = link.path(token, rule)
    return client.get(path) if link.sent is None else client.post(path, data=dict(link.sent))


def works(answer: TestResponse) -> bool:
    return answer.status_code in (200, 302, 303)


def refused(desk: Desk, link: Link, token: str, what: str) -> Failures:
    """Whether reading and using are refused, and change nothing."""
    before, client = whole_database(desk.database), desk.app.test_client()
    for rule in link.rules:
        read, used = client.get(link.path(token, rule)).status_code, use(client, link, token, rule).status_code
        if (read, used) != (link.bad, link.bad if link.sent is None else link.bad_use or link.bad):
            yield f"{what} gives {read} and {used} at {rule}"
    if whole_database(desk.database) != before:
        yield f"{what} changed something"


def it_works_at_all(desk: Desk, link: Link) -> Failures:
    client, token = desk.app.test_client(), link.make(desk)
    for rule in link.rules:
        if client.get(link.path(token, rule)).status_code != 200 or not works(use(client, link, token, rule)):
            yield f"it does not work at {rule}"


def used_twice(desk: Desk, link: Link) -> Failures:
    token = link.make(desk)
    use(desk.app.test_client(), link, token)
    if link.is_single:
        yield from refused(desk, link, token, "a second use")
    elif not works(use(desk.app.test_client(), link, token)):
        yield "it works once only"


def expired(desk: Desk, link: Link) -> Failures:
    with time_machine.travel(utc_now(), tick=False) as clock:
        token = link.make(desk)
        clock.shift((link.lifetime or timedelta(days=300)) - SECOND)
        if desk.app.test_client().get(link.path(token)).status_code != 200:
            yield "it ends too soon"
        clock.shift(SECOND)
        if link.lifetime is not None:
            yield from refused(desk, link, token, "an expired one")


def for_something_else(desk: Desk, link: Link) -> Failures:
    for other in LINKS:
        is_same = any({link.rules[0], other.rules[0]} <= rules for rules in SAME_TOKEN)
        if other is not link and not is_same:
            yield from refused(desk, link, other.make(desk), f"a token of {other.name}")


def tampered(desk: Desk, link: Link) -> Failures:
    token = link.make(desk)
    middle, last = len(token) // 2, len(token) - 1
    changed = {token[:one] + ("b" if token[one] != "b" else "c") + token[one + 1 :] for one in (middle, last)}
    for one in (
        *changed,
        token[:-1],
        f"{token}0",
        token.swapcase(),
        token.partition("-")[0] if "-" in token else "x",
        "-",
        "x" * 400,
        "ā",
    ):
        yield from refused(desk, link, one, f"a changed token ({one[:8]}…)")


def prefetched(desk: Desk, link: Link) -> Failures:
    token = link.make(desk)
    before = whole_database(desk.database)
    for rule in link.rules:
        client = desk.app.test_client()
        answers = client.get(link.path(token, rule)), client.head(link.path(token, rule))
        if any(one.status_code != 200 or "platforma_session" in str(one.headers) for one in answers):
            yield f"reading {rule} gives {[one.status_code for one in answers]}, or a session"
    if whole_database(desk.database) != before:
        yield "reading changes something"


def with_another_account(desk: Desk, link: Link) -> Failures:
    """A stranger who is signed in gets no right by the link of somebody else."""
    token, stranger = link.make(desk), account(desk, STRANGER)
    answer = use(stranger, link, token)
    if link.is_bound and answer.status_code != link.bad:
        yield f"another account uses it: {answer.status_code}"
    with desk.database.reading() as session:
        user = session.scalars(select(User).where(User.email == STRANGER)).one()
        if user.role != Role.PARTNER or session.scalar(select(Membership.id).where(Membership.user_id == user.id)):
            yield "a stranger has new rights"


def ended(desk: Desk, link: Link) -> Failures:
    """What it stands on is gone: the account, the contact, the subscription, the listing."""
    token = link.make(desk)
    if link.end is not None:
        link.end(desk)
        yield from refused(desk, link, token, "one that ended")


def told_to_others(desk: Desk, link: Link) -> Failures:
    """Every answer, good or bad, is kept by nobody, found by no search engine, and named to no other site."""
    token, client = link.make(desk), desk.app.test_client()
    for rule in link.rules:
        paths = (link.path(token, rule), link.path(f"{token}x", rule))
        answers = [client.get(path) for path in paths] + ([] if link.sent is None else [use(client, link, token, rule)])
        for one in answers:
            if one.headers.get("Referrer-Policy") not in ("no-referrer", "same-origin"):
                yield f"{rule} tells other sites: {one.headers.get('Referrer-Policy')}"
            if "no-store" not in one.headers.get("Cache-Control", "") or one.headers.get("X-Robots-Tag") != "noindex":
                yield f"{rule} may be kept or found: {one.status_code}"


def stored(desk: Desk, link: Link) -> Failures:
    """The secret stands neither in the database nor in the log, before and after it is used."""
    token = link.make(desk)
    is_whole = any(name in link.path(token) for name in ("/register/looks/", "/register/tables/"))
    secret = token if is_whole else token.rpartition("-")[2]
    before = whole_database(desk.database)
    use(desk.app.test_client(), link, token)
    if secret in before or secret in whole_database(desk.database):
        yield "the secret is stored"


ATTACKS: tuple[Attack, ...] = (
    it_works_at_all, used_twice, expired, for_something_else, tampered, prefetched, with_another_account, told_to_others, stored, ended,
)  # fmt: skip


def test_every_address_with_a_token_is_in_the_table(desk: Desk) -> None:
    """But those below a page of a platform, which its members alone open, and buttons of pages that are in it."""
    readable = [rule for rule in desk.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    rules = {rule.rule for rule in readable if "token" in rule.arguments and "public_id" not in rule.arguments}
    assert rules == {rule for link in LINKS for rule in link.rules}


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_a_link_withstands_each_attack(tmp_path: Path, link: Link, caplog: pytest.LogCaptureFixture) -> None:
    desk = prepared(Desk(tmp_path))
    with caplog.at_level(logging.INFO):
        token = link.make(desk)
        use(desk.app.test_client(), link, token)
        failures = {attack.__name__: "; ".join(attack(desk, link)) for attack in ATTACKS}
    assert token not in caplog.text
    assert "\n".join(f"{name}: {found}" for name, found in failures.items() if found) == ""


@pytest.mark.parametrize("link", [link for link in LINKS if link.is_single], ids=lambda link: link.name)
def test_of_two_who_use_a_link_at_once_one_succeeds(tmp_path: Path, database_url: str, link: Link) -> None:
    desk = prepared(Desk(tmp_path, database_url=database_url))
    token, statuses, together = link.make(desk), list[int](), threading.Barrier(2, timeout=60)

    def press() -> None:
        client = desk.app.test_client()
        together.wait()
        statuses.append(use(client, link, token).status_code)

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert sorted(status == link.bad for status in statuses) == [False, True], statuses
