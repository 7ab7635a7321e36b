"""What a word of a question matches: its forms, its guesses, and the beginning of words, in the parts of a listing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from search.index.boosts import ROLE_BOOSTS, TOP_BOOSTS, VIEW_BOOSTS, WORD_BOOSTS
from search.index.fields import ROLES, text_field
from search.port import VIEWS, Guess, View
from search.query.nodes import AnyNode, DisMax, ExactTerm, Prefix, Tokens, weighted
from search.query.parser import Part, Variant

MIN_STEM_LETTERS = 4
WEIGHTED_FIELDS = {
    view: [(text_field(role, view), ROLE_BOOSTS[role].weight * VIEW_BOOSTS[view].weight) for role in ROLES] for view in VIEWS
}
"""The text fields of each view, each with the weight of a match in it."""


def word_node(part: Part, guesses: Sequence[Guess], weight: float) -> AnyNode:
    """A word or phrase in any of its forms, or any of its guesses."""
    guessed = [
        Tokens(text_field(role, guess.view), guess.tokens, _weight_of_role(role, guess) * guess.weight)
        for guess in guesses
        for role in ROLES
    ]
    return best_of((*ways(part), *guessed), weight)


def ways(part: Part) -> list[Tokens | ExactTerm | Prefix]:
    """How a word or phrase may match: by its tokens, as the beginning of a word, by what an address or a number means, or as the
    initials of a name."""
    if part.is_beginning:
        return [Prefix(text_field(role, "surface"), part.surface[0], ROLE_BOOSTS[role].weight) for role in ROLES]
    weight = WORD_BOOSTS["contact"].weight
    contacts = [ExactTerm("contacts", term, weight / number) for number, term in enumerate(part.contacts, start=1)]
    acronym = [ExactTerm("acronyms", part.surface[0], WORD_BOOSTS["acronym"].weight)] if part.may_be_acronym else []
    return [*contacts, *_matches(part, VIEWS), *acronym]


def begun_in_title(part: Part) -> AnyNode:
    """A word of the title that begins as this one, or, for less, is another form of it."""
    begun = Prefix(text_field("title", "surface"), part.surface[0], TOP_BOOSTS["name_begun"].weight)
    return DisMax((begun, best_of(in_roles(part, ("title",), ("keys",)), WORD_BOOSTS["beginning"].weight)))


def in_roles(part: Part, roles: Collection[str], views: Iterable[View]) -> list[Tokens]:
    """Where a word may match in some parts of a listing."""
    return [match for match in _matches(part, views) if match.field.partition("_")[0] in roles]


def side_by_side(parts: Sequence[Part]) -> AnyNode:
    tokens = tuple(key for part in parts for key in part.variants[0].analysis.keys)
    return DisMax(tuple(Tokens(field, tokens, weight / 2) for field, weight in WEIGHTED_FIELDS["keys"]))


def token_node(token: str, view: View, weight: float) -> AnyNode:
    return DisMax(tuple(Tokens(field, (token,), boost * weight) for field, boost in WEIGHTED_FIELDS[view]))


def best_of(nodes: Sequence[Tokens | ExactTerm | Prefix], weight: float) -> AnyNode:
    """The best of some matches, each of which counts so much."""
    return DisMax(tuple(nodes) if weight == 1.0 else tuple(weighted(node, weight) for node in nodes))


def _matches(part: Part, views: Iterable[View]) -> list[Tokens]:
    """Where a word or phrase may match; the same tokens in one field count once, with the best weight of their variants.

    A phrase is not looked for among light stems: the stems of several languages stand there side by side.
    """
    weights: dict[tuple[str, tuple[str, ...]], float] = {}
    for view in views:
        for variant in part.variants:
            if (tokens := variant.analysis.view(view)) and not (view == "light" and (part.is_phrase or _has_vague_stem(variant))):
                for field, boost in WEIGHTED_FIELDS[view]:
                    weights[field, tokens] = max(boost * variant.weight, weights.get((field, tokens), 0.0))
    return [Tokens(field, tokens, weight) for (field, tokens), weight in weights.items()]


def _has_vague_stem(variant: Variant) -> bool:
    """Whether a word that a dictionary knows has a stem so short that it is a word of other languages: Cēsīs, French “ces”."""
    keys, stems = variant.analysis.keys, variant.analysis.light
    return bool(keys) and len(stems[0]) < MIN_STEM_LETTERS and not keys[0].endswith(f":{stems[0]}")


def _weight_of_role(role: str, guess: Guess) -> float:
    """How much it counts where a guess stands; of a typo less, so that one in a name is not above what was typed in a text."""
    weight = ROLE_BOOSTS[role].weight
    return math.sqrt(weight) if guess.boost == "typo" else weight
