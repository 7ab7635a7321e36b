"""Rate limits of links: nobody keeps a person from signing in, and who is refused is told what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts, rate_limits, tokens
from platforma.catalogue.people.rate_limits import RATE_LIMITS, ExceededLimit, LinkAttempt, network
from platforma.mail.delivery import deliver_due
from platforma.secret_key import secret_key
from tests.people.post import Post
from tests.people.registering import ask_for_link
from tests.people.site_fixture import SiteFixture

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CURATOR = "anna@sic.example"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def with_curator(site: SiteFixture) -> SiteFixture:
    with site.database.writing() as session:
        accounts.add_user(session, email=CURATOR, role=Role.CURATOR, actor="test")
    return site


def ask(site: SiteFixture, email: str = CURATOR, sender: str = "198.51.100.7", lang: str = "lv") -> str:
    answer = site.app.test_client().post(f"/{lang}/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": sender})
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace(email, "…")


def propose(
    site: SiteFixture, number: int, sender: str = "198.51.100.7", email: str = "", lang: str = "en", **headers: str
) -> int:
    email = email or f"info@p{number}.example"
    sent_from = {"REMOTE_ADDR": sender}
    return ask_for_link(site, f"https://p{number}.example", email, lang, environ_base=sent_from, headers=headers).status_code


def sent(site: SiteFixture) -> int:
    return deliver_due(site.database, site.services.settings)


def works(site: SiteFixture, link: str) -> bool:
    return site.app.test_client().post(link).status_code == 302


def test_a_thousand_proposals_from_many_networks_do_not_keep_a_curator_out(site_on: SiteFixture) -> None:
    site, key = with_curator(site_on), secret_key(site_on.services.settings)
    with site.database.writing() as session:
        outcomes = [
            rate_limits.count_attempt(
                session, LinkAttempt(tokens.CONFIRM_PLATFORM, f"10.0.{n // 250}.{n % 250}", f"a@p{n}.example", key)
            )
            for n in range(1_000)
        ]
    assert (outcomes.count(None), outcomes.count(ExceededLimit.ALL)) == (200, 800)
    assert propose(site, 1, sender="203.0.113.9") == 429
    ask(site)
    assert works(site, site.link())


def test_a_stranger_who_asks_again_and_again_does_not_keep_a_curator_out(
    site: SiteFixture, clock: time_machine.Traveller
) -> None:
    with_curator(site)
    mails = 0
    for minute in range(120):
        ask(site, sender=f"10.1.{minute}.1")
        mails += sent(site)
        clock.shift(timedelta(minutes=1))
    assert 6 < mails <= 2 * 8, "at most five an hour, and a new one whenever the last has run out"
    link = site.link()
    assert works(site, link), "the newest mail of the curator holds a link that works"
    ask(site, sender="192.0.2.1")
    assert site.link() != link
    assert works(site, site.link())


def test_two_hundred_requests_at_once_leave_the_curator_a_link_that_works(site_on: SiteFixture) -> None:
    site = with_curator(site_on)
    for number in range(200):
        ask(site, sender=f"10.3.0.{number % 4}")
    assert sent(site) <= RATE_LIMITS[tokens.SIGN_IN].recipient, "and their mailbox is not flooded"
    ask(site, sender="192.0.2.1")
    assert works(site, site.link()), "what the page promises: a link is on its way, or the last one still works"
    ask(site, sender="192.0.2.1")
    assert works(site, site.link()), "who has used the link up gets another one at once"


def test_many_requests_of_one_network_do_not_keep_its_curator_out(site: SiteFixture) -> None:
    with_curator(site)
    for number in range(30):
        ask(site, email=f"nobody{number}@sic.example")
    assert sent(site) == 0
    ask(site)
    assert works(site, site.link())


def test_a_mail_that_waits_for_its_server_is_not_queued_again(site: SiteFixture, clock: time_machine.Traveller) -> None:
    with_curator(site)
    for _ in range(50):
        ask(site)
        clock.shift(timedelta(minutes=30))
    assert (sent(site), sent(site)) == (1, 0)
    assert works(site, site.link())


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_answer_never_says_who_has_an_account(site: SiteFixture, lang: str) -> None:
    with_curator(site)
    answers = {ask(site, email, lang=lang) for _ in range(25) for email in (CURATOR, "nobody@sic.example")}
    assert len(answers) == 1


def test_the_shell_is_never_refused(site: SiteFixture) -> None:
    with_curator(site)
    for _ in range(30):
        ask(site)
    with site.database.writing() as session:
        user = accounts.find_user(session, CURATOR)
        assert user
        links = [accounts.issue_sign_in(session, user_id=user.id) for _ in range(300)]
    assert works(site, f"/lv/sign-in/{links[-1]}")


def test_a_link_made_at_the_shell_is_not_taken_for_one_in_the_mail(site: SiteFixture) -> None:
    with_curator(site)
    with site.database.writing() as session:
        user = accounts.find_user(session, CURATOR)
        assert user
        accounts.issue_sign_in(session, user_id=user.id)
    ask(site)
    assert works(site, site.link())


@pytest.mark.parametrize(
    ("lang", "recipient", "sender", "in_all"),
    [
        ("lv", "Atveriet jaunāko", "No Jūsu tīkla", "pārāk daudz platformu"),
        ("en", "Open the newest", "from your network", "Too many platforms"),
    ],
)
def test_who_proposes_too_much_is_told_what_to_do(
    site: SiteFixture, lang: str, recipient: str, sender: str, in_all: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_PLATFORM, rate_limits.RateLimit(2, 3, 4))

    def answer(number: int, email: str = "") -> tuple[int, str]:
        email, sent_from = email or f"info@p{number}.example", {"REMOTE_ADDR": f"10.2.0.{number}"}
        one = ask_for_link(site, f"https://p{number}.example", email, lang, environ_base=sent_from)
        return one.status_code, one.get_data(as_text=True)

    same = "a@a.example"
    assert [answer(1, same)[0], answer(2, same)[0]] == [200, 200]
    status, page = answer(3, same)
    assert status == 429 and recipient in page and same in page
    assert [propose(site, n, sender="10.9.9.9", lang=lang) for n in (4, 5)] == [200, 200]
    status, page = answer(6)
    assert status == 429 and in_all in page
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_PLATFORM, rate_limits.RateLimit(2, 1, 9))
    status, page = answer(1)
    assert status == 429 and sender in page
    assert sent(site) == 4, "who is refused gets no mail"


@pytest.fixture
def post(tmp_path: Path, database_url: str) -> Post:
    return Post(tmp_path, database_url)


def count(post: Post, purpose: str, sender: str = "10.0.0.1", to: str = "a@a.example") -> ExceededLimit | None:
    with post.database.writing() as session:
        return rate_limits.count_attempt(session, LinkAttempt(purpose, sender, to, b"key"))


@pytest.mark.parametrize("purpose", [tokens.SIGN_IN, tokens.CONFIRM_PLATFORM])
def test_each_limit_ends_after_its_last_and_touches_no_other(post: Post, purpose: str) -> None:
    limit = RATE_LIMITS[purpose]
    other = ({tokens.SIGN_IN, tokens.CONFIRM_PLATFORM} - {purpose}).pop()
    assert [count(post, purpose) for _ in range(limit.recipient + 1)] == limit.recipient * [None] + [ExceededLimit.RECIPIENT]
    assert count(post, purpose, to=" A@A.example ") is ExceededLimit.RECIPIENT
    remaining = limit.sender - limit.recipient
    outcomes = [count(post, purpose, to=f"b{n}@a.example") for n in range(remaining + 1)]
    assert outcomes == remaining * [None] + [ExceededLimit.SENDER]
    assert count(post, purpose, sender="10.0.0.2", to="c@a.example") is None
    assert count(post, other) is None


@pytest.mark.parametrize(("later", "outcome"), [(-1, ExceededLimit.RECIPIENT), (0, None), (1, None)])
def test_a_limit_is_whole_again_after_an_hour(
    post: Post, clock: time_machine.Traveller, later: int, outcome: ExceededLimit | None
) -> None:
    for _ in range(RATE_LIMITS[tokens.SIGN_IN].recipient):
        assert count(post, tokens.SIGN_IN) is None
    clock.move_to(START + timedelta(hours=1, seconds=later))
    assert count(post, tokens.SIGN_IN) is outcome


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "192.0.2.1", False),
    ],
)
def test_an_ipv6_network_asks_as_one(one: str, other: str, is_same: bool) -> None:
    assert (network(one) == network(other)) == is_same


@pytest.mark.parametrize(("proxies", "outcome"), [(0, 429), (1, 200)])
def test_the_sender_is_whom_as_many_proxies_as_are_trusted_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: int, outcome: int
) -> None:
    site = SiteFixture(tmp_path, trusted_proxies=proxies)
    monkeypatch.setitem(RATE_LIMITS, tokens.CONFIRM_PLATFORM, rate_limits.RateLimit(9, 2, None))
    headers = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in range(3)]
    assert [propose(site, n, **one) for n, one in enumerate(headers)] == [200, 200, outcome]
