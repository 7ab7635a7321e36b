"""The desk's page of all changes: who did what to what, when, and what stood before and after; also as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flask import Response, render_template, request

from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.lists import audit_trail
from platforma.catalogue.lists.audit_trail import AuditEntry, Question
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.choices import since_of
from platforma.web.desk.covering import covered
from platforma.web.desk.event_words import EventLine, action_label, actor_label, event_line, type_label
from platforma.web.desk.tables import csv_response
from vocabulary.folding import name_key

EVENTS_PER_PAGE = 50
EXPORTED_AT_ONCE = 500
TYPES = (
    "initiative", "platform", "recipe", "crawl", "concept", "term", "search", "user", "mail", "correction", "removal", "bulk",
    "view", "reply",
)  # fmt: skip
PARAMETERS = ("by", "action", "type", "object", "q", "since", "until")
MAX_ID = 2**31 - 1


@blueprint.get("/audit")
def audit() -> str:
    """A page of the events that are meant, the newest first; `?before=` is the id of the last one of the page before."""
    question = _question()
    with services().database.reading() as session:
        entries = audit_trail.find(session, question, EVENTS_PER_PAGE + 1)
        names = audit_trail.names(session, entries[:EVENTS_PER_PAGE])
        actors, actions = audit_trail.actors(session), audit_trail.actions(session)
    lines = [event_line(entry, names) for entry in entries[:EVENTS_PER_PAGE]]
    given = {name: request.args[name] for name in PARAMETERS if request.args.get(name)}
    return render_template(
        "pages/desk/audit.html", lines=lines, given=given, is_later_page=question.before_id is not None,
        older=lines[-1].id if len(entries) > EVENTS_PER_PAGE else None,
        about=lines[0].object if lines and question.object_id else request.args.get("object", ""),
        actors=_sorted((actor, actor_label(actor)) for actor in actors),
        actions=_sorted((action, action_label(action)) for action in actions),
        types=_sorted((type, type_label(type)) for type in TYPES), sent=request.args,
    )  # fmt: skip


@blueprint.get("/audit.csv")
def audit_csv() -> Response:
    """All events that are meant, a row for each thing that changed."""
    headings = (
        _("When"), _("Who"), _("What was done"), _("To what sort"), _("To what"), _("Number"), _("Of it"), _("Before"),
        _("After"),
    )  # fmt: skip
    return csv_response([headings, *_rows(_question())], "changes.csv")


def _question() -> Question:
    """What the address asks for; what cannot be understood is left out."""
    asked = request.args
    type, _colon, id = asked.get("object", "").rpartition(":")
    before_id, until = asked.get("before", None, int), since_of(asked.get("until", ""))
    return Question(
        actor=asked.get("by", ""), action=asked.get("action", ""), object_type=type or asked.get("type", ""), object_id=id,
        words=asked.get("q", "").strip()[:200], since=since_of(asked.get("since", "")), until=_day_after(until),
        before_id=before_id if before_id is not None and 0 < before_id <= MAX_ID else None,
    )  # fmt: skip


def _day_after(day: datetime | None) -> datetime | None:
    return day + timedelta(days=1) if day is not None and day.year < 9999 else None


def _rows(question: Question) -> Iterator[tuple[str, ...]]:
    with services().database.snapshot() as session:
        waiting: list[AuditEntry] = []
        for entry in audit_trail.find_all(session, question):
            waiting.append(entry)
            if len(waiting) == EXPORTED_AT_ONCE:
                yield from _cells(waiting, audit_trail.names(session, waiting))
                waiting = []
                session.expunge_all()
        yield from _cells(waiting, audit_trail.names(session, waiting))


def _cells(entries: list[AuditEntry], names: audit_trail.ObjectNames) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        line = event_line(entry, names)
        known = (entry.at.isoformat(timespec="seconds"), line.actor, line.action, line.kind, line.object, entry.object_id)
        for label, before, after in _sides(line) or [("", "", "")]:
            yield tuple(safe_cell(cell) for cell in (*known, label, before, after))


def _sides(line: EventLine) -> list[tuple[str, str, str]]:
    return [(change.label, _text(change.before), _text(change.after)) for change in line.changes]


def _text(pieces: Iterable[tuple[str, bool]]) -> str:
    """A side of a change as one text; without addresses for readers."""
    return covered("".join(text for text, _differs in pieces))


def _sorted(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Options by label, as the reader sorts names."""
    return sorted(options, key=lambda option: (name_key(option[1], current_language()), option[0]))
