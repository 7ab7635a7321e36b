"""Registering a platform whose site was read already: the look of a person at it, and the link that is asked for there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.people.rate_limits import LOOK, LinkAttempt
from platforma.catalogue.visitors import readings, site_looks
from platforma.catalogue.visitors.readings import Result
from tests.people.site_fixture import SiteFixture

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
