"""Pages of prose: about the site, how to search, privacy, accessibility, terms, for programmers."""

from __future__ import annotations

from flask import render_template

from platforma.i18n import current_language
from platforma.web.context import services
from platforma.web.public.blueprint import blueprint
from vocabulary.languages import LANGUAGES, best_language

TEXTS = ("about", "searching", "privacy", "accessibility", "terms", "developers")


@blueprint.get(f"/<any({', '.join(TEXTS)}):name>")
def text(name: str) -> str:
    """A page of prose, of which each language has a file of its own; in another language where the reader's lacks it."""
    settings = services().settings
    available = [code for code in LANGUAGES if (settings.templates_dir / f"pages/texts/{name}.{code}.html").exists()]
    lang = best_language(current_language(), available)
    return render_template(f"pages/texts/{name}.{lang}.html", main_lang=lang, contact=settings.contact_email)
