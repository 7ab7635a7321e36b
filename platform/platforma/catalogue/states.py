"""State transitions: one table a noun, from state and action to the next state. Any other action is refused with a reason.

Who acts on platforms: anyone proposes; a curator puts on probation, trusts, pauses and refuses; an administrator enters that
a platform leaves on its own wish. Crawls, imports and the end of grace periods cause all other actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from platforma.catalogue.enums import CrawlState, InitiativeState, PlatformState, RecordState
from platforma.catalogue.errors import BadState
from vocabulary.messages import N_


class PlatformAction(StrEnum):
    PROPOSE = "propose"
    ASK = "ask"
    PROBATION = "probation"
    TRUST = "trust"
    PAUSE = "pause"
    REFUSE = "refuse"
    LEAVE = "leave"
    CRAWL = "crawl"
    IMPORT = "import"


class InitiativeAction(StrEnum):
    """`withdraw` hides a listing together with its platforms or by a curator's word, `admit` publishes it together with them.
    `archive` and `return` follow its records. Who parts a merged listing gives it back the state that it had before."""

    PUBLISH = "publish"
    REFUSE = "refuse"
    EDIT = "edit"
    ADMIT = "admit"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"
    RETURN = "return"
    MERGE = "merge"
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


PLATFORM_TRANSITIONS: Mapping[PlatformState, Mapping[PlatformAction, PlatformState]] = {
    PlatformState.PROPOSED: {
        PlatformAction.ASK: PlatformState.PROPOSED,
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

INITIATIVE_TRANSITIONS: Mapping[InitiativeState, Mapping[InitiativeAction, InitiativeState]] = {
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
    InitiativeState.MERGED: {},
    InitiativeState.SUPPRESSED: {},
}

RECORD_TRANSITIONS: Mapping[RecordState, Mapping[RecordAction, RecordState]] = {
    RecordState.SEEN: {RecordAction.LIST: RecordState.SEEN, RecordAction.VANISH: RecordState.GONE},
    RecordState.GONE: {RecordAction.LIST: RecordState.SEEN, RecordAction.ARCHIVE: RecordState.ARCHIVED},
    RecordState.ARCHIVED: {RecordAction.LIST: RecordState.SEEN},
}

CRAWL_TRANSITIONS: Mapping[CrawlState, Mapping[CrawlAction, CrawlState]] = {
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

SHOWN_STATES = (InitiativeState.PUBLISHED, InitiativeState.ARCHIVED)
"""States of listings that have a public page."""
PUBLIC_PLATFORMS = (PlatformState.PROBATION, PlatformState.TRUSTED, PlatformState.PAUSED)
"""States of platforms that visitors see, together with their listings."""
WITHDRAWN_PLATFORMS = (PlatformState.REFUSED, PlatformState.LEFT)
"""States of platforms whose listings are hidden and wait for no decision."""

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
    """A platform's state after an action; `platform` is its id. Raises BadState where its state does not allow the action."""
    after = PLATFORM_TRANSITIONS[PlatformState(state)].get(action)
    if after is None:
        raise BadState(PLATFORM_REASONS[PlatformState(state)], platform=platform)
    return after


def initiative_after(state: InitiativeState, action: InitiativeAction) -> InitiativeState:
    """A listing's state after an action. Raises BadState where its state does not allow the action."""
    after = INITIATIVE_TRANSITIONS[InitiativeState(state)].get(action)
    if after is None:
        raise BadState(INITIATIVE_REASONS[InitiativeState(state)])
    return after


def record_after(state: RecordState, action: RecordAction) -> RecordState:
    """A record's state after an action. Raises BadState where its state does not allow the action."""
    after = RECORD_TRANSITIONS[RecordState(state)].get(action)
    if after is None:
        raise BadState(DECIDED)
    return after


def crawl_after(state: CrawlState, action: CrawlAction) -> CrawlState:
    """A crawl's state after an action. Raises BadState where its state does not allow the action."""
    after = CRAWL_TRANSITIONS[CrawlState(state)].get(action)
    if after is None:
        raise BadState(DECIDED)
    return after
