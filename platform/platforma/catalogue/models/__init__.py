"""Rows and relations of the catalogue, a module a noun; no queries here."""

from platforma.catalogue.enums import (
    BulkState,
    CorrectionState,
    CorrectionTopic,
    CrawlPurpose,
    CrawlState,
    DigestFrequency,
    InitiativeState,
    ItemState,
    JudgementVerdict,
    MailState,
    MessageKind,
    PictureState,
    PlatformState,
    ReadingState,
    RecordState,
    Role,
    WebsiteState,
)
from platforma.catalogue.models.base import Base
from platforma.catalogue.models.corrections import Addition, Correction, HeldBack
from platforma.catalogue.models.crawls import Crawl, CrawlChange, CrawlProblem, PageMemory, StagedPage, StagedRecord
from platforma.catalogue.models.decisions import Claim, Decision, DecisionObject, ReplyText
from platforma.catalogue.models.events import Event
from platforma.catalogue.models.freshness import Confirmation, Letter, LetterRefusal
from platforma.catalogue.models.listings import Initiative, Outbox, Record, Removal, Suppression, Value
from platforma.catalogue.models.lists import SORT_KEY_CHARACTERS, BulkChange, BulkItem, ListingFacts, ListingTitle, SavedView
from platforma.catalogue.models.mails import Mail
from platforma.catalogue.models.matching import DuplicateCandidate, Judgement, MatchKey
from platforma.catalogue.models.partner_tables import PartnerTable
from platforma.catalogue.models.people import (
    ClaimChange,
    LinkRequest,
    Membership,
    PartnerReader,
    Passkey,
    SiteProof,
    Token,
    User,
    UserSession,
)
from platforma.catalogue.models.pictures import ListingPicture, Picture, PictureSource
from platforma.catalogue.models.platforms import CoverageCount, Lease, Notice, PartnerMessage, Platform, RecipeVersion
from platforma.catalogue.models.site_looks import SiteLook, SiteReading
from platforma.catalogue.models.subscriptions import SavedSearch, Subscriber
from platforma.catalogue.models.terms import ConceptEdit, FailedSearch, ListingTerm, ListingToCompose, SearchDay, TermEdit
from platforma.catalogue.models.visits import ListingVisits, PlatformVisits, VisitWords
from platforma.catalogue.models.websites import ListingWebsite, Website

__all__ = [
    "SORT_KEY_CHARACTERS",
    "Addition",
    "Base",
    "BulkChange",
    "BulkItem",
    "BulkState",
    "Claim",
    "ClaimChange",
    "ConceptEdit",
    "Confirmation",
    "Correction",
    "CorrectionState",
    "CorrectionTopic",
    "CoverageCount",
    "Crawl",
    "CrawlChange",
    "CrawlProblem",
    "CrawlPurpose",
    "CrawlState",
    "Decision",
    "DecisionObject",
    "DigestFrequency",
    "DuplicateCandidate",
    "Event",
    "FailedSearch",
    "HeldBack",
    "Initiative",
    "InitiativeState",
    "ItemState",
    "Judgement",
    "JudgementVerdict",
    "Lease",
    "Letter",
    "LetterRefusal",
    "LinkRequest",
    "ListingFacts",
    "ListingPicture",
    "ListingTerm",
    "ListingTitle",
    "ListingToCompose",
    "ListingVisits",
    "ListingWebsite",
    "Mail",
    "MailState",
    "MatchKey",
    "Membership",
    "MessageKind",
    "Notice",
    "Outbox",
    "PageMemory",
    "PartnerMessage",
    "PartnerReader",
    "PartnerTable",
    "Passkey",
    "Picture",
    "PictureSource",
    "PictureState",
    "Platform",
    "PlatformState",
    "PlatformVisits",
    "ReadingState",
    "RecipeVersion",
    "Record",
    "RecordState",
    "Removal",
    "ReplyText",
    "Role",
    "SavedSearch",
    "SavedView",
    "SearchDay",
    "SiteLook",
    "SiteProof",
    "SiteReading",
    "StagedPage",
    "StagedRecord",
    "Subscriber",
    "Suppression",
    "TermEdit",
    "Token",
    "User",
    "UserSession",
    "Value",
    "VisitWords",
    "Website",
    "WebsiteState",
]
