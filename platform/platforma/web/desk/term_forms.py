"""The forms of the vocabulary: the words of a term, and what is to stand in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from platforma.catalogue.terms.closed_lists import Instead
from platforma.catalogue.terms.replacement_preview import rule
from vocabulary import Words
from vocabulary.languages import LANGUAGES

STAY, NOTHING = "stay", "none"
"""What of the choice for the rest of the listings is no id: they keep the term, or are without it."""
RULES = (1, 2, 3)
MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class TermForm:
    """The words of a term as they stand in the form, filled from `version`; `also` and `narrower` have one name a line."""

    labels: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    narrower: str = ""
    version: int = 0

    @classmethod
    def of(cls, words: Words, version: int) -> TermForm:
        """The form filled from a term's words."""
        also, narrower = ("\n".join(names) for names in (words["also"], words.get("narrower", [])))
        return cls(words["labels"], words["plurals"], words["descriptions"], also, narrower, version)

    @classmethod
    def submitted(cls, form: MultiDict[str, str]) -> TermForm:
        """The form as a curator sent it."""
        texts = (
            {lang: form.get(f"{name}-{lang}", "")[:MAX_CHARACTERS] for lang in LANGUAGES}
            for name in ("label", "plural", "description")
        )
        labels, plurals, descriptions = texts
        also, narrower = (form.get(name, "")[: 10 * MAX_CHARACTERS] for name in ("also", "narrower"))
        return cls(labels, plurals, descriptions, also, narrower, form.get("seen", 0, int))

    def words(self) -> Words:
        """The words to be saved."""
        return {
            "labels": dict(self.labels),
            "plurals": dict(self.plurals),
            "descriptions": dict(self.descriptions),
            "also": self.also.splitlines(),
            "narrower": self.narrower.splitlines(),
        }


@dataclass(frozen=True, slots=True)
class InsteadForm:
    """What is to stand in the place of a term, as the form or the address says it."""

    sent: MultiDict[str, str]

    @property
    def is_sent(self) -> bool:
        """Whether anything was chosen."""
        return "rest" in self.sent

    @property
    def has_rules(self) -> bool:
        """Whether some of the listings are to go elsewhere."""
        return any(self.get(name) for name in ("listing-into", *(f"into-{n}" for n in RULES)))

    def get(self, name: str) -> str:
        """One of its fields; empty where it was not sent."""
        return self.sent.get(name, "")[:MAX_CHARACTERS]

    def chosen(self) -> frozenset[str]:
        """The public ids of the listings that were ticked."""
        return frozenset(self.sent.getlist("listing"))

    def instead(self) -> Instead:
        """What it says; rules without a target or without a condition are left out."""
        rest = self.get("rest") or STAY
        splits = [
            rule(
                self.get(f"into-{n}"), platform=self.get(f"platform-{n}"), kind=self.get(f"kind-{n}"), word=self.get(f"word-{n}")
            )
            for n in RULES
            if self.get(f"into-{n}") and any(self.get(f"{name}-{n}").strip() for name in ("platform", "kind", "word"))
        ]
        if self.get("listing-into") and self.chosen():
            splits.insert(0, rule(self.get("listing-into"), listings=sorted(self.chosen())))
        return Instead(rest == STAY, None if rest in (STAY, NOTHING) else rest, splits)

    def pairs(self) -> list[tuple[str, str]]:
        """Its fields and their values, to be sent once more."""
        return list(self.sent.items(multi=True))
