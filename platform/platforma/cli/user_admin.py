"""The user commands."""

from __future__ import annotations

import click

from crawlers.values.email_addresses import is_email
from platforma.catalogue.models import Role
from platforma.catalogue.people import accounts
from platforma.cli.output import SHELL, CommandFailed, tell
from platforma.services import open_services
from platforma.settings import Settings


def add_user(settings: Settings, email: str, role: str) -> str:
    """Make an account, or give a known one this role; return a one-time sign-in link. Print what changes of a known one.

    Raises CommandFailed for what is no e-mail address.
    """
    from platforma.addresses import Addresses  # brings the web's libraries, for which no other command should wait

    with open_services(settings) as services, services.database.writing() as session:
        former = accounts.account_of(session, email)
        if former is None and not is_email(email.strip()):
            raise CommandFailed(f"{email!r} is no e-mail address, such as name@organisation.lv")
        account = accounts.add_user(session, email=email, role=Role(role), actor=SHELL, even_last_admin=True)
        token = accounts.issue_sign_in(session, user_id=account.id)
    if former is not None and former.closed_at is not None:
        tell(f"{account.email} was closed; it is open again, as {role}")
    elif former is not None and former.role != role:
        tell(f"{account.email} was {former.role}; it is {role} now")
    return Addresses(settings.base_url).sign_in_link(account.lang, token)


def list_users(settings: Settings) -> None:
    """Print a line for each account: address, role, whether it is open or closed, since when."""
    with open_services(settings) as services, services.database.reading() as session:
        for account in accounts.all_accounts(session):
            state, at = ("closed", account.closed_at) if account.closed_at else ("open", account.created_at)
            click.echo(f"{account.email}\t{account.role}\t{state}\t{at:%Y-%m-%d}")


def close_user(settings: Settings, email: str) -> None:
    """Close an account and end its sessions and links; warn when nobody is left for the desk.

    Raises CommandFailed when there is no such account.
    """
    with open_services(settings) as services, services.database.writing() as session:
        account = accounts.account_of(session, email)
        if account is None:
            raise CommandFailed(f"there is no account {email.strip()}; see: platforma user list")
        accounts.close_account(session, user_id=account.id, actor=SHELL, even_last_admin=True)
        is_last = account.is_staff and not accounts.staff_count(session)
    tell(f"{account.email}: closed")
    if is_last:
        tell("nobody can open the desk now; make an account with: platforma user add EMAIL --role admin")
