"""Accounts, links and rate limits: who may come in, how long, and how often links may be asked for; each limit at both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import BadState, BadToken, NotFound
from platforma.catalogue.models import Event, LinkRequest, Role, Token, User, UserSession
from platforma.catalogue.people import accounts, rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit, LinkAttempt, count_attempt, network
from platforma.catalogue.people.tokens import CONFIRM_PLATFORM, SIGN_IN
from platforma.secret_key import derived_secret

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEY = b"key"


@pytest.fixture
def clock() -> time_machine.Traveller:  # type: ignore[misc]
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def user(session: Session, clock: object) -> User:
    return accounts.add_user(session, email="anna@sic.example", role=Role.CURATOR, actor="test")


def account_of(session: Session, user: User) -> accounts.Account:
    account = accounts.account_of(session, user.email)
    assert account is not None and account.id == user.id
    return account


def events(session: Session) -> list[tuple[str, str, object, object]]:
    session.flush()
    rows = list(session.scalars(select(Event).order_by(Event.id)))
    assert {(row.object_type, row.actor) for row in rows} <= {("user", "test")}
    return [(row.action, row.object_id, row.before, row.after) for row in rows]


def test_an_account_is_made_once_whatever_the_case_of_its_address(session: Session, user: User) -> None:
    again = accounts.add_user(session, email=" ANNA@sic.example ", role=Role.CURATOR, actor="test")
    assert again is user and (user.email, user.lang, user.role, user.closed_at) == ("anna@sic.example", "lv", Role.CURATOR, None)
    assert accounts.find_user(session, "Anna@SIC.example ") == account_of(session, user)
    assert accounts.find_user(session, "anna@sic") is None
    assert accounts.add_user(session, email="b@sic.example", role=Role.READER, actor="test", lang="en").lang == "en"
    assert events(session)[0] == ("add", str(user.id), None, {"role": "curator"})
    assert [action for action, *_ in events(session)] == ["add", "add"]


def test_another_role_and_a_second_opening_are_written_down(session: Session, user: User) -> None:
    accounts.add_user(session, email=user.email, role=Role.ADMIN, actor="test")
    accounts.close_account(session, user_id=user.id, actor="test", even_last_admin=True)
    accounts.add_user(session, email=user.email, role=Role.READER, actor="test")
    assert (user.role, user.closed_at) == (Role.READER, None)
    id = str(user.id)
    assert events(session)[1:] == [
        ("role", id, {"role": "curator"}, {"role": "admin"}),
        ("close", id, {"role": "admin"}, None),
        ("reopen", id, {"role": "admin"}, {"role": "reader"}),
    ]


def test_closing_ends_sessions_and_links_of_that_account_alone(session: Session, user: User) -> None:
    other = accounts.add_user(session, email="b@sic.example", role=Role.ADMIN, actor="test")
    secrets = [accounts.open_session(session, account.id) for account in (user, user, other)]
    links = [accounts.issue_sign_in(session, user_id=account.id) for account in (user, other)]
    session.flush()
    accounts.close_account(session, user_id=user.id, actor="test")
    assert user.closed_at == NOW and accounts.find_user(session, user.email) is None
    assert [accounts.session_account(session, secret) for secret in secrets] == [None, None, account_of(session, other)]
    assert [row.user_id for row in session.scalars(select(UserSession))] == [other.id]
    assert [row.user_id for row in session.scalars(select(Token))] == [other.id]
    assert tokens.read_token(session, links[1], SIGN_IN).user_id == other.id
    with pytest.raises(BadState, match="closed already") as refused:
        accounts.close_account(session, user_id=user.id, actor="test")
    assert refused.value.values == {"email": user.email}
    with pytest.raises(NotFound, match="no account 99"):
        accounts.close_account(session, user_id=99, actor="test")


def test_a_session_of_a_closed_account_lets_nobody_in(session: Session, user: User) -> None:
    secret = accounts.open_session(session, user.id)
    session.flush()
    assert accounts.session_account(session, secret) == account_of(session, user)
    user.closed_at = NOW
    session.flush()
    assert accounts.session_account(session, secret) is None


def test_before_the_first_account_there_is_no_staff(session: Session) -> None:
    assert (accounts.staff_count(session), accounts.staff(session), accounts.all_accounts(session)) == (0, [], [])


def test_who_the_staff_are(session: Session, user: User) -> None:
    roles = {role: accounts.add_user(session, email=f"{role}@x.example", role=role, actor="test") for role in Role}
    assert [account.id for account in accounts.staff(session)] == sorted([user.id, roles[Role.CURATOR].id, roles[Role.ADMIN].id])
    assert accounts.staff_count(session) == len(accounts.staff(session)) == 3
    accounts.close_account(session, user_id=user.id, actor="test")
    assert accounts.staff_count(session) == 2
    assert {account.role for account in accounts.staff(session)} == {Role.CURATOR, Role.ADMIN}
    everybody = accounts.all_accounts(session)
    assert [account.email for account in everybody] == [*sorted(f"{role}@x.example" for role in Role), user.email]
    assert {account.email for account in everybody if account.is_staff} == {"curator@x.example", "admin@x.example"}
    closed = accounts.account_of(session, "ANNA@sic.example ")
    assert closed is not None and (closed.id, closed.role, closed.closed_at, closed.created_at) == (
        user.id,
        Role.CURATOR,
        NOW,
        user.created_at,
    )
    assert accounts.account_of(session, "nobody@x.example") is None


@pytest.mark.parametrize(("after", "is_in"), [(14 * DAY - SECOND, True), (14 * DAY, False), (14 * DAY + SECOND, False)])
def test_a_session_lasts_fourteen_days(
    session: Session, user: User, clock: time_machine.Traveller, after: timedelta, is_in: bool
) -> None:
    secret = accounts.open_session(session, user.id)
    session.flush()
    clock.move_to(NOW + after)
    assert (accounts.session_account(session, secret) == account_of(session, user)) is is_in
    assert accounts.session_account(session, f"{secret}x") is None


def test_signing_out_ends_this_session_alone(session: Session, user: User) -> None:
    first, second = (accounts.open_session(session, user.id) for _ in range(2))
    session.flush()
    assert first != second and len(first) >= 43
    assert not session.scalar(select(UserSession.hash).where(UserSession.hash.in_([first, second]))), "only hashes are kept"
    accounts.sign_out(session, first)
    assert [accounts.session_account(session, secret) for secret in (first, second)] == [None, account_of(session, user)]


def test_signing_in_opens_a_session_and_remembers_the_language(session: Session, user: User) -> None:
    link = accounts.issue_sign_in(session, user_id=user.id)
    session.flush()
    secret, account = accounts.sign_in(session, link, lang="en")
    assert account == accounts.session_account(session, secret) == account_of(session, user)
    assert user.lang == "en"
    with pytest.raises(BadToken):
        accounts.sign_in(session, link, lang="lv")
    assert user.lang == "en"


def test_signing_in_to_a_closed_account_opens_nothing(session: Session, user: User) -> None:
    link = accounts.issue_sign_in(session, user_id=user.id)
    user.closed_at = NOW
    session.flush()
    secret, account = accounts.sign_in(session, link, lang="en")
    assert account is None and accounts.session_account(session, secret) is None and user.lang == "lv"


@pytest.mark.parametrize(("after", "remaining"), [(44 * DAY, 1), (44 * DAY + SECOND, 0)])
def test_a_session_is_forgotten_thirty_days_after_its_end(session: Session, user: User, after: timedelta, remaining: int) -> None:
    accounts.open_session(session, user.id)
    session.flush()
    accounts.prune_sessions(session, NOW + after)
    assert len(list(session.scalars(select(UserSession)))) == remaining


VALID = {SIGN_IN: 30 * MINUTE, CONFIRM_PLATFORM: 3 * DAY}


@pytest.mark.parametrize("purpose", VALID)
@pytest.mark.parametrize(("off", "is_valid"), [(-SECOND, True), (0 * SECOND, False), (SECOND, False)])
def test_a_link_lasts_its_time(
    session: Session, clock: time_machine.Traveller, purpose: str, off: timedelta, is_valid: bool
) -> None:
    secret = tokens.issue_token(session, purpose=purpose, payload={"email": "a@x.example"})
    session.flush()
    clock.move_to(NOW + VALID[purpose] + off)
    for ask in (tokens.read_token, tokens.use_token):
        if is_valid:
            assert ask(session, secret, purpose).payload == {"email": "a@x.example"}
        else:
            with pytest.raises(BadToken, match=purpose):
                ask(session, secret, purpose)


def test_a_link_works_once_and_for_its_purpose_only(session: Session, user: User) -> None:
    secret = accounts.issue_sign_in(session, user_id=user.id)
    session.flush()
    row = tokens.read_token(session, secret, SIGN_IN)
    assert (row.user_id, row.payload, row.used_at, row.purpose) == (user.id, {"email": user.email}, None, SIGN_IN)
    assert secret not in row.hash
    for wrong, purpose in ((secret, CONFIRM_PLATFORM), (f"{secret}x", SIGN_IN), (row.hash, SIGN_IN)):
        with pytest.raises(BadToken):
            tokens.use_token(session, wrong, purpose)
    assert tokens.use_token(session, secret, SIGN_IN).used_at == NOW
    for ask in (tokens.read_token, tokens.use_token):
        with pytest.raises(BadToken):
            ask(session, secret, SIGN_IN)


def mailed_link(session: Session, user: User | None = None, purpose: str = SIGN_IN) -> tuple[str, str]:
    """The name of a link to be mailed, and its secret."""
    name = tokens.issue_mailed_token(
        session, purpose=purpose, key=KEY, payload={"email": "a@x.example"}, user_id=user.id if user else None
    )
    session.flush()
    return name, derived_secret(KEY, name)


@pytest.mark.parametrize("purpose", VALID)
def test_a_mailed_link_is_known_by_a_name_that_opens_nothing_without_the_key(session: Session, user: User, purpose: str) -> None:
    name, secret = mailed_link(session, user, purpose)
    row = tokens.read_token(session, secret, purpose)
    assert (row.name, row.user_id, row.payload) == (name, user.id, {"email": "a@x.example"})
    for other in (name, derived_secret(b"other", name)):
        with pytest.raises(BadToken):
            tokens.read_token(session, other, purpose)
    assert mailed_link(session, user, purpose)[0] != name


@pytest.mark.parametrize("purpose", VALID)
def test_a_links_time_begins_when_the_first_mail_with_it_goes(
    session: Session, clock: time_machine.Traveller, purpose: str
) -> None:
    name, secret = mailed_link(session, purpose=purpose)
    other, other_secret = mailed_link(session, purpose=purpose)
    clock.move_to(NOW + 5 * DAY)
    tokens.start_validity(session, KEY, name)
    session.expire_all()
    row = tokens.read_token(session, secret, purpose)
    assert (row.expires_at, row.mailed_at) == (NOW + 5 * DAY + VALID[purpose], None)
    tokens.mark_mailed(session, KEY, name)
    clock.move_to(NOW + 5 * DAY + MINUTE)
    tokens.start_validity(session, KEY, name)
    tokens.mark_mailed(session, KEY, name)
    session.expire_all()
    assert (row.expires_at, row.mailed_at) == (NOW + 5 * DAY + VALID[purpose], NOW + 5 * DAY)
    with pytest.raises(BadToken):
        tokens.read_token(session, other_secret, purpose)
    assert session.scalar(select(Token.mailed_at).where(Token.name == other)) is None


def test_a_used_link_does_not_begin_anew(session: Session, clock: time_machine.Traveller) -> None:
    name, secret = mailed_link(session)
    row = tokens.use_token(session, secret, SIGN_IN)
    session.flush()
    clock.move_to(NOW + DAY)
    tokens.start_validity(session, KEY, name)
    tokens.start_validity(session, KEY, "reports:x")
    session.expire_all()
    assert row.expires_at == NOW + VALID[SIGN_IN]


@pytest.mark.parametrize(("after", "lasts"), [(20 * MINUTE - SECOND, True), (20 * MINUTE, False), (20 * MINUTE + SECOND, False)])
def test_a_link_with_more_than_ten_minutes_left_may_be_sent_once_more(
    session: Session, user: User, clock: time_machine.Traveller, after: timedelta, lasts: bool
) -> None:
    name, _ = mailed_link(session, user)
    mailed_link(session, user, CONFIRM_PLATFORM)
    mailed_link(session)
    accounts.issue_sign_in(session, user_id=user.id)
    session.flush()
    clock.move_to(NOW + after)
    assert tokens.reusable_token_name(session, user.id) == (name if lasts else None)
    assert tokens.reusable_token_name(session, 99) is None


def test_of_several_links_the_one_that_lasts_longest_is_sent_and_never_a_used_one(
    session: Session, user: User, clock: time_machine.Traveller
) -> None:
    first, _ = mailed_link(session, user)
    clock.move_to(NOW + MINUTE)
    second, secret = mailed_link(session, user)
    assert tokens.reusable_token_name(session, user.id) == second
    tokens.use_token(session, secret, SIGN_IN)
    session.flush()
    assert tokens.reusable_token_name(session, user.id) == first


@pytest.mark.parametrize(
    ("is_used", "after", "remaining"),
    [(True, 30 * DAY, 1), (True, 30 * DAY + SECOND, 0), (False, 33 * DAY, 1), (False, 33 * DAY + SECOND, 0)],
)
def test_a_link_is_forgotten_thirty_days_after_its_use_or_end(
    session: Session, clock: object, is_used: bool, after: timedelta, remaining: int
) -> None:
    secret = tokens.issue_token(session, purpose=CONFIRM_PLATFORM, payload={})
    session.flush()
    if is_used:
        tokens.use_token(session, secret, CONFIRM_PLATFORM)
        session.flush()
    tokens.prune_tokens(session, NOW + after)
    assert len(list(session.scalars(select(Token)))) == remaining


def link_attempt(sender: str = "192.0.2.1", recipient: str = "a@x.example", purpose: str = SIGN_IN) -> LinkAttempt:
    return LinkAttempt(purpose, sender, recipient, KEY)


def count_all(session: Session, *attempts: LinkAttempt) -> list[ExceededLimit | None]:
    exceeded = []
    for attempt in attempts:
        exceeded.append(count_attempt(session, attempt))
        session.flush()
    return exceeded


@pytest.mark.parametrize("purpose", VALID)
def test_an_address_gets_five_links_an_hour(session: Session, clock: time_machine.Traveller, purpose: str) -> None:
    attempts = [link_attempt(f"192.0.2.{n}", "A@x.example " if n % 2 else "a@x.example", purpose) for n in range(6)]
    assert count_all(session, *attempts) == [None] * 5 + [ExceededLimit.RECIPIENT]
    assert len(list(session.scalars(select(LinkRequest)))) == 5, "what was refused is not counted"
    clock.move_to(NOW + HOUR - SECOND)
    assert count_all(session, attempts[0]) == [ExceededLimit.RECIPIENT]
    clock.move_to(NOW + HOUR)
    assert count_all(session, attempts[0]) == [None]


@pytest.mark.parametrize("purpose", VALID)
def test_a_network_gets_twenty_links_an_hour(session: Session, clock: object, purpose: str) -> None:
    attempts = [link_attempt(recipient=f"{n}@x.example", purpose=purpose) for n in range(21)]
    assert count_all(session, *attempts) == [None] * 20 + [ExceededLimit.SENDER]
    assert count_all(session, link_attempt("192.0.2.2", "21@x.example", purpose)) == [None]
    other = next(iter(VALID.keys() - {purpose}))
    assert count_all(session, link_attempt(recipient="0@x.example", purpose=other)) == [None], "purposes share no limit"


def test_all_proposals_together_are_limited_and_signing_in_never(session: Session, clock: object) -> None:
    proposals = [link_attempt(f"198.51.100.{n}", f"{n}@x.example", CONFIRM_PLATFORM) for n in range(201)]
    assert count_all(session, *proposals) == [None] * 200 + [ExceededLimit.ALL]
    assert count_all(session, *(link_attempt(proposal.sender, proposal.recipient) for proposal in proposals)) == [None] * 201


@pytest.mark.parametrize(
    ("address", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True), ("192.0.2.1", "192.0.2.2", False), ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::8000:0:0:1", True), ("2001:db8::1", "2001:db8:0:1::1", False), ("fe80::1%eth0", "fe80::2", True),
        ("nowhere", "nowhere", True), ("nowhere", "elsewhere", False),
    ],
)  # fmt: skip
def test_what_counts_as_one_network(address: str, other: str, is_same: bool) -> None:
    assert (network(address) == network(other)) is is_same


@pytest.mark.parametrize(("after", "remaining"), [(DAY, 1), (DAY + SECOND, 0)])
def test_requests_are_kept_for_a_day_and_only_as_hashes(
    session: Session, clock: object, after: timedelta, remaining: int
) -> None:
    assert count_all(session, link_attempt()) == [None]
    (row,) = session.scalars(select(LinkRequest))
    assert "192" not in row.sender and "example" not in row.recipient and row.purpose == SIGN_IN
    rate_limits.prune_attempts(session, NOW + after)
    assert len(list(session.scalars(select(LinkRequest)))) == remaining
