"""Claims: somebody says that a listing is of their organisation, proves it, and from then on keeps it themselves.

A claim is a membership of a listing. It stays with the listing of which it was made: where this is joined with another one, it
holds for the one that is shown; where they are parted, each claim goes with its own. Nothing may be changed or seen by a claim
that is not proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import ProofWay, Role
from platforma.catalogue.errors import BadState, BadToken, BadValue, NotFound, Suppressed
from platforma.catalogue.listings import compose, edits, groups, listing_queries
from platforma.catalogue.listings.edits import Voice
from platforma.catalogue.listings.layers import CLAIM
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import Initiative, Membership, SiteProof, Token, User, Value
from platforma.catalogue.people import accounts, memberships, proofs, tokens
from platforma.catalogue.people.proofs import Proof
from platforma.catalogue.websites.doubts import is_own_site
from vocabulary.characters import without_controls
from vocabulary.messages import N_

MAX_WORDS = 1_000
"""The most characters in which somebody tells the curators why a listing is theirs."""
BY_SITE = (ProofWay.MAIL, ProofWay.FILE, ProofWay.PAGE)
"""The ways by which a website or its domain speaks for somebody; their changes are public at once, if no curator chose else."""
NO_SITE = N_("This listing has no website of its own on which a code could stand; ask the curators.")
TOO_LONG = N_("At most %(most)s characters")
ASKED = N_("The curators were asked already; their answer comes by e-mail.")
REFUSED = N_("The curators have answered this already. If something has changed, write to them.")
NO_REASON = N_("Say why, in a sentence")
_head = aliased(Initiative)


@dataclass(frozen=True, slots=True)
class WordAsked:
    """That a claimant asked for the curators' word: when, with what words; and why it was refused, None where it was not."""

    at: datetime
    words: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim by the id of its membership. `public_id` is the listing that is shown, `initiative_id` the row of the one claimed.

    `edits_live` is what curators chose, None where they did not. `is_closed`: its account is closed, which takes all rights.
    """

    id: int
    user_id: int
    email: str
    lang: str
    initiative_id: int
    own_public_id: str
    public_id: str
    edits_live: bool | None
    is_closed: bool
    proofs: Sequence[Proof]
    asked: WordAsked | None

    @property
    def is_proven(self) -> bool:
        return bool(self.proofs)

    @property
    def is_live(self) -> bool:
        """Whether what is changed is public at once, and does not wait for a curator."""
        return any(proof.way in BY_SITE for proof in self.proofs) if self.edits_live is None else self.edits_live

    @property
    def voice(self) -> Voice:
        """In which layer it speaks, and of which listing."""
        return Voice(CLAIM, self.initiative_id)

    @property
    def code_name(self) -> str:
        """The name of the code that is put on the website."""
        return proofs.claim_name(self.own_public_id, self.email)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What an opened link led to; `is_new`: the account was made by it, `is_proof`: it has proven the claim."""

    claim: Claim
    is_new: bool
    is_proof: bool


def issue_link(session: Session, *, public_id: str, email: str, key: bytes) -> str:
    """Issue the link by which somebody confirms that they claim a listing; return its name."""
    payload = {"listing": public_id, "email": email.strip().lower()}
    return tokens.issue_mailed_token(session, purpose=tokens.CLAIM, key=key, payload=payload)


def read_link(session: Session, secret: str, user_id: int | None) -> tuple[Listing, str]:
    """The listing that a link claims, and the address. `user_id` is who is signed in, None for nobody.

    Raises BadToken where it was used or expired, is another account's, or nobody can claim the listing any more.
    """
    token = tokens.read_token(session, secret, tokens.CLAIM)
    return _checked(session, token, user_id), token.payload["email"]


def confirm(session: Session, secret: str, *, user_id: int | None, lang: str) -> Confirmed:
    """Use a link up and note the claim; an address without an account gets one of a partner. Raises BadToken as read_link does.

    An address at the domain of the listing's own website is a proof by itself.
    """
    token = tokens.use_token(session, secret, tokens.CLAIM)
    listing, email = _checked(session, token, user_id), token.payload["email"]
    account = accounts.account_of(session, email)
    own_id = account.id if account else accounts.add_user(session, email=email, role=Role.PARTNER, actor=email, lang=lang).id
    row = session.scalars(select(Initiative).where(Initiative.public_id == listing.public_id)).one()
    claim = next((one for one in claims_of(session, listing.public_id) if one.user_id == own_id), None)
    if claim is None:
        membership = Membership(user_id=own_id, initiative_id=row.id, role=memberships.OWNER)
        session.add(membership)
        session.flush()
        _record(session, listing.public_id, email, "claim", after={"email": email})
        claim = claim_by_id(session, membership.id)
    proofs.note_mail(session, subject=claim.id, email=email, url=site_of(session, listing.public_id))
    session.flush()
    confirmed = claim_by_id(session, claim.id)
    return Confirmed(confirmed, account is None, is_proof=confirmed.is_proven and not claim.is_proven)


def site_of(session: Session, public_id: str) -> str | None:
    """The website of a listing by what others than claimants say of it, where it is a site of its own; None where it has none.

    What somebody wrote by a claim proves no other claim.
    """
    row = session.scalars(select(Initiative).where(Initiative.public_id == public_id)).one()
    said = groups.standing_values(row.id, groups.values_behind(session, [row.id]).get(row.id, []))
    others = [value for value in said if value.layer != CLAIM]
    url = compose.compose(groups.records_behind(session, [row.id])[row.id], others)["fields"].get("website")
    return url if url and is_own_site(url) else None


def locked(session: Session, claim: Claim) -> Claim:
    """A claim as it is now, before something is done by it or about it. Raises NotFound where it has ended meanwhile."""
    if session.get(Membership, claim.id, with_for_update=True, populate_existing=True) is None:
        raise NotFound(str(claim.id))
    return claim_by_id(session, claim.id)


def ask_look(session: Session, claim: Claim) -> None:
    """Have the listing's website looked at for the claim's code. Raises BadState where it has none, or right after a look."""
    claim = locked(session, claim)
    url = site_of(session, claim.public_id)
    if url is None:
        raise BadState(NO_SITE)
    proofs.ask(session, subject=claim.id, by=claim.email, url=url)


def ask_word(session: Session, claim: Claim, words: str) -> None:
    """Ask the curators for their word. Raises BadState where they were asked already, and BadValue for too many words."""
    if len(words.strip()) > MAX_WORDS:
        raise BadValue("words", TOO_LONG, most=MAX_WORDS)
    claim = locked(session, claim)
    if claim.asked is not None:
        raise BadState(ASKED if claim.asked.refusal is None else REFUSED)
    if any(proof.way == ProofWay.CURATOR for proof in claim.proofs):
        return
    now = utc_now()
    session.add(
        SiteProof(
            membership_id=claim.id, way=ProofWay.CURATOR, by=claim.email, asked_at=now, words=without_controls(words).strip()
        )
    )
    _record(session, claim.public_id, claim.email, "ask_word")


def vouch(session: Session, claim: Claim, *, actor: str, is_trusted: bool) -> bool:
    """Give a curator's word for a claim, and return whether that is its first proof; `is_trusted`: changes are public at once."""
    is_first = not locked(session, claim).is_proven
    proofs.vouch(session, subject=claim.id, actor=actor)
    if is_trusted:
        set_live(session, claim, actor=actor, live=True)
    return is_first


def refuse_word(session: Session, claim: Claim, *, actor: str, reason: str) -> None:
    """Refuse the word that somebody asked for. Raises BadValue without a reason, and BadState where nobody waits for it."""
    if not reason.strip():
        raise BadValue("reason", NO_REASON)
    row = session.scalar(select(SiteProof).where(SiteProof.membership_id == claim.id, *is_word_waiting()).with_for_update())
    if row is None:
        raise BadState(REFUSED)
    row.looked_at, row.reason = utc_now(), reason.strip()
    _record(session, claim.public_id, actor, "refuse_word", after={"email": claim.email, "reason": row.reason})


def set_live(session: Session, claim: Claim, *, actor: str, live: bool) -> None:
    """Choose whether what is changed is public at once."""
    locked(session, claim)
    row = session.get_one(Membership, claim.id)
    if row.edits_live == live:
        return
    row.edits_live = live
    _record(session, claim.public_id, actor, "live_claim" if live else "checked_claim", after={"email": claim.email})


def end(session: Session, claim: Claim, *, actor: str, reason: str = "") -> None:
    """End a claim. With the last proven one of its listing all that was said by it goes, and what is below shows again."""
    claim = locked(session, claim)
    others = [
        one
        for one in claims_of(session, claim.public_id)
        if one.is_proven and one.id != claim.id and one.initiative_id == claim.initiative_id
    ]
    session.delete(session.get_one(Membership, claim.id))
    session.flush()
    if claim.is_proven and not others:
        edits.drop_claim(
            session, public_id=claim.public_id, initiative_id=claim.initiative_id, actor=actor, action="end_claim", reason=reason
        )
    else:
        after = {"email": claim.email} | ({"reason": reason} if reason else {})
        _record(session, claim.public_id, actor, "leave_claim", after=after)


def claims_of(session: Session, public_id: str) -> list[Claim]:
    """The claims of a listing and of those that were joined with it, by open accounts, the first first."""
    return [claim for claim in all_claims_of(session, public_id) if not claim.is_closed]


def all_claims_of(session: Session, public_id: str) -> list[Claim]:
    """The same, also by accounts that were closed: what they wrote stands until their claims are ended."""
    return _claims(session, Membership.initiative_id.in_(_group_of(public_id)))


def own_claims(session: Session, user_id: int) -> list[Claim]:
    """The claims of a person, one for each listing that is shown: the proven one where there are several."""
    found: dict[str, Claim] = {}
    for claim in sorted(_claims(session, Membership.user_id == user_id), key=lambda one: (not one.is_proven, one.id)):
        found.setdefault(claim.public_id, claim)
    return list(found.values())


def own_claim(session: Session, user_id: int, public_id: str) -> Claim:
    """A person's claim of a listing, also by the id of one that was joined. Raises NotFound, whatever else there is."""
    own = own_claims(session, user_id)
    found = next((one for one in own if public_id in (one.public_id, one.own_public_id)), None)
    if found is None:
        raise NotFound(public_id)
    return found


def claim_by_id(session: Session, id: int) -> Claim:
    """One claim. Raises NotFound."""
    found = _claims(session, Membership.id == id)
    if not found:
        raise NotFound(str(id))
    return found[0]


def listings_of(session: Session, user_id: int) -> list[tuple[Claim, Listing]]:
    """A person's claims with the listings that are shown for them."""
    return [(claim, found) for claim in own_claims(session, user_id) if (found := listing_of(session, claim)) is not None]


def listing_of(session: Session, claim: Claim) -> Listing | None:
    """The listing of a claim; None where it was removed for good."""
    try:
        found = listing_queries.listing_for_desk(session, claim.public_id)
    except Suppressed:
        return None
    return found if isinstance(found, Listing) else None


def kept_since(session: Session, public_id: str) -> datetime | None:
    """Of a listing that its organisation keeps itself: when that was proven or last changed, in UTC; None of any other one."""
    of_group = _group_of(public_id)
    proven = select(func.min(SiteProof.proven_at)).join(Membership, Membership.id == SiteProof.membership_id)
    proven = proven.join(User, User.id == Membership.user_id)
    since = session.scalar(proven.where(Membership.initiative_id.in_(of_group), User.closed_at.is_(None)))
    if since is None:
        return None
    changed = select(func.max(Value.at)).where(Value.initiative_id.in_(of_group), Value.layer == CLAIM)
    return max(since, session.scalar(changed) or since)


def _group_of(public_id: str) -> Select[int]:
    """The row ids of a listing that is shown and of those that were joined with it."""
    member = aliased(Initiative)
    query = select(member.id).select_from(_head).join(member, groups.is_member_of(_head, member))
    return query.where(_head.public_id == public_id)


def _claims(session: Session, condition: ColumnElement[bool]) -> list[Claim]:
    query = select(Membership, User, Initiative.public_id.label("own"), _head.public_id.label("shown"))
    query = query.join(User, User.id == Membership.user_id).join(Initiative, Initiative.id == Membership.initiative_id)
    query = query.join(_head, _head.id == groups.head_id()).where(condition)
    rows = session.execute(query.order_by(Membership.id)).all()
    return [
        Claim(
            id=row.Membership.id, user_id=row.User.id, email=row.User.email, lang=row.User.lang,
            initiative_id=row.Membership.initiative_id, own_public_id=row.own, public_id=row.shown,
            edits_live=row.Membership.edits_live, is_closed=row.User.closed_at is not None,
            proofs=proofs.proofs_of(session, row.Membership.id), asked=_word_asked(session, row.Membership.id),
        )
        for row in rows
    ]  # fmt: skip


def _word_asked(session: Session, membership_id: int) -> WordAsked | None:
    is_asked = SiteProof.membership_id == membership_id, SiteProof.way == ProofWay.CURATOR, SiteProof.proven_at.is_(None)
    row = session.scalar(select(SiteProof).where(*is_asked))
    return WordAsked(row.asked_at, row.words or "", row.reason) if row is not None else None


def _checked(session: Session, token: Token, user_id: int | None) -> Listing:
    """The listing that is shown for the one that a link claims. Raises BadToken."""
    account = accounts.account_of(session, token.payload["email"])
    is_anothers = user_id is not None and (account is None or account.id != user_id)
    if is_anothers or (account is not None and account.closed_at is not None):
        raise BadToken(tokens.CLAIM)
    try:
        return claimable(session, token.payload["listing"])
    except (NotFound, Suppressed) as error:
        raise BadToken(tokens.CLAIM) from error


def claimable(session: Session, public_id: str) -> Listing:
    """The public listing of this id, or the one that it was joined with. Raises NotFound and Suppressed."""
    found = listing_queries.listing(session, public_id)
    if isinstance(found, listing_queries.Moved):
        found = listing_queries.listing(session, found.public_id)
    if not isinstance(found, Listing):
        raise NotFound(public_id)
    return found


def is_word_waiting() -> tuple[ColumnElement[bool], ...]:
    """Conditions on SiteProof: it is a claimant's question to the curators that none has answered."""
    is_asked = SiteProof.membership_id.is_not(None), SiteProof.way == ProofWay.CURATOR
    return *is_asked, SiteProof.proven_at.is_(None), SiteProof.looked_at.is_(None)


def _record(session: Session, public_id: str, actor: str, action: str, **change: Mapping[str, object]) -> None:
    record_event(session, actor=actor, action=action, object_type="initiative", object_id=public_id, **change)
