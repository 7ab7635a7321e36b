"""The desk's first page: what waits for a person, what was done this week, and what the person is mailed of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk import done, queues
from platforma.catalogue.desk.queues import Counted, Line
from platforma.catalogue.enums import DeskMail
from platforma.catalogue.people import desk_mails
from platforma.catalogue.terms import failed_searches
from platforma.i18n import gettext as _
from platforma.i18n import ngettext, number
from platforma.web.context import pressed, services, signed_in
from platforma.web.desk.blueprint import blueprint
from search.port import SearchError


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue on the page: what it is called, where it is, how many wait, for how long, and what is doubtful about them."""

    name: str
    address: str
    count: str
    age: str
    doubts: tuple[str, ...]


@blueprint.get("/")
def today() -> str:
    now = utc_now()
    with services().database.reading() as session:
        waiting, better = (queues.lines(session, some, _kept) for some in (queues.QUEUES, queues.IMPROVEMENTS))
        works = done.done_since(session, now - done.WEEK)
        choice = desk_mails.choice_of(session, _own_id())
    return render_template(
        "pages/desk/today.html", waiting=[_line(line, now) for line in waiting], better=[_line(line, now) for line in better],
        works=[(_work_name(work.name), _by(work)) for work in works],
        choices=desk_mail_choices(), choice=choice, is_saved=request.args.get("saved") == "mail",
    )  # fmt: skip


@blueprint.post("/mine")
def choose_mail() -> Response:
    """Change what the person of this request is mailed of the desk."""
    choice = DeskMail(pressed("desk_mail", *DeskMail))
    with services().database.writing() as session:
        desk_mails.choose(session, user_id=_own_id(), choice=choice)
    return redirect(url_for("desk.today", saved="mail"))


@blueprint.get("/searches")
def searches() -> str:
    """The most frequent searches that found nothing."""
    with services().database.reading() as session:
        searches = failed_searches.most_frequent(session)
    return render_template("pages/desk/searches.html", searches=searches)


def desk_mail_choices() -> list[tuple[str, str]]:
    """What a person can be mailed of the desk: value and words."""
    return [
        (DeskMail.NONE, _("Nothing")),
        (DeskMail.WEEKLY, _("On Mondays, what waits")),
        (
            DeskMail.AT_ONCE,
            _("On Mondays, what waits; and urgent matters at once (removals, new platforms, failed crawls)"),
        ),
    ]


def _kept(id: str, count: Callable[[], Counted]) -> Counted:
    """What was counted for a queue, kept until the index changes; counted anew where the engine does not answer."""
    try:
        return services().until_change(("queue", id), count)
    except SearchError:
        return count()


def _line(line: Line, now: datetime) -> QueueLine:
    doubts = tuple(f"{_(message)}: {number(count)}" for message, count in line.doubts)
    address = url_for("desk.today").rstrip("/") + line.queue.path
    return QueueLine(_(line.queue.name), address, number(line.count), _age(line.oldest, now), doubts)


def _age(oldest: datetime | None, now: datetime) -> str:
    """For how long the oldest entry has waited; empty where that is not known."""
    if oldest is None:
        return ""
    days = (now - oldest).days
    if days < 1:
        return _("since today")
    return ngettext("the oldest for %(num)s day", "the oldest for %(num)s days", days)


def _by(work: done.Work) -> str:
    """How often something was done, by whom."""
    people, rules = _("by people: %(count)s"), _("by rules: %(count)s")
    parts = [words % {"count": number(times)} for words, times in ((people, work.by_people), (rules, work.by_rules)) if times]
    return ", ".join(parts)


def _work_name(name: str) -> str:
    return {
        "published": _("Listings published"),
        "refused": _("Listings refused"),
        "fields": _("Fields changed or kept"),
        "pairs": _("Decisions about duplicates"),
        "platforms": _("Decisions about platforms"),
        "crawls": _("Decisions about held crawls"),
        "messages": _("Messages answered"),
    }.get(name, _("Other changes"))


def _own_id() -> int:
    user = signed_in()
    assert user is not None
    return user.id
