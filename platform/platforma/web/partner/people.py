"""Who answers for a platform: inviting by mail, removing, and a contact address that is confirmed before it counts."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.errors import BadToken
from platforma.catalogue.partners import own_platforms, own_steps
from platforma.catalogue.people import accounts, memberships, rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms.platform_states import Stop
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.web.context import absolute, actor, link_attempt, services, set_session_cookie, signed_in
from platforma.web.forms import Form, TextField, address_text, email_address
from platforma.web.partner.access import blueprint, led_back, own_platform_id
from platforma.web.partner.own_platforms import page_of
from vocabulary.messages import N_

TOO_MANY = N_("Too many mails were sent just now. Nothing was sent; try again in an hour.")


class AddressForm(Form):
    """A form that sends one mail to an address."""

    email = TextField(filters=[address_text], validators=[email_address])


@blueprint.post(f"{OWN_PLATFORM}people")
def invite(public_id: str) -> Response | tuple[str, int]:
    """Mail an invitation to answer for the platform."""
    return _mail_link(public_id, tokens.INVITE, "invite")


@blueprint.post(f"{OWN_PLATFORM}contact")
def ask_for_contact(public_id: str) -> Response | tuple[str, int]:
    """Mail the link by which a new contact address is confirmed."""
    return _mail_link(public_id, tokens.CONFIRM_CONTACT, "contact")


@blueprint.get(f"{OWN_PLATFORM}people/<int(max=2147483647):membership_id>")
def person(public_id: str, membership_id: int) -> str:
    """Whether somebody is really to be removed."""
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        found, one = own_platforms.own_platform(session, id), memberships.member(session, id, membership_id)
    return render_template("pages/members/person.html", platform=found, member=one, user=signed_in())


@blueprint.post(f"{OWN_PLATFORM}people/<int(max=2147483647):membership_id>")
def remove(public_id: str, membership_id: int) -> Response:
    """Remove somebody; who removed themselves is led to what is left to them."""
    id, user = own_platform_id(public_id), signed_in()
    with services().database.writing() as session:
        has_left = own_platforms.own_platform(session, id).stop == Stop.LEFT
        removed = memberships.remove(session, platform_id=id, membership_id=membership_id, actor=actor(), has_left=has_left)
    if user is not None and removed.user_id == user.id:
        return redirect(url_for("members.mine"), 303)
    return led_back(public_id, "remove")


@blueprint.get("/invitations/<token>")
def invitation(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            platform = memberships.read_invitation(session, token, _user_id())
            title = platform.title
    except BadToken:
        return _bad_link()
    return render_template("pages/members/invitation.html", token=token, title=title)


@blueprint.post("/invitations/<token>")
def accept(token: str) -> Response | tuple[str, int]:
    """Take part. An account that was made by this very link is signed in; any other one signs in as always."""
    try:
        with services().database.writing() as session:
            joined = memberships.accept(session, token, user_id=_user_id(), lang=current_language())
            secret = accounts.open_session(session, joined.user_id) if joined.is_new else None
    except BadToken:
        return _bad_link()
    answer = redirect(url_for("members.platform", public_id=joined.public_id, done="joined"), 303)
    return set_session_cookie(answer, secret) if secret else answer


@blueprint.get("/contacts/<token>")
def new_contact(token: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            title, email = own_steps.new_contact(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/members/contact.html", token=token, title=title, email=email, is_done=False)


@blueprint.post("/contacts/<token>")
def confirm_contact(token: str) -> str | tuple[str, int]:
    """Make the address the contact of its platform."""
    try:
        with services().database.writing() as session:
            title, email = own_steps.confirm_contact(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/members/contact.html", token=token, title=title, email=email, is_done=True)


def _mail_link(public_id: str, purpose: str, field: str) -> Response | tuple[str, int]:
    """Mail a link of a purpose to the address of the form; the page with what is wrong where it cannot be."""
    id, form = own_platform_id(public_id), AddressForm(request.form)
    if not form.validate():
        return page_of(public_id, {f"{field}-email": form.error_texts["email"]}, **{field: form.email.data}), 400
    if _queue_link(id, purpose, form.email.data) is not None:
        return page_of(public_id, {f"{field}-email": _(TOO_MANY)}, **{field: form.email.data}), 429
    return led_back(public_id, field)


def _queue_link(id: str, purpose: str, email: str) -> ExceededLimit | None:
    """Let a mail with a link wait; or return the rate limit that is exceeded."""
    user, key = signed_in(), services().secret_key
    assert user is not None
    with services().database.writing() as session:
        exceeded = rate_limits.count_attempt(session, link_attempt(purpose, email))
        if exceeded is not None:
            return exceeded
        title = own_platforms.own_platform(session, id).title
        if purpose == tokens.INVITE:
            name = memberships.invite(session, platform_id=id, email=email, by=user.id, key=key)
            subject, body = _invitation_mail(title)
        else:
            name = own_steps.ask_for_contact(session, platform_id=id, email=email, by=user.id, key=key)
            subject, body = _contact_mail(title)
        queue_mail(session, to=email, lang=current_language(), subject=subject, body=body, secret_name=name)
    return None


def _invitation_mail(title: str) -> tuple[str, str]:
    link = absolute(url_for("members.invitation", token=PLACEHOLDER))
    subject = _("You are invited: %(title)s", title=title)
    return subject, render_template("mail/invitation.txt", link=link, title=title, by=actor())


def _contact_mail(title: str) -> tuple[str, str]:
    link = absolute(url_for("members.new_contact", token=PLACEHOLDER))
    return _("Confirm your address"), render_template("mail/confirm_contact.txt", link=link, title=title)


def _user_id() -> int | None:
    user = signed_in()
    return user.id if user else None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/members/bad_link.html", is_signed_in=signed_in() is not None), 410
