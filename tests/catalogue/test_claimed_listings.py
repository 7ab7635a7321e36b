"""Claims in the catalogue, on both databases: what waits and in which order, and what an import elsewhere makes of a claim."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk import queues
from platforma.catalogue.enums import ProofWay, Role
from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import form_texts
from platforma.catalogue.listings.layers import CLAIM, shown_value
from platforma.catalogue.listings.saves import Typed
from platforma.catalogue.models import ClaimChange, Initiative, Membership, SiteProof, Value
from platforma.catalogue.partners import claim_changes, claim_queue, claims
from platforma.catalogue.partners.claims import Claim
from platforma.catalogue.people import accounts, proofs
from platforma.catalogue.shapes import Composed
from platforma.secret_key import derived_secret, secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.directory import export, load

ANNA, BERTA = "anna@darzs.lv", "berta@cits.example"


def garden(catalogue: CatalogueFixture) -> str:
    """A published listing with a website, and its public id."""
    catalogue.propose()
    catalogue.crawl([record("1", "Dārzs", website="https://darzs.lv/", place="Ogre"), record("2", "Pagalms")])
    return catalogue.shown()["Dārzs"].public_id


def claimed(catalogue: CatalogueFixture, id: str, email: str = ANNA) -> Claim:
    """The claim that somebody makes by a mailed link."""
    key = secret_key(catalogue.settings)
    with catalogue.database.writing() as session:
        name = claims.issue_link(session, public_id=id, email=email, key=key)
    with catalogue.database.writing() as session:
        return claims.confirm(session, derived_secret(key, name), user_id=None, lang="lv").claim


def typed(catalogue: CatalogueFixture, id: str, **values: str) -> list[Typed]:
    """A form in which these fields were changed."""
    shown = composed(catalogue, id)
    marks = {name: form_texts.mark(name, form_texts.text_of(name, shown_value(shown, name, ""))) for name in values}
    return [Typed(name, "", text, marks[name]) for name, text in values.items()]


def composed(catalogue: CatalogueFixture, id: str) -> Composed:
    """What visitors see of a listing."""
    with catalogue.database.reading() as session:
        return session.scalars(select(Initiative.composed).where(Initiative.public_id == id)).one()


def test_words_and_changes_wait_together_by_age(catalogue: CatalogueFixture) -> None:
    id = garden(catalogue)
    berta, carl = claimed(catalogue, id, BERTA), claimed(catalogue, id, "carl@cits.example")
    with catalogue.database.writing() as session:
        claims.vouch(session, berta, actor="c", is_trusted=False)
        berta = claims.claim_by_id(session, berta.id)
        claim_changes.save(session, berta, typed(catalogue, id, place="Cēsis"))
        claims.ask_word(session, carl, "Esmu kase")
    now = utc_now()
    with catalogue.database.writing() as session:
        for row in session.scalars(select(SiteProof).where(SiteProof.membership_id == carl.id)):
            row.asked_at = now - timedelta(days=2)
        for change in session.scalars(select(ClaimChange)):
            change.sent_at = now - timedelta(days=1)
    with catalogue.database.reading() as session:
        found = claim_queue.waiting(session, limit=5, offset=0)
        assert [(one.what, one.by, one.listing.public_id) for one in found] == [
            ("word", "carl@cits.example", id), ("change", BERTA, id),
        ]  # fmt: skip
        assert [one.what for one in claim_queue.waiting(session, limit=1, offset=1)] == ["change"]
        assert queues.counted(session, queues.queue("claims")) == (2, found[0].since)
        listings, total = claim_queue.all_listings(session, limit=5, offset=0)
        assert ([one.public_id for one in listings], total) == ([id], 1)


def test_nothing_waits_once_it_is_decided(catalogue: CatalogueFixture) -> None:
    id = garden(catalogue)
    berta = claimed(catalogue, id, BERTA)
    with catalogue.database.writing() as session:
        claims.ask_word(session, berta, "")
        claims.vouch(session, claims.claim_by_id(session, berta.id), actor="c", is_trusted=False)
        berta = claims.claim_by_id(session, berta.id)
        claim_changes.save(session, berta, typed(catalogue, id, place="Cēsis"))
    with catalogue.database.writing() as session:
        change = claim_changes.waiting_change(session, berta.id)
        version = session.scalars(select(Initiative.version).where(Initiative.public_id == id)).one()
        assert change is not None
        claim_changes.accept(session, berta, change.id, actor="c", version=version)
    with catalogue.database.reading() as session:
        assert queues.counted(session, queues.queue("claims")) == (0, None)
        assert [proof.way for proof in proofs.proofs_of(session, berta.id)] == [ProofWay.CURATOR]
        assert claims.kept_since(session, id) is not None
    assert composed(catalogue, id)["fields"]["place"] == "Cēsis"


def test_a_claim_ends_without_a_trace_in_what_is_shown(catalogue: CatalogueFixture) -> None:
    id = garden(catalogue)
    before = json.dumps(composed(catalogue, id))
    anna = claimed(catalogue, id)
    assert anna.is_live
    with catalogue.database.writing() as session:
        claim_changes.save(session, anna, typed(catalogue, id, place="Cēsis", phone="+371 20000000"))
    catalogue.crawl([record("1", "Dārzs", website="https://darzs.lv/", place="Ogre"), record("2", "Pagalms")])
    assert composed(catalogue, id)["fields"]["place"] == "Cēsis"
    with catalogue.database.writing() as session:
        claims.end(session, anna, actor=ANNA)
    assert json.dumps(composed(catalogue, id)) == before
    with catalogue.database.reading() as session:
        assert session.scalars(select(Value).where(Value.layer == CLAIM)).all() == []
        assert session.scalars(select(SiteProof)).all() == [] and session.scalars(select(Membership)).all() == []


def test_an_import_elsewhere_has_the_words_and_no_claim(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    id = garden(catalogue)
    anna = claimed(catalogue, id)
    with catalogue.database.writing() as session:
        claim_changes.save(session, anna, typed(catalogue, id, place="Cēsis"))
    file = export(catalogue, tmp_path / "a.jsonl")
    copy = another()
    assert load(copy, file).problems == []
    shown = composed(copy, id)
    assert (shown["fields"]["place"], shown["origins"]["place"]) == ("Cēsis", "owner")
    with copy.database.reading() as session:
        assert claims.claims_of(session, id) == [] and claims.kept_since(session, id) is None
    assert load(catalogue, file).changed == 0
    with catalogue.database.writing() as session:
        claims.end(session, anna, actor=ANNA)
    assert composed(catalogue, id)["fields"]["place"] == "Ogre"


def test_an_account_that_is_there_keeps_its_role(catalogue: CatalogueFixture) -> None:
    id = garden(catalogue)
    with catalogue.database.writing() as session:
        accounts.add_user(session, email=ANNA, role=Role.CURATOR, actor="t")
    claimed(catalogue, id)
    with catalogue.database.reading() as session:
        known = accounts.account_of(session, ANNA)
        assert known is not None and known.role == Role.CURATOR


def test_nothing_is_done_by_a_claim_that_has_ended_meanwhile(catalogue: CatalogueFixture) -> None:
    id = garden(catalogue)
    before, anna = json.dumps(composed(catalogue, id)), claimed(catalogue, id)
    form = typed(catalogue, id, place="Cēsis")
    with catalogue.database.writing() as session:
        claims.end(session, anna, actor="c")
    steps: list[Callable[[Session], object]] = [
        lambda session: claim_changes.save(session, anna, form),
        lambda session: claims.ask_word(session, anna, ""),
        lambda session: claims.ask_look(session, anna),
        lambda session: claims.vouch(session, anna, actor="c", is_trusted=True),
        lambda session: claims.end(session, anna, actor=ANNA),
    ]
    for step in steps:
        with pytest.raises(NotFound), catalogue.database.writing() as session:
            step(session)
    assert json.dumps(composed(catalogue, id)) == before
