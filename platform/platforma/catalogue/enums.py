"""The states, roles and purposes that the catalogue stores: plain enums, so that views need no tables to compare them."""

from enum import StrEnum


class PlatformState(StrEnum):
    """How far we trust a platform, and whether it is crawled; states.py says which transitions there are."""

    PROPOSED = "proposed"
    PROBATION = "probation"
    TRUSTED = "trusted"
    PAUSED = "paused"
    REFUSED = "refused"
    LEFT = "left"


class MessageKind(StrEnum):
    """What is written about a platform: curators ask or refuse, partners answer."""

    QUESTION = "question"
    REFUSAL = "refusal"
    ANSWER = "answer"


class InitiativeState(StrEnum):
    """Whether a listing is shown; visibility.py says which states visitors see."""

    NEW = "new"
    PUBLISHED = "published"
    REFUSED = "refused"
    ARCHIVED = "archived"
    MERGED = "merged"
    SUPPRESSED = "suppressed"


class JudgementVerdict(StrEnum):
    """What a person or a rule says of two listings. Translations of each other are one initiative, as the same ones are."""

    SAME = "same"
    TRANSLATION = "translation"
    PART_OF = "part_of"
    DIFFERENT = "different"
    UNSURE = "unsure"


class ProofWay(StrEnum):
    """How it was shown that the people of a platform run its site; `site` is asked for and not yet found there."""

    MAIL = "mail"
    FILE = "file"
    PAGE = "page"
    CURATOR = "curator"
    SITE = "site"


class RecordState(StrEnum):
    """Whether the source still lists a record: gone means missing since the last complete crawl, archived for longer."""

    SEEN = "seen"
    GONE = "gone"
    ARCHIVED = "archived"


class CrawlState(StrEnum):
    """How a crawl stands; a held one waits for a curator, who accepts or discards it."""

    RUNNING = "running"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


class CrawlPurpose(StrEnum):
    """Why a crawl was run: in its turn, to try a recipe that is not live yet, or to map stored records anew."""

    TURN = "turn"
    TRIAL = "trial"
    MAPPING = "mapping"


class Role(StrEnum):
    """What a signed-in person may do: curators and administrators decide at the desk, readers see it, partners do not."""

    CURATOR = "curator"
    ADMIN = "admin"
    PARTNER = "partner"
    READER = "reader"


class DeskMail(StrEnum):
    """What a member of the staff is mailed of the desk: nothing, its queues each week, or also at once what is urgent."""

    NONE = "none"
    WEEKLY = "weekly"
    AT_ONCE = "at_once"


class PartnerMail(StrEnum):
    """What somebody who answers for platforms is mailed of how they are read: nothing, what is new each week, or all at once."""

    NONE = "none"
    WEEKLY = "weekly"
    AT_ONCE = "at_once"


class MailState(StrEnum):
    """Where a mail is on its way (see mail/delivery.py); the last two need a person."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class PictureState(StrEnum):
    """How an image of a source stands: to be fetched, kept as our own picture, or refused for a reason."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"


class ReadingState(StrEnum):
    """How the first reading of a site stands that somebody may register: not begun, under way, ended, or ended without a list."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


class WebsiteState(StrEnum):
    """How a website stands: not looked at yet, alive, without an answer for now, dead, not to be told, or in doubt: parked, or
    another site by now."""

    WAITING = "waiting"
    ALIVE = "alive"
    SILENT = "silent"
    DEAD = "dead"
    CLOSED = "closed"
    PARKED = "parked"
    OTHER = "other"


class DigestFrequency(StrEnum):
    """How often a subscriber gets a digest."""

    DAILY = "daily"
    WEEKLY = "weekly"


class CorrectionTopic(StrEnum):
    """What a visitor writes about: the first four about a listing, the last two about the directory."""

    MISTAKE = "mistake"
    OUTDATED = "outdated"
    DUPLICATE = "duplicate"
    REMOVAL = "removal"
    MISSING = "missing"
    QUESTION = "question"


class CorrectionState(StrEnum):
    """How a visitor's message stands: it waits for a curator, or was answered."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class BulkState(StrEnum):
    """How a change of many listings stands: waiting for the worker or under way, done, or being undone, undone."""

    WAITING = "waiting"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class ItemState(StrEnum):
    """How one listing of such a change stands; `same`: there was nothing to do; `kept`: it could not be undone."""

    WAITING = "waiting"
    DONE = "done"
    SAME = "same"
    FAILED = "failed"
    UNDONE = "undone"
    KEPT = "kept"
