"""The boosts: how much each way of matching counts, each with its reason. A change of them needs no new index."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from search.index.fields import PRIOR_WEIGHT
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class Boost:
    """How much a match counts. `label` and `reason` are message ids: what it is called, and why it counts so.

    `adds`: the weight is added to the score; otherwise the score of the match is multiplied by it.
    """

    weight: float
    label: str
    reason: str
    adds: bool = False


ROLE_BOOSTS: Mapping[str, Boost] = {
    "title": Boost(2.0, N_("the name"), N_("a name that holds the word is what most readers look for")),
    "names": Boost(
        2.0, N_("organisation, place, tags"), N_("organisation, place and the source's own tags say what it is about")
    ),
    "summary": Boost(1.5, N_("the summary"), N_("a summary holds what matters, but more of it")),
    "body": Boost(1.0, N_("the description"), N_("a word somewhere in a long text is the weakest sign")),
}
VIEW_BOOSTS: Mapping[str, Boost] = {
    "surface": Boost(1.3, N_("as typed"), N_("the word as it was typed beats its other forms")),
    "keys": Boost(1.0, N_("another form"), N_("another form of the word, in the language of the text")),
    "light": Boost(0.6, N_("the same stem"), N_("the same stem in some other language may be another word")),
}
WORD_BOOSTS: Mapping[str, Boost] = {
    "other_name": Boost(0.85, N_("another name"), N_("what the same thing is called in other words or another language")),
    "narrower_name": Boost(
        0.45, N_("a part of it"), N_("the name of a part of what was asked for, which is not the whole of it")
    ),
    "filed_under": Boost(
        1.0, N_("filed under it"), N_("filed under what was asked for, though its texts do not say so"), adds=True
    ),
    "filed_under_wider": Boost(
        0.3, N_("filed under what is wider"), N_("filed under a field that what was asked for is only a part of"), adds=True
    ),
    "word_of_other_name": Boost(
        0.2, N_("a word of another name"), N_("one word of what it is called otherwise, where nothing has it by any whole name")
    ),
    "plain_pair": Boost(
        0.35,
        N_("an everyday word in the other language"),
        N_("an everyday word such as “workshop” lets a whole question find what is written in the other language"),
    ),
    "name_of_place": Boost(0.5, N_("the name of a place"), N_("what only writes of a place need not be there")),
    "general": Boost(0.3, N_("a general word"), N_("words such as “people” and “support” are in many listings, and tell little")),
    "everyday": Boost(
        0.3,
        N_("an everyday word beside others"),
        N_("where listings lack some of the words, words such as “city” tell less than those that name the matter"),
    ),
    "contact": Boost(
        20.0, N_("an address or a number"), N_("who types an address or a number wants what has just that"), adds=True
    ),
    "acronym": Boost(
        8.0,
        N_("the initials of the name"),
        N_("organisations are called by their initials though they do not write them"),
        adds=True,
    ),
    "acronym_too": Boost(
        0.01,
        N_("a word that is also the initials of the name"),
        N_("“sic” in small letters is a word, too; what has the word stands above"),
        adds=True,
    ),
    "typo": Boost(0.3, N_("a similar word"), N_("a word one or two letters away may be another word")),
    "elsewhere": Boost(
        0.6,
        N_("the same stem in another language"),
        N_("a word that no language of this site has may be of another language of the region"),
    ),
    "beginning": Boost(0.4, N_("a longer word"), N_("a word that only begins as the last one typed")),
    "compound": Boost(0.5, N_("written apart or as one"), N_("the same words written apart or as one")),
}
"""Ways in which a word is found other than by what was typed."""
TOP_BOOSTS: Mapping[str, Boost] = {
    "whole_name": Boost(12.0, N_("the whole name"), N_("who types a whole name wants the listing of that name"), adds=True),
    "name_begun": Boost(
        15.0,
        N_("the name begins as typed"),
        N_("who types the beginning of a name wants that listing; for each word, where the words themselves score less"),
        adds=True,
    ),
    "name_nearly_whole": Boost(
        5.0,
        N_("nearly the whole name"),
        N_("of names that begin so, those of which few letters are missing; counted twice where very few are"),
        adds=True,
    ),
    "together": Boost(
        2.0,
        N_("words side by side in the name"),
        N_("words side by side in a name, as they were typed, mean more than the same words apart"),
    ),
    "each_word": Boost(
        4.0, N_("one more of the words"), N_("of listings that lack some of the words, those that have more of them"), adds=True
    ),
    "typed": Boost(
        8.0, N_("all words as typed"), N_("what was typed, in any of its forms, stands above other names of it"), adds=True
    ),
    "filed_whole": Boost(
        300.0, N_("is what was asked for"), N_("who asks for “social enterprises” alone wants those that are ones"), adds=True
    ),
    "filed_place": Boost(10.0, N_("is in that place"), N_("what is in the place, over what only writes of it"), adds=True),
    "filed_kind": Boost(8.0, N_("is of that kind"), N_("what is of the kind, over what only writes of it"), adds=True),
    "filed_theme": Boost(2.0, N_("has that theme"), N_("what is filed under the theme, over what only writes of it"), adds=True),
    "filed_sector": Boost(2.0, N_("is of that sector"), N_("what is of the sector, over what only writes of it"), adds=True),
    "readers_language": Boost(
        0.3,
        N_("a text in the reader's language"),
        N_("of two equal listings, the one with a text in the reader's language"),
        adds=True,
    ),
    "upcoming": Boost(0.5, N_("still to come"), N_("an event or a call that is still to come, over what has no date"), adds=True),
    "fullness": Boost(
        math.log2(2 + PRIOR_WEIGHT),
        N_("a full, fresh listing"),
        N_(
            "a long text, all facts, several sources, titles in several languages, a recent visit; the fuller, the nearer to this"
        ),
    ),
}
"""What raises a listing among those that match."""
NAMED_BOOSTS: Mapping[str, Boost] = {**WORD_BOOSTS, **TOP_BOOSTS}
BOOSTS: Mapping[str, Boost] = {**ROLE_BOOSTS, **VIEW_BOOSTS, **NAMED_BOOSTS}
"""Every boost by its name."""
