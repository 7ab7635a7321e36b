"""A small site for tests: a few listings, an index, and a client that reads every page as a validator would."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crawlers.record import Record
from platforma.catalogue.database import upgrade
from platforma.catalogue.files.imports import import_records
from platforma.services import Services, open_services
from platforma.settings import Settings, load_settings
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
from vocabulary.languages import LANGUAGES

HOSTILE = '<script>alert("x")</script> & "Kopā"'
RECORDS = [
    Record(
        "1", url="https://avots.example/1", kind="social_enterprise", title={"lv": "Saules maize", "en": "Sun Bread"},
        summary={"lv": "Ceptuve Cēsīs", "en": "A bakery in Cēsis"}, country="LV", countries=("LV",), place="Cēsis",
        themes=("work_integration",), sectors=("private",), website="https://saules-maize.example",
        derived={"sectors": "legal form SIA"},
    ),
    Record("2", kind="project", title={"en": "Repair Map"}, description={"en": "Volunteers repair. " * 60}, country="EE", countries=("EE",)),
    Record("3", kind="event", title={"lv": HOSTILE}, end_date="2020-01-01"),
    Record("4", title={"und": "Čiekurs"}, country="LV", countries=("LV",)),
]  # fmt: skip


def make_site(folder: Path, records: list[Record] | None = None, **more: Any) -> Flask:
    """An application over a new catalogue with these records (or RECORDS) under one platform, indexed; `more` are settings."""
    if records is None and "database_url" not in more:
        shutil.copytree(site_of_records(), folder, dirs_exist_ok=True)
    else:
        fill(folder, RECORDS if records is None else records, **more)
    app = create_app(Services.open(settings_in(folder, **more)))
    app.test_client_class = LintingClient
    return app


@cache
def site_of_records() -> Path:
    """A folder filled with RECORDS, to be copied: filling takes ten times as long. It goes when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="platforma-site-")
    atexit.register(folder.cleanup)
    fill(Path(folder.name), RECORDS)
    return Path(folder.name)


def fill(folder: Path, records: list[Record], **more: Any) -> None:
    settings = settings_in(folder, **more)
    upgrade(settings)
    with open_services(settings) as services:
        import_records(services.database, "avots", records, actor="test", secret_key=services.secret_key)
        ensure_index(services)


def settings_in(folder: Path, **more: Any) -> Settings:
    return load_settings(data_dir=folder, contact_email="redakcija@platforma.example", **more)


class LintingClient(FlaskClient):
    """Every HTML page that a test gets must be well-formed, titled, labelled, with one h1 and unique ids. What an answer lets
    the index have, it has by then."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        self.application.extensions["indexing"].wait()
        if answer.mimetype == "text/html" and answer.data and not 300 <= answer.status_code < 400:
            lint(answer.get_data(as_text=True))
        return answer


def lint(text: str) -> None:
    """Raise AssertionError or html5lib's ParseError for what a validator would report."""
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    nodes = list(root.iter())
    ids = [node.get("id") for node in nodes if node.get("id")]
    assert len(ids) == len(set(ids)), f"ids stand twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    assert root.get("lang") in LANGUAGES
    assert len([node for node in nodes if node.tag == "h1"]) == 1
    assert (root.findtext("head/title") or "").strip()
    labelled = {node.get("for") for node in nodes if node.tag == "label"}
    inside = {child for node in nodes if node.tag == "label" for child in node.iter()}
    for node in nodes:
        if node.tag in ("input", "select", "textarea") and node.get("type") not in ("hidden", "submit"):
            assert node.get("id") in labelled or node in inside, f"no label: {node.attrib}"
        assert node.tag != "form" or node.get("action")
        assert node.tag != "img" or node.get("alt") is not None
        loaded = [node.get(name) for name in ("src", "srcset", "poster", "data") if node.tag != "input" and node.get(name)]
        assert all(re.match(r"/(?!/)|data:", address) for address in loaded), f"loaded from elsewhere: {node.attrib}"
