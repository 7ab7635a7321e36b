"""A walk on which partners also pause, go on, leave with their listings or without, come back, answer, and change their licence."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.decisions import platforms as decisions
from platforma.catalogue.models import Crawl, Initiative, InitiativeState, Platform, PlatformState
from platforma.catalogue.partners import own_listings, own_platforms, own_steps
from platforma.catalogue.platforms.platform_states import Stop, stop_by_id
from platforma.catalogue.states import PUBLIC_PLATFORMS, PlatformAction
from tests.catalogue.desk_walk import DeskWalk
from tests.catalogue.walk import BY, difference, picture_of, platforms

PARTNER = "anna@v.example"


class PartnerWalk(DeskWalk):
    """As DeskWalk, with the steps of partners on their own pages."""

    @rule(platform=platforms)
    def pause_own(self, platform: str) -> None:
        """A pause changes nothing of what is shown, and only what its partner paused can its partner end."""
        before = picture_of(self.catalogue)
        if self._act(lambda session: own_steps.pause(session, platform_id=platform, actor=PARTNER)):
            differs = difference(before, picture_of(self.catalogue))
            assert not differs, f"a pause changes listings: {differs}"
            assert self._state(platform) == (PlatformState.PAUSED, Stop.PAUSED)

    @rule(platform=platforms)
    def resume_own(self, platform: str) -> None:
        stop = self._state(platform)[1]
        if self._act(lambda session: own_steps.resume(session, platform_id=platform, actor=PARTNER)):
            assert stop is not None, "a partner ends a pause that is not theirs"
            assert self._state(platform)[0] in (PlatformState.PROBATION, PlatformState.TRUSTED)

    @rule(platform=platforms, keeps_listings=st.booleans())
    def leave_own(self, platform: str, keeps_listings: bool) -> None:
        before = self._shown(platform)

        def leave(session: Session) -> None:
            own_steps.leave(session, platform_id=platform, actor=PARTNER, keeps_listings=keeps_listings)

        if self._act(leave):
            self._drain()
            kept = self._shown(platform)
            assert kept == before if keeps_listings else kept <= before, f"{before} were shown before leaving, {kept} are now"
            assert self._state(platform)[0] == (PlatformState.PAUSED if keeps_listings else PlatformState.LEFT)

    @rule(platform=platforms, text=st.sampled_from(("", "Kas ir mainījies")))
    def come_back(self, platform: str, text: str) -> None:
        before = self._shown(platform)

        def propose(session: Session) -> None:
            own_steps.propose_again(session, platform_id=platform, actor=PARTNER, text=text)

        if self._act(propose):
            assert self._state(platform)[0] == PlatformState.PROPOSED
            assert self._shown(platform) == before, "a proposal alone makes nothing public"

    @rule(platform=platforms)
    def order_own_crawl(self, platform: str) -> None:
        """What is ordered is read, and cannot be ordered again within the hour."""

        def order(session: Session) -> None:
            own_steps.order_crawl(session, platform_id=platform, actor=PARTNER)

        if self._act(order):
            self._crawl(platform)
            assert not self._act(order), "a crawl was ordered twice within an hour"

    @rule(platform=platforms, licence=st.sampled_from(("", *own_platforms.LICENCES[:2])))
    def choose_licence(self, platform: str, licence: str) -> None:
        def choose(session: Session) -> None:
            own_steps.set_licence(session, platform_id=platform, actor=PARTNER, licence=licence)

        before = self._shown(platform)
        if self._act(choose):
            assert self._shown(platform) == before, "a licence shows or hides no listing"

    @rule(platform=platforms)
    def ask_and_answer(self, platform: str) -> None:
        """A curator asks, and the partner answers once: the proposal waits again, as it did before."""
        asked = {"platform_id": platform, "action": PlatformAction.ASK, "actor": BY, "reason": "Kas to veido?"}
        before = self._state(platform)
        if self._act(lambda session: decisions.decide(session, **asked)):  # type: ignore[arg-type]
            assert self._act(lambda session: own_steps.answer(session, platform_id=platform, actor=PARTNER, text="Mēs."))
            assert not self._act(lambda session: own_steps.answer(session, platform_id=platform, actor=PARTNER, text="Mēs."))
            assert self._state(platform) == before

    @rule(platform=platforms)
    def look_at_own_page(self, platform: str) -> None:
        """A partner's page can always be made, and counts what there is."""
        with self.catalogue.database.reading() as session:
            page, listings = own_platforms.own_platform(session, platform), own_listings.own_listings(session, platform)
            last = session.scalar(select(Crawl.id).where(Crawl.platform_id == platform).order_by(Crawl.id.desc()).limit(1))
            shown = self._shown_ids(session, platform)
        assert (page.last_crawl.crawl_id if page.last_crawl else None) == last
        assert listings.counts.get(InitiativeState.PUBLISHED, 0) == len(shown)
        assert len(listings.shared) == min(own_listings.MAX_SHOWN, listings.shared_in_all)
        assert page.is_public == (page.state in PUBLIC_PLATFORMS)

    def _state(self, platform: str) -> tuple[PlatformState, Stop | None]:
        with self.catalogue.database.reading() as session:
            return PlatformState(session.get_one(Platform, platform).state), stop_by_id(session, platform)

    def _shown(self, platform: str) -> set[int]:
        with self.catalogue.database.reading() as session:
            return self._shown_ids(session, platform)

    def _shown_ids(self, session: Session, platform: str) -> set[int]:
        """The ids of the public listings that have a record of a platform, counted from records to listings."""
        rows = session.scalars(select(Initiative)).all()
        heads = {row.id: row.merged_into_id or row.id for row in rows}
        public = {row.id for row in rows if row.state == InitiativeState.PUBLISHED}
        own = {heads[row.id] for row in rows if any(record.platform_id == platform for record in row.records)}
        return own & public
