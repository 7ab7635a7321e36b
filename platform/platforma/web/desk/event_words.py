"""Events of the audit in the reader's language: who, what, to what, and what stood before and after."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from platforma.catalogue.enums import Role
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.lists.audit_trail import LISTING_KEYS, AuditEntry, ObjectNames
from platforma.catalogue.lists.bulk_steps import DIMENSIONS as TERM_OF
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.i18n import current_language, language_name, pgettext
from platforma.i18n import gettext as _
from platforma.web.crawl_views import SHOWN_COUNTS, count_label, moment
from platforma.web.desk.accounts import role_label
from platforma.web.desk.bulk_words import action_label as bulk_label
from platforma.web.desk.choices import state_label
from platforma.web.labels import field_label, value_text
from vocabulary import load
from vocabulary.languages import LANGUAGES

FIELDS = (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS)
MAX_COMPARED_WORDS = 400
"""Of longer texts, words are not compared one by one: all between what begins and what ends alike is marked."""
MAX_SHOWN_CHARACTERS = 3_000
Piece = tuple[str, bool]
"""A part of a text, and whether it differs."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What stood before and after of one thing, in pieces; `lang` is that of a text, None of anything else."""

    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    lang: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event: `object` is what it is about, `address` its page at the desk, None where it has none."""

    id: int
    at: str
    actor: str
    action: str
    kind: str
    object: str
    object_lang: str | None
    address: str | None
    all_address: str
    changes: tuple[ChangeLine, ...]


def event_line(entry: AuditEntry, names: ObjectNames) -> EventLine:
    """An event in the reader's language."""
    name, lang = _object_name(entry, names)
    return EventLine(
        entry.id, moment(entry.at), actor_label(entry.actor), action_label(entry.action, entry.object_type),
        type_label(entry.object_type), name, lang, _address(entry),
        url_for("desk.audit", object=f"{entry.object_type}:{entry.object_id}"), tuple(_changes(entry, names)),
    )  # fmt: skip


def actor_label(actor: str) -> str:
    """A person's address, or the name of a rule."""
    rules = {
        "crawl": _("the crawl"),
        "demo": _("the demonstration"),
        "platform": _("the platform’s own data"),
        "added by hand": _("an addition by a visitor"),
        "rule:same initiative": _("the rule for the same initiatives"),
        "rule:sources": _("the rule for what sources list no more"),
        "shell": _("the command line"),
        "upgrade": _("an upgrade"),
        "import: desk": _("an import"),
    }
    known = rules.get(actor)
    return known or (_("the rule “%(name)s”", name=actor.removeprefix("rule:")) if actor.startswith("rule:") else actor)


def action_label(name: str, type: str = "") -> str:
    """What was done to something of a sort, in a few words that agree with the sort's noun; the id of an action that has none.

    Without a sort, the words of the first one to which it can be done.
    """
    own = _DONE[type]() if type in _DONE else {}
    return own.get(name) or next((words[name] for words in (done() for done in _DONE.values()) if name in words), name)


def _done_to_listing() -> dict[str, str]:
    return {
        "set": _("changed manually"),
        "edit": _("changed manually"),
        "choose": _("whose value stands was chosen when joining"),
        "choice_taken_back": _("the choice made when joining taken back"),
        "release": _("the source’s value taken"),
        "keep": _("ours kept"),
        "keep_for_good": _("ours kept for good"),
        "publish": _("published"),
        "refuse": pgettext("listing", "refused"),
        "withdraw": _("taken back: not public"),
        "restore": _("given back its former state"),
        "suppress": _("removed for good"),
        "archive": _("archived: no source lists it any more"),
        "return": _("back: a source lists it again"),
        "add": pgettext("listing", "added"),
        "undo": _("a decision taken back"),
        "take_back": _("a decision about duplicates taken back"),
        "leave": _("became something else: parted from the listings that it was joined with"),
        **_judged(),
        **_confirmed(),
        **_claimed(),
    }


def _judged() -> dict[str, str]:
    return {
        "join": _("joined with another listing"),
        "judge_same": _("the same as another listing: joined"),
        "judge_translation": _("a translation of another listing: joined"),
        "judge_part_of": _("one is part of the other: two listings"),
        "judge_different": _("not the same as another listing"),
        "judge_unsure": _("whether it is the same as another listing: decided later"),
    }


def _confirmed() -> dict[str, str]:
    return {
        "stale_keep": _("found to be fine as it is"),
        "stale_unpublish": _("taken off, since it was out of date"),
        "stale_ask": _("the organisation was asked"),
        "stale_undo": _("a decision about being out of date taken back"),
        "letter_correct": _("confirmed by the organisation"),
        "letter_change": _("the organisation wants to change something"),
        "letter_ended": _("the organisation says that it no longer exists"),
    }


def _claimed() -> dict[str, str]:
    return {
        "claim": _("somebody says that it is their organisation"),
        "prove_claim": _("it was shown that it is somebody’s organisation"),
        "unprove_claim": _("it is not shown any more that it is somebody’s organisation"),
        "ask_word": _("the curators’ word asked for, that it is somebody’s organisation"),
        "refuse_word": _("the curators’ word refused, that it is somebody’s organisation"),
        "live_claim": _("the organisation’s changes are public at once"),
        "checked_claim": _("the organisation’s changes are looked at first"),
        "owner_edit": _("changed by the organisation itself"),
        "send_change": _("a change sent by the organisation"),
        "withdraw_change": _("a change taken back by the organisation"),
        "accept_change": _("a change by the organisation accepted"),
        "refuse_change": _("a change by the organisation refused"),
        "leave_claim": _("somebody does not keep it for the organisation any more"),
        "end_claim": _("not kept by the organisation any more: the sources’ values stand again"),
    }


def _done_to_platform() -> dict[str, str]:
    return {
        "propose": pgettext("platform", "proposed"),
        "become_member": _("somebody answers for it now"),
        "prove": _("it was shown that its people run the site"),
        "unprove": _("it is not shown any more that its people run the site"),
        "approve": pgettext("platform", "approved"),
        "refuse": pgettext("platform", "refused"),
        "pause": pgettext("platform", "paused"),
        "leave": pgettext("platform", "has left"),
        "undo": _("a decision taken back"),
        "ask": _("the partner asked back"),
        "partner_mapping": _("its partner chose what its fields mean"),
        "partner_mapping_back": _("its partner took the last choice of fields back"),
        "partner_mapping_wish": _("its partner wishes other fields"),
        "partner_answer": _("answered by the partner"),
        "partner_pause": _("paused by its partner"),
        "partner_resume": _("its partner goes on"),
        "partner_part": _("has left; its listings stay"),
        "invite": _("somebody invited to answer for it"),
        "ask_contact": _("another contact asked for"),
        "remove_member": _("somebody answers for it no more"),
        "contact": _("its contact changed"),
        "licence": _("its licence changed"),
        "rank": _("its place among the sources changed"),
        "recipe": _("how it is read changed"),
        "crawl_now": _("a crawl ordered"),
        "stop_crawl": _("a crawl stopped"),
        "import": _("listings imported"),
        "dismiss": _("its values looked at: nothing to be done"),
        "leave_listed": _("listings left, though similar to something that was removed"),
    }


def _done_to_recipe() -> dict[str, str]:
    return {"draft": _("a new way of reading tried"), "drop": _("a tried way of reading dropped")}


def _done_to_crawl() -> dict[str, str]:
    return {
        "approve": pgettext("crawl", "accepted"),
        "discard": pgettext("crawl", "discarded"),
        "undo": _("a decision taken back"),
    }


def _done_to_message() -> dict[str, str]:
    return {"answer": _("message answered"), "reopen": _("message opened again"), "undo": _("a decision taken back")}


def _done_to_word() -> dict[str, str]:
    """What is done to concepts of the thesaurus, to terms of the closed lists, and to searches that found nothing."""
    return {
        "add_concept": _("concept added"),
        "change_concept": _("concept changed"),
        "remove_concept": _("concept removed"),
        "restore_concept": _("concept restored"),
        "add_term": _("term added"),
        "change_term": _("term changed"),
        "replace_term": _("term replaced"),
        "undo_term": _("a change of a term undone"),
        "dismiss_search": _("search not asked about any more"),
        "ask_again_search": _("search asked about again"),
    }


def _done_to_account() -> dict[str, str]:
    return {
        "add": pgettext("account", "added"),
        "role": _("role changed"),
        "close": _("account closed"),
        "reopen": _("account opened again"),
        "desk_mail": _("choice of mails changed"),
        "partner_mail": _("choice of mails changed"),
        "add-passkey": _("passkey added"),
        "rename-passkey": _("passkey renamed"),
        "remove-passkey": _("passkey removed"),
    }


def _done_elsewhere() -> dict[str, str]:
    return {
        "retry": _("e-mail sent again"),
        "dismiss": _("e-mail taken off the list"),
        "lift": _("removal lifted"),
        "held_keep": _("found to be no advertising"),
        "held_delete": _("deleted as advertising"),
        "bulk_change": _("many listings changed"),
        "bulk_undo": _("a change of many listings undone"),
        "save_view": _("view saved"),
        "delete_view": _("view deleted"),
        "save": _("text of an answer changed"),
    }


_DONE: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "initiative": _done_to_listing,
    "platform": _done_to_platform,
    "recipe": _done_to_recipe,
    "crawl": _done_to_crawl,
    "correction": _done_to_message,
    **dict.fromkeys(("concept", "term", "search"), _done_to_word),
    **dict.fromkeys(("user", "reader"), _done_to_account),
    **dict.fromkeys(("mail", "removal", "bulk", "view", "reply", "held"), _done_elsewhere),
}
"""The words for what is done, by the sort of thing to which it is done."""


def type_label(name: str) -> str:
    """What sort of thing an event is about."""
    return {
        "initiative": _("listing"),
        "platform": _("platform"),
        "recipe": _("how a platform is read"),
        "crawl": _("crawl"),
        "concept": _("concept of the thesaurus"),
        "term": _("term of a list"),
        "search": _("search without result"),
        "reply": _("text of an answer"),
        "user": _("account"),
        "reader": _("reader of mails"),
        "mail": _("e-mail"),
        "correction": _("message of a visitor"),
        "removal": _("removal"),
        "held": _("what was held back"),
        "bulk": _("change of many listings"),
        "view": _("saved view"),
    }.get(name, name)


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts in pieces that are alike and that differ, cut at blanks."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    middles = old[start : len(old) - end], new[start : len(new) - end]
    pieces = _compared(*middles) if max(map(len, middles)) <= MAX_COMPARED_WORDS else tuple([("".join(m), True)] for m in middles)
    head, tail = ("".join(old[:start]), False), ("".join(old[len(old) - end :]), False)
    return tuple(tuple(piece for piece in (head, *middle, tail) if piece[0]) for middle in pieces)  # type: ignore[return-value] # there are two


def _compared(old: Sequence[str], new: Sequence[str]) -> tuple[list[Piece], list[Piece]]:
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        sides[0].append(("".join(old[a:b]), tag != "equal"))
        sides[1].append(("".join(new[c:d]), tag != "equal"))
    return sides


def _changes(entry: AuditEntry, names: ObjectNames) -> list[ChangeLine]:
    """A line for each thing that the event tells of, in the order of the event; what is alike on both sides is left out."""
    lang = entry.before.get("lang") or entry.after.get("lang")
    lines = []
    for key in dict.fromkeys((*entry.before, *entry.after)):
        said = [_text(entry.object_type, key, side.get(key), names, side) for side in (entry.before, entry.after)]
        if key == "lang" or said[0] == said[1]:
            continue
        is_text = key in TEXT_FIELDS
        shown = [text[:MAX_SHOWN_CHARACTERS] for text in said]
        before, after = marked(*shown) if is_text and all(shown) else (((text, False),) if text else () for text in shown)
        label = f"{key_label(key)} ({language_name(str(lang))})" if is_text and lang else key_label(key)
        lines.append(ChangeLine(label, tuple(before), tuple(after), str(lang) if is_text and lang and lang != "und" else None))
    return lines


def key_label(key: str) -> str:
    """What a part of an event tells of; its key where it has no name."""
    names = {
        "state": _("State"), "reason": _("Reason"), "listing": _("The other listing"), "joined": _("Joined with"),
        "verdict": _("Decision"), "score": _("Likeness"), "version": _("Version"), "role": _("Role"), "email": _("E-mail"),
        "name": _("Name"), "query": _("Search"), "shared": _("Shared"), "listings": _("Listings"), "action": _("What to do"),
        "adapter": _("How it is read"), "value": _("Value"), "topic": _("About"),
        "rank": _("Place among the sources"), "url": _("Address"), "source": _("Where these words are from"),
        "is_removed": _("Not used any more"), "dismissed": _("Not asked about any more"), "texts": _("Text of the answer"),
        "words": _("Names"), "is_offered": _("Offered"), "replaced_by": _("In its place"),
        "desk_mail": _("E-mails to you about the desk"),
        "partner_mail": _("E-mails about one’s platforms"), "contact_email": _("Contact"),
        "contact_lang": _("Language of the contact"),
    }  # fmt: skip
    if key in LANGUAGES:
        return language_name(key)
    return names.get(key) or (field_label(key) if key in FIELDS else count_label(key) if key in SHOWN_COUNTS else key)


def _text(type: str, key: str, value: Any, names: ObjectNames, side: Mapping[str, Any]) -> str:
    """A value in words; an empty text for none."""
    if value in (None, "", [], {}):
        return ""
    if key in LISTING_KEYS:
        ids = value if isinstance(value, list) else [value]
        return ", ".join(_title(names.listings.get(str(id), {}), str(id))[0] for id in ids)
    if key in FIELDS:
        return value_text(key, value)
    if key == "value" and (dimension := TERM_OF.get(side.get("action", ""))):
        return load().label(dimension, str(value), current_language())
    known = {"state": _STATES.get(type, str), "action": _order_label, "role": _role, "verdict": _verdict}.get(key)
    return known(str(value)) if known else _plain(value)


def _platform_state(state: str) -> str:
    return {
        "proposed": pgettext("platform", "proposed"),
        "probation": pgettext("platform", "on probation"),
        "trusted": pgettext("platform", "trusted"),
        "paused": pgettext("platform", "paused"),
        "refused": pgettext("platform", "refused"),
        "left": pgettext("platform", "has left"),
    }.get(state, state)


def _mail_state(state: str) -> str:
    return {"failed": pgettext("e-mail", "not delivered"), "uncertain": pgettext("e-mail", "maybe delivered")}.get(state, state)


def _message_state(state: str) -> str:
    return {
        "open": pgettext("message", "open"),
        "done": pgettext("message", "done"),
        "refused": pgettext("message", "refused"),
        "removed": _("listing removed"),
    }.get(state, state)


_STATES: Mapping[str, Callable[[str], str]] = {
    "initiative": state_label, "platform": _platform_state, "mail": _mail_state, "correction": _message_state,
}  # fmt: skip


def _role(role: str) -> str:
    return role_label(Role(role)) if role in list(Role) else role


def _verdict(verdict: str) -> str:
    return action_label(f"judge_{verdict}", "initiative")


def _order_label(action: str) -> str:
    return bulk_label(action) if action in list(BulkAction) else action


def _plain(value: Any) -> str:
    """Any JSON in one line."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)


def _object_name(entry: AuditEntry, names: ObjectNames) -> tuple[str, str | None]:
    """The name of what an event is about, with its language where it is a title; its id where it has none."""
    if entry.object_type == "initiative":
        return _title(names.listings.get(entry.object_id, {}), entry.object_id)
    if entry.object_type == "term":
        dimension, _colon, term = entry.object_id.partition(":")
        return load().label(dimension, term, current_language()), None
    if entry.object_type == "search":
        lang, _colon, words = entry.object_id.partition(":")
        return words, lang
    said = entry.after.get("name") or entry.before.get("name") or _first_name(entry)
    return names.others.get((entry.object_type, entry.object_id)) or str(said or entry.object_id), None


def _first_name(entry: AuditEntry) -> str:
    """The first name of a concept, in the reader's language where it has one."""
    names = [*(side.get(lang) for lang in (current_language(), *LANGUAGES) for side in (entry.after, entry.before))]
    return next((str(found[0]) for found in names if isinstance(found, list) and found), "")


def _title(titles: Mapping[str, str], public_id: str) -> tuple[str, str | None]:
    lang = current_language() if current_language() in titles else next(iter(sorted(titles)), None)
    return (titles[lang], None if lang == "und" else lang) if lang else (public_id, None)


def _address(entry: AuditEntry) -> str | None:
    id = entry.object_id
    pages = {
        "initiative": ("desk.edit", "public_id"), "platform": ("crawls.source", "platform_id"),
        "recipe": ("crawls.source", "platform_id"), "concept": ("concepts.edit", "concept_id"),
    }  # fmt: skip
    if entry.object_type == "crawl" and id.isdecimal():
        return url_for("crawls.report", crawl_id=int(id))
    if entry.object_type == "bulk" and id.isdecimal():
        return url_for("desk.bulk", bulk_id=int(id))
    endpoint, name = pages.get(entry.object_type, ("", ""))
    arguments: dict[str, Any] = {name: id}
    return url_for(endpoint, **arguments) if endpoint else None
