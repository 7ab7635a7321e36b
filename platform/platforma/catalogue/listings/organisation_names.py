"""Names of organisations: whether two of them mean the same, and which listings can be an organisation or its work."""

from __future__ import annotations

from vocabulary import load, sort_words

ORGANISATION_KINDS = ("organisation", "social_enterprise", "support_organisation", "network", "platform")
"""Kinds of listings that are organisations themselves; one of no known kind may be one, too."""
WORK_KINDS = ("project", "event", "funding", "resource")
"""Kinds of listings that an organisation runs, gives or makes."""


def is_same_organisation(left: str, right: str) -> bool:
    """Whether two names are alike but for case, diacritics, punctuation and a legal form that only one of them has."""
    forms = {form for form in map(load().legal_form_in, (left, right)) if form}
    bare = bare_name(left)
    return len(forms) <= 1 and bool(bare) and bare == bare_name(right)


def bare_name(name: str) -> str:
    """The folded words of a name without its legal form; all of them where it consists of nothing else."""
    words, form = sort_words(load().with_short_forms(name)), sort_words(load().legal_form_in(name) or "")
    return " ".join([word for word in words if word not in form] or words)
