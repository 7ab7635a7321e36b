"""The parts that every page has alike: rendered once for each language and what else decides them, then kept."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, render_template, request
from markupsafe import Markup

from platforma.i18n import current_language


def init_app(app: Flask) -> None:
    """Give the templates `kept(template, …)`: after the template stands what it asks for beside texts and fixed addresses."""

    @lru_cache(maxsize=100)
    def rendered(template: str, _mounted_at: str, _lang: str, *_asked: bool) -> Markup:
        return Markup(render_template(template))  # noqa: S704 - escaped by the template

    def kept(template: str, *asked: bool) -> Markup:
        return rendered(template, request.script_root, current_language(), *asked)

    app.jinja_env.globals["kept"] = kept
