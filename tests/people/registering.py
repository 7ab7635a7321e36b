"""Registering a platform whose site was read already: the look of a person at it, and the link that is asked for there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.people.rate_limits import LOOK, LinkAttempt
from platforma.catalogue.visitors import readings, site_looks
from platforma.catalogue.visitors.readings import Result
from tests.people.site_fixture import SiteFixture

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://tikls.example/"
EMAIL = "info@tikls.example"
ENTRY = Record("1", title={"lv": "Kaimiņu darbnīca"})


def found(site: SiteFixture, url: str, result: Result | None = None, records: Sequence[Record] = (ENTRY,)) -> str:
    """The secret of a look at a site of which this was read; nothing is fetched, and no limit is near."""
    result = result or Result(records=records, recipe={"adapter": "html"}, expected=len(records))
    with site.database.writing() as session:
        attempt = LinkAttempt(LOOK, secrets.token_hex(8), secrets.token_hex(8), b"key")
        secret = site_looks.begin(session, url, attempt)
        session.flush()
        reading = readings.shared_reading(session, url, utc_now())
        assert reading is not None
        readings.finish(session, reading.id, result, utc_now())
    return str(secret)


def ask_for_link(
    site: SiteFixture, url: str, email: str, lang: str = "lv", client: FlaskClient | None = None, **more: Any
) -> TestResponse:
    """Propose what was found at an address; the answer to the form that sends the link."""
    secret = found(site, url)
    data = {"do": "send", "email": email}
    return (client or site.app.test_client()).post(f"/{lang}/register/looks/{secret}", data=data, **more)


def page(site: SiteFixture, secret: str, lang: str = "lv") -> str:
    """The page of a look."""
    answer = site.app.test_client().get(f"/{lang}/register/looks/{secret}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def main_of(text: str) -> str:
    """The main part of a page."""
    return text[text.index("<main") : text.index("</main>")]


def post(site: SiteFixture, secret: str, **data: str) -> int:
    """Send the form of a look; the status of the answer."""
    return site.app.test_client().post(f"/lv/register/looks/{secret}", data=data).status_code


def count(site: SiteFixture, table: type) -> int:
    """How many rows a table has."""
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
