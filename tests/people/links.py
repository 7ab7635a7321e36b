"""Every link that stands for a person: how one is made, what uses it up, and what ends it. A new kind of link is one line of LINKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.files import sent_tables
from platforma.catalogue.files.sent_tables import Checked
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.listings.letters import hash_of
from platforma.catalogue.models import Initiative, Letter, PartnerReader, Platform, Role, Subscriber, User
from platforma.catalogue.partners import claims, own_steps
from platforma.catalogue.people import accounts, desk_mails, memberships, partner_mails, subscriptions, tokens
from platforma.catalogue.people.subscriptions import SearchRequest
from platforma.catalogue.visitors import additions, corrections, site_looks
from platforma.catalogue.visitors.corrections import CorrectionRequest
from platforma.mail.report_links import report_token
from platforma.mail.signed_links import signed_token
from platforma.secret_key import derived_secret
from platforma.web.public.tables.sending import NEW_TABLE, check
from tests.people.desk import Desk, records
from tests.people.registering import found

NUMBERS = count(1)
Sent = Mapping[str, str]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def someone() -> str:
    """An address that nobody had before."""
    return f"lasitajs{next(NUMBERS)}@partneris.example"


@dataclass(frozen=True)
class Link:
    """A kind of link.

    `rules` are the pages that its token opens; `make` makes a token; `sent` is what a form of the first page sends, None where it
    has none. `lifetime` is None for what works for good; `end` makes a token of the database worthless. `bad` is the status of a
    token that does not work, `bad_use` that of its form where it is another; `is_single`: it works once; `is_bound`: it is of no use to another account.
    """

    rules: tuple[str, ...]
    make: Callable[[Desk], str]
    sent: Sent | None
    lifetime: timedelta | None = None
    is_single: bool = False
    is_bound: bool = False
    bad: int = 410
    bad_use: int | None = None
    end: Callable[[Desk], None] | None = None

    @property
    def name(self) -> str:
        return self.rules[0].removeprefix("/<lang:lang>/")

    def path(self, token: str, rule: str | None = None) -> str:
        filled = (rule or self.rules[0]).replace("<lang:lang>", "lv").replace("<token>", token)
        return re.sub(r"<int\(max=\d+\):crawl_id>", "1", filled)


def mailed(desk: Desk, name: str) -> str:
    """The secret of a mailed token."""
    return derived_secret(desk.services.secret_key, name)


def owner(desk: Desk) -> int:
    """Who answers for the platform."""
    with desk.database.writing() as session:
        memberships.join(session, email="anna@v.example", platform_id="v", lang="lv")
        return session.scalars(select(User.id).where(User.email == "anna@v.example")).one()


def sign_in(desk: Desk) -> str:
    with desk.database.writing() as session:
        user = accounts.add_user(session, email=someone(), role=Role.PARTNER, actor="t")
        payload = {"email": user.email}
        name = tokens.issue_mailed_token(
            session, purpose=tokens.SIGN_IN, key=desk.services.secret_key, payload=payload, user_id=user.id
        )
    return mailed(desk, name)


def proposal(desk: Desk) -> str:
    email = someone()
    secret = found(desk, f"https://p{next(NUMBERS)}.example")
    with desk.database.writing() as session:
        payload = site_looks.mail_payload(session, secret, email)
        name = tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_PLATFORM, key=desk.services.secret_key, payload=payload)
    return mailed(desk, name)


def invitation(desk: Desk) -> str:
    by = owner(desk)
    with desk.database.writing() as session:
        name = memberships.invite(session, platform_id="v", email=someone(), by=by, key=desk.services.secret_key)
    return mailed(desk, name)


def contact(desk: Desk) -> str:
    by = owner(desk)
    with desk.database.writing() as session:
        name = own_steps.ask_for_contact(session, platform_id="v", email=someone(), by=by, key=desk.services.secret_key)
    return mailed(desk, name)


def addition(desk: Desk) -> str:
    record = Record(f"{next(NUMBERS)}", title={"lv": f"Pievienota {next(NUMBERS)}"}, country="LV")
    with desk.database.writing() as session:
        name = additions.issue_request(session, record, email=someone(), lang="lv", key=desk.services.secret_key)
    return mailed(desk, name)


def added(desk: Desk) -> str:
    secret = addition(desk)
    with desk.database.writing() as session:
        one = additions.confirm(session, secret)
        assert one is not None
        return signed_token(desk.services.secret_key, one.number, one.secret_name)


def asked_message(email: str) -> CorrectionRequest:
    return CorrectionRequest("", "question", "", f"Jautājums {next(NUMBERS)}", email, "lv")


def report(desk: Desk) -> str:
    with desk.database.writing() as session:
        name = corrections.issue_request(session, asked_message(someone()), key=desk.services.secret_key)
    return mailed(desk, name)


def message(desk: Desk) -> str:
    with desk.database.writing() as session:
        one = corrections.enter(session, asked_message(someone()))
        return signed_token(desk.services.secret_key, one.public_id, one.secret_name)


def claim(desk: Desk) -> str:
    with desk.database.writing() as session:
        listing = session.scalars(select(Initiative.public_id).where(Initiative.state == "published")).first()
        assert listing is not None
        name = claims.issue_link(session, public_id=listing, email=someone(), key=desk.services.secret_key)
    return mailed(desk, name)


def sent_table(desk: Desk) -> str:
    body = f"Nosaukums,Valsts\nNo tabulas {next(NUMBERS)},Latvija\n".encode()
    checked = Checked.of(check("a.csv", body, NEW_TABLE, {}))
    with desk.database.writing() as session:
        return sent_tables.keep(session, name="a.csv", body=body, checked=checked, chosen={})


def proposed_table(desk: Desk) -> str:
    secret = sent_table(desk)
    with desk.database.writing() as session:
        payload = sent_tables.mail_payload(session, secret, someone())
        name = tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_TABLE, key=desk.services.secret_key, payload=payload)
    return mailed(desk, name)


def search(desk: Desk) -> str:
    question = {"text": "x", "lang": "lv"}
    asked = SearchRequest(someone(), "lv", "weekly", f"q=x{next(NUMBERS)}", question, {"lv": "x", "en": "x"})
    with desk.database.writing() as session:
        name = subscriptions.issue_request(session, asked, key=desk.services.secret_key)
    return mailed(desk, name)


def subscriber(desk: Desk) -> str:
    secret = search(desk)
    with desk.database.writing() as session:
        one = subscriptions.confirm(session, secret, lang="lv", now=utc_now(), zone="Europe/Riga")
        return signed_token(desk.services.secret_key, one.public_id, one.secret_name)


def reports(desk: Desk) -> str:
    with desk.database.reading() as session:
        return report_token(desk.settings, session, "v")


def letter(desk: Desk) -> str:
    now = utc_now()
    with desk.database.writing() as session:
        listing = session.scalars(select(Initiative.id).where(Initiative.state == "published")).first()
        one = Letter(public_id=new_public_id(), initiative_id=listing, address=hash_of(desk.services.secret_key, someone()),
                     lang="lv", sent_at=now, expires_at=now + timedelta(days=90))  # fmt: skip
        session.add(one)
        return signed_token(desk.services.secret_key, one.public_id, f"letter:{one.public_id}")


def staff(desk: Desk, purpose: str = desk_mails.PURPOSE) -> str:
    with desk.database.writing() as session:
        user = accounts.add_user(session, email=someone(), role=Role.CURATOR, actor="t")
        session.flush()
        return signed_token(desk.services.secret_key, str(user.id), f"{purpose}:{user.id}:{user.email}")


def reader(desk: Desk) -> str:
    email, now = someone(), utc_now()
    with desk.database.writing() as session:
        partner_mails.choose(session, email=email, wish=PartnerMail.WEEKLY, now=now, zone="Europe/Riga")
        row = session.get_one(PartnerReader, email)
        return signed_token(desk.services.secret_key, row.public_id, f"{partner_mails.PURPOSE}:{row.public_id}")


def close_accounts(desk: Desk) -> None:
    with desk.database.writing() as session:
        for id in session.scalars(select(User.id).where(User.closed_at.is_(None))).all():
            accounts.close_account(session, user_id=id, actor="t", even_last_admin=True)


def change_contact(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.get_one(Platform, "v").contact_email = someone()


def end_subscriptions(desk: Desk) -> None:
    with desk.database.writing() as session:
        for one in session.scalars(select(Subscriber.public_id)).all():
            subscriptions.end_all(session, one)


def hide_listings(desk: Desk) -> None:
    with desk.database.writing() as session:
        for one in session.scalars(select(Initiative)):
            one.state = "archived"  # type: ignore[assignment] # as stored


def refuse_listings(desk: Desk) -> None:
    with desk.database.writing() as session:
        for one in session.scalars(select(Initiative)):
            one.state = "refused"  # type: ignore[assignment] # as stored


SITE, THREE_DAYS = "/<lang:lang>", timedelta(days=3)
REPORTS = (
    f"{SITE}/reports/<token>/", f"{SITE}/reports/<token>/<int(max=2147483647):crawl_id>",
    f"{SITE}/reports/<token>/<int(max=2147483647):crawl_id>.csv",
)  # fmt: skip
LINKS = (
    Link((f"{SITE}/sign-in/<token>",), sign_in, {}, timedelta(minutes=30), is_single=True, end=close_accounts),
    Link((f"{SITE}/register/<token>",), proposal, {}, THREE_DAYS, is_single=True),
    Link((f"{SITE}/register/looks/<token>",), lambda desk: found(desk, f"https://s{next(NUMBERS)}.example"), {"do": "show"}, THREE_DAYS),
    Link((f"{SITE}/partner/invitations/<token>",), invitation, {}, THREE_DAYS, is_single=True, is_bound=True, end=close_accounts),
    Link((f"{SITE}/partner/contacts/<token>",), contact, {}, THREE_DAYS, is_single=True, end=close_accounts),
    Link((f"{SITE}/add/<token>",), addition, {}, THREE_DAYS, is_single=True),
    Link((f"{SITE}/add/<token>/status",), added, None),
    Link((f"{SITE}/report/<token>",), report, {}, THREE_DAYS, is_single=True),
    Link((f"{SITE}/report/<token>/status",), message, None),
    Link((f"{SITE}/subscribe/<token>",), search, {}, THREE_DAYS, is_single=True),
    Link((f"{SITE}/subscriptions/<token>",), subscriber, {"do": "frequency", "frequency": "daily"}, end=end_subscriptions),
    Link((f"{SITE}/subscriptions/<token>/end",), subscriber, ONE_CLICK, bad_use=200, end=end_subscriptions),
    Link(REPORTS, reports, None, bad=404, end=change_contact),
    Link((f"{SITE}/letters/<token>",), letter, {"answer": "correct"}, timedelta(days=90), end=hide_listings),
    Link((f"{SITE}/letters/<token>/end",), letter, ONE_CLICK),
    Link((f"{SITE}/desk-mails/<token>/end",), staff, ONE_CLICK, end=close_accounts),
    Link((f"{SITE}/desk-mails/<token>/end-urgent",), lambda desk: staff(desk, desk_mails.URGENT), ONE_CLICK, end=close_accounts),
    Link((f"{SITE}/partner-mails/<token>/end",), reader, ONE_CLICK),
    Link((f"{SITE}/claim/<token>",), claim, {}, THREE_DAYS, is_single=True, is_bound=True, end=refuse_listings),
    Link((f"{SITE}/register/tables/<token>",), sent_table, {"do": "show"}, THREE_DAYS),
    Link((f"{SITE}/register/tables/<token>/copy.xlsx",), sent_table, None, THREE_DAYS),
    Link((f"{SITE}/register/table/confirm/<token>",), proposed_table, {}, THREE_DAYS, is_single=True),
)  # fmt: skip
"""All of them. The token of a subscriber, of a letter, of a table and of reports opens several pages (SAME_TOKEN)."""
SAME_TOKEN = (
    {f"{SITE}/subscriptions/<token>", f"{SITE}/subscriptions/<token>/end"},
    {f"{SITE}/letters/<token>", f"{SITE}/letters/<token>/end"},
    {f"{SITE}/register/tables/<token>", f"{SITE}/register/tables/<token>/copy.xlsx"},
)


def prepared(desk: Desk) -> Desk:
    """A desk with listings and a crawl, of which links can tell."""
    desk.crawl(records(3))
    return desk
