"""What templates write: escaped once, markup as it is, nothing for what is missing."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from platforma import i18n
from platforma.web.warming import warm


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("<b>&\"'</b>", "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"),
        (Markup("<b>&amp;</b>"), "<b>&amp;</b>"),
        ("Žāģis1", "Žāģis1"),
        ("", ""),
        (0, "0"),
        (None, "None"),
        (True, "True"),
        ("<" * 101, "&lt;" * 101),
    ],
)
def test_values_are_escaped_once_and_markup_is_not(app: Flask, value: object, written: str) -> None:
    macro = "{% macro shown(it) %}<i>{{ it }}</i>{% endmacro %}"
    with app.test_request_context("/lv/"):
        text = render_template_string(f"{macro}{{{{ value }}}}{{{{ shown(value) }}}}", value=value)
    assert text == f"{written}<i>{written}</i>"


def test_what_only_looks_like_letters_is_escaped(app: Flask) -> None:
    class Sly(str):
        __slots__ = ()

        def isalnum(self) -> bool:
            return True

    with app.test_request_context("/lv/"):
        assert render_template_string("{{ value }}", value=Sly("<b>")) == "&lt;b&gt;"


def test_a_condition_without_an_alternative_writes_nothing(app: Flask) -> None:
    with app.test_request_context("/lv/"):
        assert render_template_string("[{{ 'a' if yes }}{{ 'b' if no }}]", yes=True) == "[a]"


def test_the_language_of_a_request_ends_with_it(app: Flask) -> None:
    client = app.test_client()
    for path, status in (("/en/search", 200), ("/en/search?kind=foo", 400), ("/api/v1/initiatives?lang=en", 200)):
        assert client.get(path).status_code == status
        assert i18n.current_language() == "lv"


def test_the_site_of_another_mounting_point_has_its_own_addresses(app: Flask) -> None:
    client = app.test_client()
    for mounted_at in ("", "/below", ""):
        text = client.get("/lv/search", environ_overrides={"SCRIPT_NAME": mounted_at}).text
        assert f'action="{mounted_at}/lv/search"' in text


def test_a_warm_site_compiles_no_template_for_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(app)
    monkeypatch.setattr(app.jinja_env, "compile", None)
    names = app.jinja_env.list_templates()
    assert "pages/desk/edit.html" in names
    for name in names:
        app.jinja_env.get_template(name)
