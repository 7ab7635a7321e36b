"""The form with all fields of a listing as it was sent: what was typed in each field, and which button was pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import form_texts
from platforma.catalogue.listings.layers import Key
from platforma.catalogue.listings.saves import Typed
from vocabulary.characters import without_controls

SEEN, MORE, CONFIRMED = "seen-", "more-", "confirmed-"
"""Beginnings of the names of inputs: the mark of what a field showed, one more entry of a ticked list, "it is ours"."""
STEPS = ("save", "preview", "back", "add-language", "find")
"""Buttons for the whole form."""
Decision = Literal["release", "take", "keep", "keep_for_good"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
"""Buttons of one field; the value of one is the decision, the field's name, a platform's id and the mark of what it says."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button: a step, or a decision about a field, against what a platform says by the mark of it."""

    what: str
    name: str = ""
    platform_id: str = ""
    mark: str = ""

    @property
    def decision(self) -> Decision | None:
        """The decision about a field; None for a step."""
        return next((one for one in DECISIONS if one == self.what), None)

    @classmethod
    def of(cls, value: str) -> Pressed | None:
        """The button with this value; None where there is none."""
        what, *rest = value.split("/")
        is_step, is_decision = value in STEPS, what in DECISIONS and len(rest) == 3
        return cls(what, *rest) if is_step or is_decision else None


@dataclass(frozen=True, slots=True)
class EditForm:
    """What was sent. `typed` is by the names of the fields; `part_of` is the public id of a chosen listing, `looked_for` what
    was typed to find one; `new_lang` is a language in which somebody wants to write."""

    typed: Mapping[str, Typed] = field(default_factory=dict)
    pressed: Pressed | None = None
    part_of: str = ""
    looked_for: str = ""
    new_lang: str = ""
    inputs: Sequence[tuple[str, str]] = ()

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> EditForm:
        """The form that a request has sent."""
        names = [name.removeprefix(SEEN) for name in sent if name.startswith(SEEN)]
        typed = {name: _typed(name, sent) for name in names}
        return cls(
            typed={**typed, **({"countries": _countries(typed["countries"], sent)} if "countries" in typed else {})},
            pressed=Pressed.of(sent.get("do", "")),
            part_of=sent.get("part_of", "").strip(),
            looked_for=without_controls(sent.get("looked_for", "")).strip(),
            new_lang=sent.get("new_lang", "").strip(),
            inputs=[(name, text) for name, text in sent.items(multi=True) if name not in ("csrf_token", "do")],
        )

    @property
    def langs(self) -> list[str]:
        """The languages of the texts, also the new one."""
        return [*{one.lang: None for one in self.typed.values() if one.lang}, *filter(None, (self.new_lang,))]

    @property
    def changed(self) -> dict[str, Typed]:
        """What the person changed, by the names of the fields."""
        return {name: one for name, one in self.typed.items() if one.is_changed}


def name_of(field: str, lang: str) -> str:
    """The name of a field's input, which is also its id."""
    return f"{field}-{lang}" if lang else field


def key_of(name: str) -> Key:
    """The field and the language of an input."""
    field, _, lang = name.partition("-")
    return field, lang


def _typed(name: str, sent: MultiDict[str, str]) -> Typed:
    key = key_of(name)
    entries = [*sent.getlist(name), *sent.getlist(MORE + name)] if key[0] in form_texts.SETS else [sent.get(name, "")]
    text = without_controls("\n".join(entries))
    return Typed(*key, text, sent.get(SEEN + name, ""), is_confirmed=bool(sent.get(CONFIRMED + name)))


def _countries(others: Typed, sent: MultiDict[str, str]) -> Typed:
    """The countries with the seat among them; as they were where none was ticked or unticked: then only the seat may change."""
    codes, seat, former = others.text, sent.get("country", ""), sent.get("former_seat", "")
    as_before = Typed("countries", "", f"{codes}\n{former}", others.seen)
    return Typed("countries", "", f"{codes}\n{seat}", others.seen) if as_before.is_changed else as_before
