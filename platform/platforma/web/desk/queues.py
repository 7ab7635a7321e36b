"""The queues of the desk that are walked over item by item: of each, how an item is shown and what can be decided of it.

A new one is a `DeskQueue` here, its name in catalogue/desk/queues.py, its items in decisions/waiting.py, and a macro of its kind
in components/queue_items.html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platforma.catalogue.decisions import crawls, listings
from platforma.catalogue.desk.queues import walked_queue
from platforma.catalogue.enums import CorrectionState, PlatformState
from platforma.catalogue.errors import BadValue, NotFound
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.listings.shown_pairs import likely_same
from platforma.catalogue.listings.shown_pairs import queue as queue_of_pairs
from platforma.catalogue.platforms import conversation, platform_queries
from platforma.catalogue.visitors import additions, corrections
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.web.context import actor, services
from platforma.web.crawl_views import reason_of, report_page
from platforma.web.desk import corrections as message_views
from platforma.web.desk import platforms as platform_views
from platforma.web.desk.correction_pages import message_page
from platforma.web.desk.duplicate_pages import pair_view
from platforma.web.desk.duplicates import decide_pair
from platforma.web.desk.forms import AnswerForm
from platforma.web.desk.joined_pages import LikelyLine
from platforma.web.public.rows import row
from vocabulary.languages import DEFAULT_LANGUAGE
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of an item with its key. `replies` is the kind of texts from which what the other side reads is begun (see
    decisions.replies), empty where nothing is written; `asks` what is asked before, empty where the button decides at once."""

    verb: str
    key: str
    label: str
    replies: str = ""
    asks: str = ""

    @property
    def is_asking(self) -> bool:
        """Whether a step comes between the button and the decision."""
        return bool(self.replies or self.asks)


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is shown: `data` is what the macro of its kind takes.

    `lang` is the language in which the other side reads what is written, empty where nobody is mailed.
    """

    title: Text
    choices: Sequence[Choice]
    data: Any
    lang: str = ""


@dataclass(frozen=True, slots=True)
class DeskQueue:
    """How the items of a queue are walked over. `endpoint` is the list of all that waits in it. `show` gives an item by its name,
    None where it does not wait any more; `decide` makes a decision by its verb and the text that was written, and returns its id.
    It raises what the catalogue raises."""

    endpoint: str
    show: Callable[[str], Item | None]
    decide: Callable[[str, str, str], int]


PUBLISH, REFUSE = N_("Publish"), N_("Refuse")
REASON = N_("Reason for refusing")
LISTING_CHOICES = (Choice("publish", "1", PUBLISH), Choice("refuse", "2", REFUSE, "listing", REASON))
PLATFORM_CHOICES = (
    Choice("approve", "1", N_("Approve and trust")),
    Choice("probation", "2", N_("Approve on probation")),
    Choice("refuse", "3", REFUSE, "platform", REASON),
    Choice("ask", "4", N_("Ask back"), "platform_question", N_("Question")),
)
CRAWL_CHOICES = (Choice("accept", "1", N_("Accept")), Choice("discard", "2", N_("Discard")))
MESSAGE_CHOICES = (
    Choice("done", "1", N_("Done")),
    Choice("refuse", "2", REFUSE, "message_refused", N_("Answer")),
    Choice("answer", "4", N_("Done, with an answer"), "message_done", N_("Answer")),
)
REMOVE = Choice("remove", "3", N_("Remove for good"), "", N_("Answer"))


def _show_listing(name: str) -> Item | None:
    with services().database.reading() as session:
        found = listing_queries.listing_for_desk(session, name)
        added, likely = additions.addition_of(session, name), likely_same(session, [name]).get(name, ())
    if not isinstance(found, Listing) or found.state != "new":
        return None
    data = {
        "row": row(found, current_language(), today=today()),
        "listing": found,
        "likely": [LikelyLine.of(one) for one in likely],
        "description": found.shown("description", current_language()),
    }
    return Item(found.title(current_language()), LISTING_CHOICES, data, added.lang if added and added.email else "")


def _decide_listing(name: str, verb: str, text: str) -> int:
    with services().database.writing() as session:
        return listings.decide(session, public_id=name, verb=verb, actor=actor(), reason=text).id


def _show_platform(name: str) -> Item | None:
    with services().database.reading() as session:
        card = platform_queries.platform_by_id(session, name)
        new = listing_queries.new_listings(session, limit=platform_views.MAX_SAMPLES, platform_id=name)
        written = conversation.messages(session, name)
    if card.state != PlatformState.PROPOSED or card.asked_at is not None:
        return None
    failure = reason_of(card.last_crawl.reason, card.last_crawl.values) if card.last_crawl and card.last_crawl.reason else None
    data = {
        "card": card,
        "written": written,
        "samples": [platform_views.desk_row(listing) for listing in new],
        "failure": f"{failure.what} {failure.advice}" if failure else "",
    }
    lang = (card.contact_lang or DEFAULT_LANGUAGE) if card.contact_email else ""
    choices = PLATFORM_CHOICES if card.contact_email else PLATFORM_CHOICES[:-1]
    return Item(Text(card.title, None), choices, data, lang)


def _decide_platform(name: str, verb: str, text: str) -> int:
    return platform_views.decide_and_tell(name, platform_views.DECISIONS[verb], text, is_proposal=True)


def _show_crawl(name: str) -> Item | None:
    with services().database.reading() as session:
        full = full_reports.full_report(session, int(name), secret_key=services().secret_key, limit=0)
    page = report_page(full, 0)
    if page.report.crawl.state != "held":
        return None
    return Item(Text(page.report.platform.title, None), CRAWL_CHOICES, page)


def _decide_crawl(name: str, verb: str, _text: str) -> int:
    with services().database.writing() as session:
        return crawls.decide(session, crawl_id=int(name), verb=verb, actor=actor()).id


def _show_message(name: str) -> Item | None:
    with services().database.reading() as session:
        message = corrections.message(session, int(name))
    if message.state != CorrectionState.OPEN:
        return None
    page = message_page(message, message_views.listing_of(message), message_views.platform_of(message), AnswerForm())
    choices = [*MESSAGE_CHOICES, REMOVE] if page.can_remove else MESSAGE_CHOICES
    ordered = sorted(choices, key=lambda choice: choice.key)
    return Item(Text(page.topic, None), ordered, page, message.lang if message.email else "")


def _decide_message(name: str, verb: str, text: str) -> int:
    if verb in ("refuse", "answer") and not text.strip():
        raise BadValue("text", N_("Write the answer"))
    return message_views.decide_and_tell(int(name), "done" if verb == "answer" else verb, text)


def _show_pair(name: str) -> Item | None:
    with services().database.reading() as session:
        found = queue_of_pairs(session, name.split("-"), 0)
    if found.shown is None or found.is_missed:
        return None
    pair = pair_view(found.shown)
    return Item(Text(f"{pair.left.title.text} – {pair.right.title.text}", None), (), pair)


def _decide_pair(name: str, verb: str, _text: str) -> int:
    left, _dash, right = name.partition("-")
    return decide_pair(left, right, verb)


QUEUES: Mapping[str, DeskQueue] = {
    "message": DeskQueue("desk.all_corrections", _show_message, _decide_message),
    "platform": DeskQueue("desk.platforms", _show_platform, _decide_platform),
    "listing": DeskQueue("desk.listings", _show_listing, _decide_listing),
    "crawl": DeskQueue("desk.crawls", _show_crawl, _decide_crawl),
    "pair": DeskQueue("desk.duplicates", _show_pair, _decide_pair),
}
"""The queues by their kinds."""


def shown(kind: str, name: str) -> Item | None:
    """An item that waits; None where it does not any more, or there is none of this name."""
    try:
        return QUEUES[kind].show(name)
    except (NotFound, ValueError):
        return None


def choice_of(item: Item, verb: str) -> Choice | None:
    """The choice of an item by its verb; None for another one."""
    return next((choice for choice in item.choices if choice.verb == verb), None)


def queue_label(kind: str) -> str:
    """The name of a queue in the reader's language."""
    return _(walked_queue(kind).name)
