"""Fragments: parts that pages have alike, each rendered once for the values that it shows and then kept.

A fragment can show nothing but the values that it is handed, texts and fixed addresses, and these decide under which key it
is kept. So a page cannot get a fragment that was rendered for somebody else.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, request
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from platforma.i18n import current_language

MAX_FRAGMENTS = 100
Shown = bool | str
"""A value that a fragment shows or decides by."""


def init_app(app: Flask) -> None:
    """Give the templates `fragment(template, name=value, …)`."""
    environment = fragment_environment(app)

    @lru_cache(MAX_FRAGMENTS)
    def rendered(template: str, _mounted_at: str, _lang: str, shown: tuple[tuple[str, Shown], ...]) -> Markup:
        """The texts depend on the language, and the fixed addresses also on where the site is mounted."""
        return Markup(environment.get_template(template).render(dict(shown)))  # noqa: S704 - escaped by the template

    def fragment(template: str, **shown: Shown) -> Markup:
        return rendered(template, request.script_root, current_language(), tuple(sorted(shown.items())))

    app.jinja_env.globals["fragment"] = fragment


def fragment_environment(app: Flask) -> Environment:
    """The application's templates without its globals: a value that was not handed over is an error, not a second look."""
    environment = app.jinja_env.overlay(undefined=StrictUndefined)
    environment.globals = {name: app.jinja_env.globals[name] for name in ("_", "asset_url", "fixed_url")}
    return environment
