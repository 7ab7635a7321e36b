"""Commands that have commands below them: platforms, removals, mail, duplicates, accounts."""

from __future__ import annotations

import click

from platforma.catalogue.enums import JudgementVerdict
from platforma.cli.directory_option import chosen_settings
from vocabulary.languages import LANGUAGES


@click.group()
def platforms() -> None:
    """Platforms from the shell."""


@platforms.command("list")
def platforms_list() -> None:
    """List every platform: id, state, number of listings, address."""
    from platforma.cli import platform_admin

    platform_admin.list_platforms(chosen_settings())


@platforms.command("approve")
@click.argument("platform_id", metavar="ID")
def platforms_approve(platform_id: str) -> None:
    """Approve and trust a platform, or resume a paused one; its listings become public."""
    from platforma.cli import platform_admin

    platform_admin.change_platform(chosen_settings(), platform_id, "approve")


@platforms.command("pause")
@click.argument("platform_id", metavar="ID")
def platforms_pause(platform_id: str) -> None:
    """Stop crawling a platform; its listings stay."""
    from platforma.cli import platform_admin

    platform_admin.change_platform(chosen_settings(), platform_id, "pause")


@platforms.command("refuse")
@click.argument("platform_id", metavar="ID")
@click.option("--reason", required=True, help="Why, in a sentence; kept in the history.")
def platforms_refuse(platform_id: str, reason: str) -> None:
    """Refuse a platform: it is not crawled, and nothing of it is public."""
    from platforma.cli import platform_admin

    platform_admin.change_platform(chosen_settings(), platform_id, "refuse", reason=reason)


@platforms.command("leave")
@click.argument("platform_id", metavar="ID")
def platforms_leave(platform_id: str) -> None:
    """Enter that a platform wishes to be listed no more; it may be proposed again."""
    from platforma.cli import platform_admin

    platform_admin.change_platform(chosen_settings(), platform_id, "leave")


@platforms.command("sync")
def platforms_sync() -> None:
    """Make missing platforms of the seed recipes, update those whose recipe nobody changed, report the others."""
    from platforma.cli import platform_admin

    platform_admin.sync_platforms(chosen_settings())


@click.group()
def removals() -> None:
    """The register of what was removed for good."""


@removals.command("list")
def removals_list() -> None:
    """List every removal, the newest first: id, day, by whom, public id, state, kinds of marks, reason."""
    from platforma.cli import removal_admin

    removal_admin.list_removals(chosen_settings())


@removals.command("lift")
@click.argument("removal_id", metavar="ID", type=click.IntRange(1, 2_147_483_647))
@click.option("--reason", required=True, help="Why, in a sentence; kept in the register.")
def removals_lift(removal_id: int, reason: str) -> None:
    """Lift a removal: the next crawl or import that has it brings it in again, as a new listing."""
    from platforma.cli import removal_admin

    removal_admin.lift_removal(chosen_settings(), removal_id, reason)


@click.group()
def mail() -> None:
    """E-mail."""


@mail.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send a short mail to ADDRESS at once, and say what the mail server answers."""
    from platforma.cli import health

    health.test_mail(chosen_settings(), address)


@click.group("duplicates", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line: left, right, score, reasons.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="en", help="The language of the reasons.")
@click.pass_context
def duplicate_pairs(ctx: click.Context, lang: str, as_json: bool) -> None:
    """Listings that may be the same: what waits for a person, the likeliest first, and what they say of it.

    Without a command: a line for each pair, with the addresses of the two, the score from 0 to 1, and the reasons. Every
    decision can be taken back by another one, and stands in the history of both listings.
    """
    from platforma.cli import duplicates

    if ctx.invoked_subcommand is None:
        duplicates.list_duplicates(chosen_settings(), lang, as_json=as_json)


@duplicate_pairs.command("join")
@click.argument("left")
@click.argument("right")
@click.option("--translation", is_flag=True, help="They are one thing in two languages, as two sites tell of it.")
def duplicates_join(left: str, right: str, translation: bool) -> None:
    """Join two listings: one stands, and the address of the other leads to it.

    LEFT and RIGHT are public ids, as in the address of a listing. A published listing stands before one that waits, then the
    older one.
    """
    from platforma.cli import duplicates

    verdict = JudgementVerdict.TRANSLATION if translation else JudgementVerdict.SAME
    duplicates.judge(chosen_settings(), left, right, verdict)


@duplicate_pairs.command("part")
@click.argument("left")
@click.argument("right")
def duplicates_part(left: str, right: str) -> None:
    """Part two joined listings: each is again what it was before, and no rule joins them again."""
    from platforma.cli import duplicates

    duplicates.part(chosen_settings(), left, right)


@duplicate_pairs.command("differ")
@click.argument("left")
@click.argument("right")
@click.option("--part-of", is_flag=True, help="LEFT is part of RIGHT: a branch of a network, a project of an organisation.")
def duplicates_differ(left: str, right: str, part_of: bool) -> None:
    """Say that two listings are not the same: nobody is asked again until one of them changes."""
    from platforma.cli import duplicates

    verdict = JudgementVerdict.PART_OF if part_of else JudgementVerdict.DIFFERENT
    duplicates.judge(chosen_settings(), left, right, verdict)


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(["curator", "admin", "partner", "reader"]), required=True)
def user_add(email: str, role: str) -> None:
    """Make an account, or give a known one this role, and print a one-time sign-in link.

    A closed account is opened again. What changed of a known account is told on stderr.
    """
    from platforma.cli import user_admin

    click.echo(user_admin.add_user(chosen_settings(), email, role))


@user.command("list")
def user_list() -> None:
    """List every account: address, role, open or closed, since when."""
    from platforma.cli import user_admin

    user_admin.list_users(chosen_settings())


@user.command("close")
@click.argument("email")
def user_close(email: str) -> None:
    """Close an account; its sessions and links end at once. `user add` opens it again."""
    from platforma.cli import user_admin

    user_admin.close_user(chosen_settings(), email)
