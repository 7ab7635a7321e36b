"""The demonstration as processes of its own, and people who have just signed in there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from platforma.catalogue.database import Database
from platforma.catalogue.models import Initiative, Membership, Platform, Record, Role
from platforma.catalogue.people import accounts, memberships, proofs
from platforma.demo.sites import SITES
from platforma.web.context import COOKIE
from tests.scanning.browsing import Person
from tests.whole.processes import free_ports, start, wait_for

OWN_PLATFORMS = 3
OWN_LISTINGS = 3


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A running demonstration: its address, its data folder, and the file with what its processes say."""

    base_url: str
    data: Path
    log: Path

    @property
    def database_path(self) -> Path:
        return self.data / "platforma.sqlite"

    def visitor(self) -> Person:
        return Person("visitor", self.base_url)

    def signed_in(self, role: Role) -> Person:
        """Somebody of a role; a partner answers for some platforms and keeps some of their listings."""
        person = Person(str(role), self.base_url)
        self.sign_in(person)
        return person

    def sign_in(self, person: Person) -> None:
        """Give somebody a new session, and what they had, whatever was done to their account meanwhile."""
        if person.role == "visitor":
            return
        database = Database(f"sqlite:///{self.database_path}")
        with database.writing() as session:
            role = Role(person.role)
            user = accounts.add_user(session, email=f"{role}@sic.example", role=role, actor="test", even_last_admin=True)
            if role is Role.PARTNER:
                has = set(
                    session.execute(select(Membership.platform_id, Membership.initiative_id).where(Membership.user_id == user.id))
                )
                if not has:
                    for platform_id in session.scalars(select(Platform.id).order_by(Platform.id).limit(OWN_PLATFORMS)):
                        session.add(Membership(user_id=user.id, platform_id=platform_id, role=memberships.OWNER))
                    own = select(Initiative.id).join(Record).distinct().order_by(Initiative.id).limit(OWN_LISTINGS)
                    for listing_id in session.scalars(own):
                        claim = Membership(user_id=user.id, initiative_id=listing_id, role=memberships.OWNER)
                        session.add(claim)
                        session.flush()
                        proofs.vouch(session, subject=claim.id, actor="test")
            person.cookies[COOKIE] = accounts.open_session(session, user.id)
        database.engine.dispose()


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    """Run the demonstration in a folder until the context ends.

    It believes the addresses that requests say they come from, so that no budget of one address ends a scan.
    """
    port = free_ports(len(SITES) + 1)
    words = ("--port", str(port), "--data", str(folder))
    process = start("demo", *words, data=folder, PLATFORMA_TRUSTED_PROXIES="1", PLATFORMA_LOG_FORMAT="text")
    log = folder / "demo.log"
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        yield Demonstration(f"http://127.0.0.1:{port}", folder, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
