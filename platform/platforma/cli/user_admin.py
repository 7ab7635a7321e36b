"""Accounts from the shell."""

from __future__ import annotations

import click

from crawlers.values.email_addresses import is_email
from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.cli.output import SHELL, CommandFailed, tell
from platforma.services import open_services
from platforma.settings import Settings


def add_user(settings: Settings, email: str, role: str) -> str:
    """Make, find or open the account; a one-time sign-in link for it. What changes of a known account is told."""
    from platforma.addresses import Addresses  # brings the web's libraries, for which no other command should wait

    with open_services(settings) as services, services.database.writing() as session:
        before = accounts.account_of(session, email)
        if before is None and not is_email(email.strip()):
            raise CommandFailed(f"{email!r} is no e-mail address, such as name@organisation.lv")
        person = accounts.add_user(session, email=email, role=Role(role), actor=SHELL)
        token = accounts.issue_sign_in(session, user_id=person.id)
    if before is not None and before.closed_at is not None:
        tell(f"{person.email} was closed; it is open again, as {role}")
    elif before is not None and before.role != role:
        tell(f"{person.email} was {before.role}; it is {role} now")
    return Addresses(settings.base_url).sign_in_link(person.lang, token)


def list_users(settings: Settings) -> None:
    """One line an account: address, role, since when it is open or closed."""
    with open_services(settings) as services, services.database.reading() as session:
        for account in accounts.all_accounts(session):
            state, at = ("closed", account.closed_at) if account.closed_at else ("open", account.created_at)
            click.echo(f"{account.email}\t{account.role}\t{state}\t{at:%Y-%m-%d}")


def close_user(settings: Settings, email: str) -> None:
    """Close an account, with its sessions and links; warn when nobody is left for the desk."""
    with open_services(settings) as services, services.database.writing() as session:
        account = accounts.account_of(session, email)
        if account is None:
            raise CommandFailed(f"there is no account {email.strip()}; see: platforma user list")
        accounts.close_account(session, user_id=account.id, actor=SHELL)
        is_last = account.is_staff and not accounts.staff_count(session)
    tell(f"{account.email}: closed")
    if is_last:
        tell("nobody can open the desk now; make an account with: platforma user add EMAIL --role admin")
