"""The walk over all queues of the desk, or over one: the next item that needs a person, decided by a button or its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.decisions import claims, reads, replies, waiting
from platforma.catalogue.decisions.claims import OBJECTS
from platforma.catalogue.decisions.replies import Reply
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listings import judged
from platforma.i18n import gettext as _
from platforma.i18n import language_name, number
from platforma.web.context import actor, may_decide, pressed, services, skipped
from platforma.web.desk import queues
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decided_lines import MAX_ID, DecisionLine, Said, decided_meanwhile, said_decision
from platforma.web.desk.decisions import follow
from platforma.web.desk.duplicate_pages import DECISIONS
from platforma.web.desk.judgement_lines import JudgementLine, judged_meanwhile
from platforma.web.desk.queues import Choice, Item
from platforma.web.desk.taken import taken_text
from platforma.web.desk.walks import Walk
from vocabulary.languages import DEFAULT_LANGUAGE

MAX_LATELY = 8
LETTERS = "abcdefgh"
"""The keys of the texts from which what is written begins."""
Refusal = tuple[str, str]
"""Why nothing was done, and what was typed."""
NOTHING: Refusal = ("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked before a decision: the choice, the texts to begin with by their keys, and what is written so far."""

    choice: Choice
    texts: Sequence[tuple[str, str, str]]
    text: str
    lang_name: str


@dataclass(frozen=True, slots=True)
class NextPage:
    """The page. `only` is the kind that is walked over, empty for all; `taken` is who else has the item, and
    `list_url` where all of the one kind are listed."""

    kind: str
    name: str
    item: Item | None
    asked: Asked | None
    walk: Walk | None
    only: str
    taken: str
    taken_elsewhere: int
    list_url: str
    said: Said | None
    judged: JudgementLine | None
    unjudged: JudgementLine | None
    refused: str
    typed: str
    lately: Sequence[DecisionLine]

    @property
    def done(self) -> bool:
        return bool(self.judged or (self.said and not self.said.is_undone))

    @property
    def undone(self) -> bool:
        return bool(self.unjudged or (self.said and self.said.is_undone))


@blueprint.get("/next")
def next_item() -> str:
    """The item after `?skip=` others, of the queue `?only=` or of all, the oldest first."""
    return _page("", "")


@blueprint.get("/next/<kind>/<name>")
def one_item(kind: str, name: str) -> str:
    """One item; where it does not wait any more, that is said above the next one. `?say=` asks what a decision needs."""
    if kind not in queues.QUEUES:
        abort(404)
    return _page(kind, name)


@blueprint.post("/next/<kind>/<name>")
def decide_next(kind: str, name: str) -> Response | tuple[str, int]:
    """Decide on an item, and go on to the next one."""
    queue = queues.QUEUES.get(kind) or abort(404)
    verbs = list(DECISIONS) if kind == waiting.PAIR else [choice.verb for choice in _all_choices(kind)]
    verb, text = pressed("decision", *verbs), request.form.get("text", "")
    try:
        id = queue.decide(name, verb, text)
    except BadValue as error:
        return _page(kind, name, (_(error.reason, **error.values), text), say=verb), 400
    except BadState as error:
        return _page("", "", (_why(error, kind, name), text)), 409
    except ValueError:
        abort(404)
    follow()
    back = partial(url_for, "desk.next_item", only=_only() or None, skip=_skip() or None)
    return redirect(back(judged=id) if kind == waiting.PAIR else back(decided=id))


def _page(kind: str, name: str, refusal: Refusal = NOTHING, say: str = "") -> str:
    only, skip, refused = _only(), _skip(), refusal[0]
    with services().database.reading() as session:
        others = claims.of_others(session, actor())
        kinds = [only] if only else list(queues.QUEUES)
        queued = waiting.queued(session, kinds, skip=skip, limit=1, taken=others)
        item = queues.shown(kind, name) if kind else None
        if kind and item is None and not said_decision() and not _number("unjudged"):
            refused = refused or _("This does not wait for a decision any more.")
        is_named = item is not None
        if item is None and queued.items:
            kind, name = queued.items[0].item
            item = queues.shown(kind, name)
        asked = _asked(replies.offered(session, reply) if (reply := _kind_of_replies(item, say)) else [], item, say, refusal)
        lately = [DecisionLine.of(one) for one in reads.latest(session, limit=MAX_LATELY)]
        judgement, unjudged = (_judged(judged.judged(session, _number(word))) for word in ("judged", "unjudged"))
    looks_at = (kind, name) if item else None
    is_looking = request.method == "GET" and may_decide()
    taken = claims.take(services().database, looks_at, actor()) if is_looking else None
    page = NextPage(
        kind=kind, name=name, item=item, asked=asked, only=only, taken=taken_text(taken), taken_elsewhere=queued.taken,
        list_url=url_for(queues.QUEUES[only].endpoint) if only else "",
        walk=_walk(only, 0 if is_named else skip + 1, queued.total - queued.taken) if item else None, said=said_decision(),
        judged=judgement if judgement and not judgement.undone_at else None,
        unjudged=unjudged if unjudged and unjudged.undone_at else None, refused=refused, typed=refusal[1], lately=lately,
    )  # fmt: skip
    return render_template("pages/desk/next.html", page=page, queue_label=queues.queue_label)


def _asked(offered: Sequence[Reply], item: Item | None, say: str, refusal: Refusal) -> Asked | None:
    """What is asked before the decision `say`, with the text that was refused, that was chosen, or the first one."""
    choice = queues.choice_of(item, say or request.args.get("say", "")) if item else None
    if item is None or choice is None or not choice.is_asking:
        return None
    lang = item.lang or DEFAULT_LANGUAGE
    texts = [(letter, reply.key, reply.text(lang)) for letter, reply in zip(LETTERS, offered, strict=False)]
    wanted = request.args.get("begin", "")
    chosen = next((text for _letter, key, text in texts if key == wanted), texts[0][2] if texts else "")
    return Asked(choice, texts, refusal[1] if refusal[0] else chosen, language_name(lang) if item.lang else "")


def _kind_of_replies(item: Item | None, say: str) -> str:
    choice = queues.choice_of(item, say or request.args.get("say", "")) if item else None
    return choice.replies if choice else ""


def _walk(only: str, place: int, total: int) -> Walk:
    return Walk(
        place=place,
        total=max(total, place),
        words=_("%(place)s of %(total)s that wait", place=number(place), total=number(max(total, place))),
        more="",
        label=_("What waits"),
        all_label=_("All that waits"),
        address=lambda skip: url_for("desk.next_item", only=only or None, skip=skip),
    )


def _why(error: BadState, kind: str, name: str) -> str:
    return judged_meanwhile(error, *name.split("-")) if kind == waiting.PAIR else decided_meanwhile(error, OBJECTS[kind], name)


def _judged(found: judged.Judged | None) -> JudgementLine | None:
    return JudgementLine.of(found) if found else None


def _all_choices(kind: str) -> Sequence[Choice]:
    """All choices that items of a kind may have; which one has which is the catalogue's to say."""
    return {
        "listing": queues.LISTING_CHOICES,
        "platform": queues.PLATFORM_CHOICES,
        "crawl": queues.CRAWL_CHOICES,
        "message": (*queues.MESSAGE_CHOICES, queues.REMOVE),
    }[kind]


def _only() -> str:
    """The one queue that is walked over; empty for all."""
    only = request.values.get("only", "")
    return only if only in queues.QUEUES else ""


def _skip() -> int:
    return max(0, request.form.get("skip", 0, int)) if request.method == "POST" else skipped()


def _number(name: str) -> int:
    id = request.args.get(name, 0, int)
    return id if 0 < id <= MAX_ID else 0
