"""Listings of which sources newly say something else than a curator: how they come to be, and what the desk shows of them."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Initiative, JudgementVerdict
from platforma.catalogue.models import Record as Row
from platforma.secret_key import secret_key
from tests.people.editing import Form
from tests.people.site_fixture import SiteFixture


def bring(site: SiteFixture, platform_id: str, **fields: Any) -> str:
    """A record of a platform, as an import brings it; gives the public id of its listing."""
    record = Record(f"{platform_id}1", **({"title": {"lv": "Kopienas pagalms"}} | fields))
    import_records(site.database, platform_id, [record], actor="t", secret_key=secret_key(site.services.settings))
    with site.database.reading() as session:
        listing: Initiative = session.scalars(select(Row).where(Row.remote_id == f"{platform_id}1")).one().initiative
        return listing.public_id


def joined(site: SiteFixture) -> tuple[str, str]:
    """The listing that stands, and the one that leads to it; each is of a platform of its own."""
    ids = bring(site, "pirma", region="Vidzeme"), bring(site, "otra", region="Pierīga")
    with site.database.writing() as session:
        judgements.judge(session, *ids, JudgementVerdict.SAME, Word("c", utc_now()))
    return ids


def page(client: FlaskClient, id: str, lang: str = "lv") -> str:
    return client.get(f"/{lang}/desk/initiatives/{id}").get_data(as_text=True)


def act(client: FlaskClient, id: str, action: str, value: str = "", field: str = "region", platform: str = "") -> int:
    form = Form.open(client, id)
    sent = form.type(**{field: value}).send() if action == "set" else form.send(form.button(action, field, platform))
    return sent.status_code


def region(client: FlaskClient, id: str) -> str:
    return str(client.get(f"/api/v1/initiatives/{id}").get_json()["item"]["region"])


def queue_links(client: FlaskClient) -> list[str]:
    """The pages of the queues that the desk's first page shows."""
    lists = re.findall(r'<ul class="rows queues">.*?</ul>', client.get("/lv/desk/").get_data(as_text=True), re.DOTALL)
    return re.findall(r'href="([^"]+)"', "".join(lists))


def told(text: str) -> list[tuple[str, str]]:
    """What sources newly say of the region, by the platforms whose buttons are shown."""
    words = re.findall(r"<p>[^<]*tagad raksta: ([^<(]+?)\s*<", text)
    return list(zip(re.findall(r'value="take/region/(\w+)/', text), words, strict=True))
