"""`python -m bench.partner`: every page of a partner who has a fifth of many listings, one row a page."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.routing import BuildError

from bench.deciding import signed_in
from bench.desk import HEAD, timed
from bench.filled import LARGE, add_arguments, filled
from platforma.catalogue.models import Initiative, Membership, Platform, Record, Role, User
from platforma.catalogue.partners.visit_rows import DAYS
from platforma.catalogue.partners.visit_tally import Act
from platforma.catalogue.people import memberships
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.platforms.platform_states import Proposal
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.worker.indexing import ensure_index

PARTNER, EMAIL, SHARE = "partner", "partner@v.example", 5
"""The platform that gets every SHARE-th record of the large one."""
OPENINGS_A_DAY, MONTHS = 1_000, 13
"""So many openings are counted on each of the last days, and as many on a day of each month."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.partner", description="Times each page of a partner.")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for (20)")
    add_arguments(parser)
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        run(settings, chosen.times)


def run(settings: Settings, times: int) -> None:
    """Give a partner their share, and print a row for each page."""
    with open_services(settings) as services:
        ensure_index(services)
        add_partner(services)
        client = signed_in(services, EMAIL, Role.PARTNER)
        answer_for_both(services)
        print(f"{_count(services)}\n\n{HEAD}")
        for name, path in pages(services, client):
            if found := timed(client, path, times, services.database):
                print(f"| {name} | {found} |", flush=True)


def add_partner(services: Services) -> None:
    """A platform with its share of the records, and with visits; once for a folder."""
    with services.database.writing() as session:
        if session.get(Platform, PARTNER) is not None:
            return
        url = "https://partner.example/"
        recipe = {"platform": PARTNER, "title": "Partner", "url": url}
        platform_states.propose_platform(session, Proposal(url, "Partner", recipe), actor="bench")
        platform_states.approve_platform(session, platform_id=PARTNER, actor="bench")
        is_share = Record.platform_id == LARGE, Record.id % SHARE == 0
        session.execute(update(Record).where(*is_share).values(platform_id=PARTNER))
    count_visits(services, date.today())


def count_visits(services: Services, today: date) -> None:
    """Count openings of listings of all platforms, some of them often, and clicks on from every fourth."""
    generator = random.Random(7)
    with services.database.reading() as session:
        ids = list(session.scalars(select(Initiative.public_id).where(Initiative.state == "published").order_by(Initiative.id)))
    days = [
        *(today - timedelta(days=back) for back in range(DAYS)),
        *(today - timedelta(days=30 * back) for back in range(2, MONTHS)),
    ]
    for day in days:
        for number in range(OPENINGS_A_DAY):
            id = ids[int(len(ids) * generator.random() ** 3)]
            services.visits.note(id, Act.OPENS, day, searched=generator.choice(("", "skola", "maize", "jaunieši")))
            if number % 4 == 0:
                services.visits.note(id, Act.GOES_TO_SOURCE, day)
        services.visits.write()


def answer_for_both(services: Services) -> None:
    """Let the partner answer for the small and the large platform."""
    with services.database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == EMAIL)).one()
        for id in (PARTNER, LARGE):
            if not memberships.is_member(session, id, user_id):
                session.add(Membership(user_id=user_id, platform_id=id, role=memberships.MEMBER))


def pages(services: Services, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """The name and the address of each page of a partner of which the address can be told."""
    with services.database.reading() as session:
        public_id = session.get_one(Platform, PARTNER).public_id
        member = memberships.members(session, PARTNER)[0]
    values = {"lang": "lv", "public_id": public_id, "membership_id": member.id, "name": "listings"}
    routes = client.application.url_map.bind("localhost")
    for rule in client.application.url_map.iter_rules():
        if rule.endpoint.startswith("members.") and "GET" in (rule.methods or ()):
            with suppress(BuildError):
                yield (
                    rule.rule.partition("/partner")[2],
                    routes.build(rule.endpoint, {name: values[name] for name in rule.arguments if name in values}),
                )


def _count(services: Services) -> str:
    with services.database.reading() as session:
        of = dict(session.execute(select(Record.platform_id, func.count()).group_by(Record.platform_id)).tuples().all())
    return f"{sum(of.values()):,} records, {of[PARTNER]:,} of them of the partner"


if __name__ == "__main__":
    main()
