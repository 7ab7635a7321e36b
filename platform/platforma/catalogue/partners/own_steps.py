"""What partners do with their own platforms; each is an event, and can be taken back or was asked twice."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import platforms as decisions
from platforma.catalogue.enums import MessageKind, PlatformState
from platforma.catalogue.errors import BadState, BadToken, BadValue
from platforma.catalogue.models import Platform, User
from platforma.catalogue.partners import own_platforms
from platforma.catalogue.people import account_limits, memberships, tokens
from platforma.catalogue.platforms import conversation, platform_states, recipes
from platforma.catalogue.platforms.platform_states import lock_platform
from platforma.catalogue.states import PlatformAction
from vocabulary.messages import N_

TOO_SOON = N_("It was read or ordered less than an hour ago; you can order it again from %(when)s.")
NOT_READ = N_("It is not read at the moment, so nothing can be ordered.")
NOT_ASKED = N_("Nobody waits for an answer now; the answer was not sent.")
UNKNOWN_LICENCE = N_("Choose one of the licences")


def order_crawl(session: Session, *, platform_id: str, actor: str) -> None:
    """Let a platform be read now. Raises BadState where it is not read, or was ordered within the last hour or often today."""
    platform = lock_platform(session, platform_id)
    if platform.state not in (PlatformState.PROBATION, PlatformState.TRUSTED):
        raise BadState(NOT_READ)
    when = own_platforms.next_order_at(session, platform_id)
    if when > utc_now():
        raise BadState(TOO_SOON, when=when)
    account_limits.check_account(session, actor=actor, action="crawl_now")
    platform_states.crawl_soon(session, platform_id=platform_id)
    record_event(session, actor=actor, action="crawl_now", object_type="platform", object_id=platform_id)


def pause(session: Session, *, platform_id: str, actor: str) -> None:
    """Have a platform not read for a while; its listings stay. Raises BadState."""
    platform_states.pause_for_partner(session, platform_id=platform_id, actor=actor, for_good=False)


def resume(session: Session, *, platform_id: str, actor: str) -> None:
    """Go on with a platform that its partner stopped. Raises BadState."""
    when = own_platforms.next_order_at(session, platform_id)
    platform_states.resume_for_partner(session, platform_id=platform_id, actor=actor, not_before=when)


def leave(session: Session, *, platform_id: str, actor: str, keeps_listings: bool) -> None:
    """Let a platform leave, with its listings or without them. Raises BadState."""
    if keeps_listings:
        platform_states.pause_for_partner(session, platform_id=platform_id, actor=actor, for_good=True)
    else:
        decisions.decide(session, platform_id=platform_id, action=PlatformAction.LEAVE, actor=actor)


def propose_again(session: Session, *, platform_id: str, actor: str, text: str) -> None:
    """Propose a platform anew that was refused or has left, with what the partner writes to it, if anything.

    Raises BadState, and BadValue for a text that is too long.
    """
    when = own_platforms.next_order_at(session, platform_id)
    platform_states.propose_again(session, platform_id=platform_id, actor=actor, not_before=when)
    if text.strip():
        conversation.write(session, platform_id=platform_id, kind=MessageKind.ANSWER, by=actor, text=text)


def answer(session: Session, *, platform_id: str, actor: str, text: str) -> None:
    """Answer what curators asked; the proposal waits for them again. Raises BadState where nobody asks, and BadValue."""
    platform = lock_platform(session, platform_id)
    if platform.asked_at is None or platform.state != PlatformState.PROPOSED:
        raise BadState(NOT_ASKED)
    conversation.write(session, platform_id=platform_id, kind=MessageKind.ANSWER, by=actor, text=text)
    platform.asked_at = None
    record_event(session, actor=actor, action="partner_answer", object_type="platform", object_id=platform_id)


def set_language(session: Session, *, platform_id: str, actor: str, lang: str) -> None:
    """Choose the language in which the contact is written to."""
    _change(session, platform_id, actor, "contact_lang", lang)


def set_licence(session: Session, *, platform_id: str, actor: str, licence: str) -> None:
    """Choose the licence under which all entries may be shown, "" for none; they are composed anew. Raises BadValue."""
    if licence and licence not in own_platforms.LICENCES:
        raise BadValue("licence", UNKNOWN_LICENCE)
    platform = lock_platform(session, platform_id)
    if licence == (platform.recipe.get("licence") or ""):
        return
    recipe = {name: value for name, value in platform.recipe.items() if name != "licence"}
    recipe |= {"licence": licence} if licence else {}
    newest = recipes.newest_version(session, platform_id)
    before = {"licence": platform.recipe.get("licence")}
    recipes.save_live(session, platform_id=platform_id, recipe=recipe, base_version=newest, actor=actor)
    platform.licence = licence or None
    _record(session, platform_id, actor, "licence", before, {"licence": platform.licence})


def ask_for_contact(session: Session, *, platform_id: str, email: str, by: int, key: bytes) -> str:
    """Issue the link by which a new contact address is confirmed; return its name. Raises BadState for too many in a day."""
    actor = session.get_one(User, by).email
    account_limits.check_account(session, actor=actor, action="ask_contact")
    payload = {"platform": platform_id, "email": email.strip().lower(), "by": by}
    _record(session, platform_id, actor, "ask_contact", {}, {"contact_email": payload["email"]})
    return tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_CONTACT, key=key, payload=payload)


def new_contact(session: Session, secret: str) -> tuple[str, str]:
    """The title of the platform and the address that a link confirms. Raises BadToken as confirm_contact does."""
    payload = tokens.read_token(session, secret, tokens.CONFIRM_CONTACT).payload
    _check_asker(session, payload["platform"], payload["by"])
    return session.get_one(Platform, payload["platform"]).title, payload["email"]


def confirm_contact(session: Session, secret: str) -> tuple[str, str]:
    """Use the link up and make its address the contact; return the title of the platform, and the address.

    Raises BadToken where it was used or expired, or who asked for it answers for the platform no more.
    """
    payload = tokens.use_token(session, secret, tokens.CONFIRM_CONTACT).payload
    _check_asker(session, payload["platform"], payload["by"])
    _change(session, payload["platform"], payload["email"], "contact_email", payload["email"])
    return lock_platform(session, payload["platform"]).title, payload["email"]


def _check_asker(session: Session, platform_id: str, user_id: int) -> None:
    if not memberships.is_member(session, platform_id, user_id):
        raise BadToken(tokens.CONFIRM_CONTACT)


def _change(session: Session, platform_id: str, actor: str, name: str, value: str) -> None:
    platform = lock_platform(session, platform_id)
    before, after = {name: getattr(platform, name)}, {name: value}
    if before == after:
        return
    setattr(platform, name, value)
    _record(session, platform_id, actor, "contact", before, after)


def _record(
    session: Session, platform_id: str, actor: str, action: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    record_event(session, actor=actor, action=action, object_type="platform", object_id=platform_id, before=before, after=after)
