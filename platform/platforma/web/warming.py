"""What the first to see each page would wait for is made beside the pages, once the site serves: templates and countries."""

from __future__ import annotations

from threading import Thread

from flask import Flask

from vocabulary import load


def warm_soon(app: Flask) -> None:
    """Begin to warm the site in a thread that ends with the process."""
    Thread(target=warm, args=(app,), name="warming", daemon=True).start()


def warm(app: Flask) -> None:
    """Compile all templates, and read the names of all countries in all languages."""
    load().find_country("")
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
