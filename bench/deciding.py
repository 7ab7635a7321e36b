"""`python -m bench.deciding`: how long a decision at the desk takes over many listings, and its undo."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from flask.testing import FlaskClient
from sqlalchemy import select, update

from bench.filled import add_arguments, filled
from platforma.catalogue.decisions import reads
from platforma.catalogue.models import Initiative, Role, User
from platforma.catalogue.people import accounts
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.web.app import create_app
from platforma.web.context import COOKIE
from platforma.worker.indexing import ensure_index

AT_ONCE = 500
HEAD = "| step | ms p50 / p95 / max | CPU ms p50 |\n|---|---|---|"


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of an answer, by the clock and of the processor; what follows beside it is not in the latter."""

    by_clock: float
    of_processor: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.deciding", description="Times decisions at the desk.")
    parser.add_argument("--decisions", type=int, default=50, help="how many of each kind (50)")
    add_arguments(parser)
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        run(settings, chosen.size, chosen.decisions)


def run(settings: Settings, size: int, count: int) -> None:
    """Let some listings wait, decide on them, and print a row for each step."""
    with open_services(settings) as services:
        ensure_index(services)
        ids = let_wait(services, 3 * count + AT_ONCE)
        ensure_index(services)
        client = signed_in(services, "bench@sic.example", Role.CURATOR)
        print(f"{size:,} listings, {len(ids)} of them wait\n\n{HEAD}")
        for name, taken in steps(client, services, ids, count):
            print(f"| {name} | {cells(taken)} |", flush=True)


def cells(taken: Sequence[Taken]) -> str:
    """The cells of a row."""
    times = [one.by_clock for one in taken]
    cut = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    computed = median(one.of_processor for one in taken)
    return f"{median(times):.0f} / {cut:.0f} / {max(times):.0f} | {computed:.0f}"


def signed_in(services: Services, email: str, role: Role) -> FlaskClient:
    """A browser in which somebody of this role has signed in."""
    app = create_app(services)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with services.database.writing() as session:
        known = session.scalar(select(User.id).where(User.email == email))
        id = known or accounts.add_user(session, email=email, role=role, actor="bench").id
        client.set_cookie(COOKIE, accounts.open_session(session, id))
    return client


def let_wait(services: Services, count: int) -> Sequence[str]:
    """Let so many public listings wait; return their public ids."""
    with services.database.writing() as session:
        chosen = select(Initiative.id).where(Initiative.state == "published").order_by(Initiative.id).limit(count)
        session.execute(update(Initiative).where(Initiative.id.in_(chosen)).values(state="new", published_at=None))
        return list(
            session.scalars(select(Initiative.public_id).where(Initiative.state == "new").order_by(Initiative.id).limit(count))
        )


def steps(client: FlaskClient, services: Services, ids: Sequence[str], count: int) -> Iterable[tuple[str, list[Taken]]]:
    """Each step with how long it took."""
    one_by_one, walked, many = ids[: 2 * count], ids[2 * count : 3 * count], ids[3 * count :][:AT_ONCE]
    yield "the next of all items", [timed(client, "GET", "next") for _ in range(count)]
    yield "the list of new listings", [timed(client, "GET", "listings") for _ in range(count)]
    yield "publish", [timed(client, "POST", f"next/listing/{id}", decision="publish") for id in one_by_one[:count]]
    yield "undo", [timed(client, "POST", f"decisions/{last(services) - back}/undo") for back in range(count)]
    yield "refuse", [timed(client, "POST", f"next/listing/{id}", decision="refuse", text="x") for id in one_by_one[count:]]
    walk = [timed(client, "POST", f"next/listing/{id}", goes_on=True, decision="publish") for id in walked]
    yield "publish, with the page of the next", walk
    yield f"publish {len(many)} at once", [timed(client, "POST", "listings", decision="publish", id=many)]
    yield "undo that", [timed(client, "POST", f"decisions/{last(services)}/undo")]
    yield f"refuse {len(many)} at once", [timed(client, "POST", "listings", decision="refuse", reason="x", id=many)]
    yield "undo that", [timed(client, "POST", f"decisions/{last(services)}/undo")]


def timed(client: FlaskClient, method: str, path: str, *, goes_on: bool = False, **form: object) -> Taken:
    """How long an answer takes, and with `goes_on` the page to which it leads. Raises AssertionError where it is not as it should
    be."""
    began, computed = time.perf_counter(), time.thread_time()
    answer = client.open(f"/lv/desk/{path}", method=method, data=form, follow_redirects=goes_on)
    taken = Taken((time.perf_counter() - began) * 1000, (time.thread_time() - computed) * 1000)
    assert answer.status_code in (200, 302), answer.get_data(as_text=True)
    return taken


def last(services: Services) -> int:
    """The id of the newest decision."""
    with services.database.reading() as session:
        return reads.latest(session, limit=1)[0].id


if __name__ == "__main__":
    main()
