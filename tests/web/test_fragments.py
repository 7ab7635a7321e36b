"""Parts of pages that are kept: what one person is shown never reaches another one."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import UndefinedError, meta

from platforma.catalogue.enums import Role
from platforma.web.fragments import fragment_environment
from tests.people.site_fixture import SiteFixture

TEMPLATES = Path(__file__).parents[2] / "templates"
CALL = re.compile(r"fragment\('([\w./]+)'(?:, (.*?))?\) }}")


def links_of_frame(client: FlaskClient, lang: str) -> tuple[bool, bool]:
    """Whether the page links to the desk, and to signing in."""
    page = client.get(f"/{lang}/about").get_data(as_text=True)
    return f'href="/{lang}/desk/"' in page, f'href="/{lang}/sign-in"' in page


@pytest.mark.parametrize("order", list(permutations([None, Role.PARTNER, Role.READER])))
def test_everybody_gets_their_own_frame_whoever_was_there_before(tmp_path: Path, order: tuple[Role | None, ...]) -> None:
    site = SiteFixture(tmp_path)
    clients = {role: site.signed_in(role) if role else site.app.test_client() for role in order}
    expected = {None: (False, True), Role.PARTNER: (False, False), Role.READER: (True, False)}
    for lang in ("lv", "en", "lv"):
        assert {role: links_of_frame(client, lang) for role, client in clients.items()} == expected


@pytest.mark.parametrize(
    "forgotten", ["may_open_desk()", "signed_in()", "current_user", "request.path", "session.user", "g.user"]
)
def test_a_fragment_cannot_look_at_what_it_was_not_handed(app: Flask, forgotten: str) -> None:
    with app.test_request_context("/lv/"), pytest.raises(UndefinedError):
        fragment_environment(app).from_string(f"{{% if {forgotten} %}}secret{{% endif %}}").render()


def test_every_fragment_is_handed_exactly_what_it_shows(app: Flask) -> None:
    environment = fragment_environment(app)
    handed = {}
    for path in TEMPLATES.rglob("*.html"):
        for template, arguments in CALL.findall(path.read_text(encoding="utf-8")):
            handed[template] = set(re.findall(r"(\w+)=", arguments))
    assert set(handed) == {f"frame/{path.name}" for path in (TEMPLATES / "frame").iterdir()}
    for template, names in handed.items():
        tree = environment.parse((TEMPLATES / template).read_text(encoding="utf-8"))
        assert meta.find_undeclared_variables(tree) - set(environment.globals) == names, template
