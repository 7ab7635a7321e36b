"""Rows and relations of the catalogue, a module a noun; no queries here."""

from platforma.catalogue.enums import (
    CorrectionState,
    CorrectionTopic,
    CrawlPurpose,
    CrawlState,
    DigestFrequency,
    InitiativeState,
    JudgementVerdict,
    MailState,
    PictureState,
    PlatformState,
    RecordState,
    Role,
    WebsiteState,
)
from platforma.catalogue.models.base import Base
from platforma.catalogue.models.corrections import Addition, Correction
from platforma.catalogue.models.crawls import Crawl, CrawlChange, CrawlProblem, PageMemory, StagedPage, StagedRecord
from platforma.catalogue.models.events import Event
from platforma.catalogue.models.freshness import Confirmation, Letter, LetterRefusal
from platforma.catalogue.models.listings import Initiative, Outbox, Record, Removal, Suppression, Value
from platforma.catalogue.models.mails import Mail
from platforma.catalogue.models.matching import DuplicateCandidate, Judgement, MatchKey
from platforma.catalogue.models.people import LinkRequest, Membership, Token, User, UserSession
from platforma.catalogue.models.pictures import ListingPicture, Picture, PictureSource
from platforma.catalogue.models.platforms import Lease, Notice, Platform, RecipeVersion
from platforma.catalogue.models.subscriptions import SavedSearch, Subscriber
from platforma.catalogue.models.terms import ConceptEdit, FailedSearch
from platforma.catalogue.models.websites import ListingWebsite, Website

__all__ = [
    "Addition",
    "Base",
    "ConceptEdit",
    "Confirmation",
    "Correction",
    "CorrectionState",
    "CorrectionTopic",
    "Crawl",
    "CrawlChange",
    "CrawlProblem",
    "CrawlPurpose",
    "CrawlState",
    "DigestFrequency",
    "DuplicateCandidate",
    "Event",
    "FailedSearch",
    "Initiative",
    "InitiativeState",
    "Judgement",
    "JudgementVerdict",
    "Lease",
    "Letter",
    "LetterRefusal",
    "LinkRequest",
    "ListingPicture",
    "ListingWebsite",
    "Mail",
    "MailState",
    "MatchKey",
    "Membership",
    "Notice",
    "Outbox",
    "PageMemory",
    "Picture",
    "PictureSource",
    "PictureState",
    "Platform",
    "PlatformState",
    "RecipeVersion",
    "Record",
    "RecordState",
    "Removal",
    "Role",
    "SavedSearch",
    "StagedPage",
    "StagedRecord",
    "Subscriber",
    "Suppression",
    "Token",
    "User",
    "UserSession",
    "Value",
    "Website",
    "WebsiteState",
]
