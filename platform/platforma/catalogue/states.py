"""States: which action leads from which state to which, one table a noun; what is not in its table is refused with a reason.

Who acts: anyone proposes; a curator puts on probation, trusts, pauses and refuses; a platform leaves on its own wish, which
an administrator enters; crawls, imports and the passing of days do the rest by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from platforma.catalogue.enums import CrawlState, InitiativeState, PlatformState, RecordState
from platforma.catalogue.errors import N_, BadState


class PlatformAction(StrEnum):
    PROPOSE = "propose"
    PROBATION = "probation"
    TRUST = "trust"
    PAUSE = "pause"
    REFUSE = "refuse"
    LEAVE = "leave"
    CRAWL = "crawl"
    IMPORT = "import"


class InitiativeAction(StrEnum):
    """`withdraw` hides a listing with its platform, `admit` makes it public with it; `archive` and `return` are time's."""

    PUBLISH = "publish"
    REFUSE = "refuse"
    EDIT = "edit"
    ADMIT = "admit"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"
    RETURN = "return"
    MERGE = "merge"
    SPLIT = "split"
    SUPPRESS = "suppress"


class RecordAction(StrEnum):
    LIST = "list"
    VANISH = "vanish"
    ARCHIVE = "archive"


class CrawlAction(StrEnum):
    TAKE = "take"
    HOLD = "hold"
    FAIL = "fail"
    DISCARD = "discard"


PLATFORM: Mapping[PlatformState, Mapping[PlatformAction, PlatformState]] = {
    PlatformState.PROPOSED: {
        PlatformAction.PROBATION: PlatformState.PROBATION,
        PlatformAction.TRUST: PlatformState.TRUSTED,
        PlatformAction.REFUSE: PlatformState.REFUSED,
        PlatformAction.LEAVE: PlatformState.LEFT,
        PlatformAction.CRAWL: PlatformState.PROPOSED,
        PlatformAction.IMPORT: PlatformState.PROPOSED,
    },
    PlatformState.PROBATION: {
        PlatformAction.TRUST: PlatformState.TRUSTED,
        PlatformAction.PAUSE: PlatformState.PAUSED,
        PlatformAction.REFUSE: PlatformState.REFUSED,
        PlatformAction.LEAVE: PlatformState.LEFT,
        PlatformAction.CRAWL: PlatformState.PROBATION,
        PlatformAction.IMPORT: PlatformState.PROBATION,
    },
    PlatformState.TRUSTED: {
        PlatformAction.PROBATION: PlatformState.PROBATION,
        PlatformAction.PAUSE: PlatformState.PAUSED,
        PlatformAction.REFUSE: PlatformState.REFUSED,
        PlatformAction.LEAVE: PlatformState.LEFT,
        PlatformAction.CRAWL: PlatformState.TRUSTED,
        PlatformAction.IMPORT: PlatformState.TRUSTED,
    },
    PlatformState.PAUSED: {
        PlatformAction.PROBATION: PlatformState.PROBATION,
        PlatformAction.TRUST: PlatformState.TRUSTED,
        PlatformAction.REFUSE: PlatformState.REFUSED,
        PlatformAction.LEAVE: PlatformState.LEFT,
        PlatformAction.IMPORT: PlatformState.PAUSED,
    },
    PlatformState.REFUSED: {
        PlatformAction.PROPOSE: PlatformState.PROPOSED,
        PlatformAction.PROBATION: PlatformState.PROBATION,
        PlatformAction.TRUST: PlatformState.TRUSTED,
        PlatformAction.LEAVE: PlatformState.LEFT,
    },
    PlatformState.LEFT: {
        PlatformAction.PROPOSE: PlatformState.PROPOSED,
        PlatformAction.PROBATION: PlatformState.PROBATION,
        PlatformAction.TRUST: PlatformState.TRUSTED,
    },
}

INITIATIVE: Mapping[InitiativeState, Mapping[InitiativeAction, InitiativeState]] = {
    InitiativeState.NEW: {
        InitiativeAction.PUBLISH: InitiativeState.PUBLISHED,
        InitiativeAction.REFUSE: InitiativeState.REFUSED,
        InitiativeAction.EDIT: InitiativeState.NEW,
        InitiativeAction.ADMIT: InitiativeState.PUBLISHED,
        InitiativeAction.MERGE: InitiativeState.MERGED,
        InitiativeAction.SUPPRESS: InitiativeState.SUPPRESSED,
    },
    InitiativeState.PUBLISHED: {
        InitiativeAction.REFUSE: InitiativeState.REFUSED,
        InitiativeAction.EDIT: InitiativeState.PUBLISHED,
        InitiativeAction.WITHDRAW: InitiativeState.NEW,
        InitiativeAction.ARCHIVE: InitiativeState.ARCHIVED,
        InitiativeAction.MERGE: InitiativeState.MERGED,
        InitiativeAction.SUPPRESS: InitiativeState.SUPPRESSED,
    },
    InitiativeState.REFUSED: {
        InitiativeAction.PUBLISH: InitiativeState.PUBLISHED,
        InitiativeAction.EDIT: InitiativeState.REFUSED,
        InitiativeAction.MERGE: InitiativeState.MERGED,
        InitiativeAction.SUPPRESS: InitiativeState.SUPPRESSED,
    },
    InitiativeState.ARCHIVED: {
        InitiativeAction.PUBLISH: InitiativeState.PUBLISHED,
        InitiativeAction.REFUSE: InitiativeState.REFUSED,
        InitiativeAction.EDIT: InitiativeState.ARCHIVED,
        InitiativeAction.WITHDRAW: InitiativeState.NEW,
        InitiativeAction.RETURN: InitiativeState.PUBLISHED,
        InitiativeAction.MERGE: InitiativeState.MERGED,
        InitiativeAction.SUPPRESS: InitiativeState.SUPPRESSED,
    },
    InitiativeState.MERGED: {
        InitiativeAction.SPLIT: InitiativeState.PUBLISHED,
    },
    InitiativeState.SUPPRESSED: {},
}

RECORD: Mapping[RecordState, Mapping[RecordAction, RecordState]] = {
    RecordState.SEEN: {RecordAction.LIST: RecordState.SEEN, RecordAction.VANISH: RecordState.GONE},
    RecordState.GONE: {RecordAction.LIST: RecordState.SEEN, RecordAction.ARCHIVE: RecordState.ARCHIVED},
    RecordState.ARCHIVED: {RecordAction.LIST: RecordState.SEEN},
}

CRAWL: Mapping[CrawlState, Mapping[CrawlAction, CrawlState]] = {
    CrawlState.RUNNING: {
        CrawlAction.TAKE: CrawlState.DONE,
        CrawlAction.HOLD: CrawlState.HELD,
        CrawlAction.FAIL: CrawlState.FAILED,
        CrawlAction.DISCARD: CrawlState.DISCARDED,
    },
    CrawlState.HELD: {CrawlAction.TAKE: CrawlState.DONE, CrawlAction.DISCARD: CrawlState.DISCARDED},
    CrawlState.DONE: {},
    CrawlState.FAILED: {},
    CrawlState.DISCARDED: {},
}

PUBLIC_PLATFORMS = (PlatformState.PROBATION, PlatformState.TRUSTED, PlatformState.PAUSED)
"""Platforms that visitors see, and whose listings they see."""
WITHDRAWN_PLATFORMS = (PlatformState.REFUSED, PlatformState.LEFT)
"""Platforms whose listings are hidden and wait for nobody."""

PLATFORM_REASONS: Mapping[PlatformState, str] = {
    PlatformState.PROPOSED: N_("%(platform)s is only proposed: approve or refuse it first"),
    PlatformState.PROBATION: N_("%(platform)s is on probation already: trust, pause or refuse it"),
    PlatformState.TRUSTED: N_("%(platform)s is trusted already: put it on probation, pause or refuse it"),
    PlatformState.PAUSED: N_("%(platform)s is paused: approve it again first"),
    PlatformState.REFUSED: N_("%(platform)s is refused: propose it again, or approve it first"),
    PlatformState.LEFT: N_("%(platform)s has left the directory: propose it again, or approve it first"),
}
INITIATIVE_REASONS: Mapping[InitiativeState, str] = {
    InitiativeState.NEW: N_("This listing is new: publish or refuse it first"),
    InitiativeState.PUBLISHED: N_("This was decided on already: the listing is published; nothing has been changed"),
    InitiativeState.REFUSED: N_("This was decided on already: the listing is refused; nothing has been changed"),
    InitiativeState.ARCHIVED: N_("This was decided on already: the listing is archived; nothing has been changed"),
    InitiativeState.MERGED: N_("This listing was joined with another one: change that one"),
    InitiativeState.SUPPRESSED: N_("This listing was removed for good; nothing can be changed any more"),
}
DECIDED = N_("This was decided on already; nothing has been changed")


def platform_after(state: PlatformState, action: PlatformAction, platform: str) -> PlatformState:
    """The state of the platform of this id after an action. Raises BadState for one that its state does not allow."""
    after = PLATFORM[PlatformState(state)].get(action)
    if after is None:
        raise BadState(PLATFORM_REASONS[PlatformState(state)], platform=platform)
    return after


def initiative_after(state: InitiativeState, action: InitiativeAction) -> InitiativeState:
    """A listing's state after an action. Raises BadState for one that its state does not allow."""
    after = INITIATIVE[InitiativeState(state)].get(action)
    if after is None:
        raise BadState(INITIATIVE_REASONS[InitiativeState(state)])
    return after


def record_after(state: RecordState, action: RecordAction) -> RecordState:
    """A source record's state after an action. Raises BadState for one that its state does not allow."""
    after = RECORD[RecordState(state)].get(action)
    if after is None:
        raise BadState(DECIDED)
    return after


def crawl_after(state: CrawlState, action: CrawlAction) -> CrawlState:
    """A crawl's state after an action. Raises BadState for one that its state does not allow."""
    after = CRAWL[CrawlState(state)].get(action)
    if after is None:
        raise BadState(DECIDED)
    return after
