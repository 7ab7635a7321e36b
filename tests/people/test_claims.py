"""Claiming a listing: the mailed link, and the proofs of whose organisation it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from crawlers.websites.proving import FILE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import ProofWay, Role
from platforma.catalogue.listings.removal import suppress
from platforma.catalogue.partners import claims
from platforma.catalogue.people import accounts, proofs
from platforma.services import Services
from platforma.worker.proof_looking import look_for_codes
from tests.crawlers.clocks import QuickClock
from tests.people.answering import answering
from tests.people.claiming import (
    ANNA,
    BERTA,
    actions,
    ask,
    claim_count,
    claim_of,
    claimed,
    decide,
    garden,
    keepers,
    link_for,
    opened,
    saved,
)
from tests.people.desk import Desk
from tests.people.members import account
from tests.people.site_fixture import public_id

FACEBOOK = "https://www.facebook.com/darzs"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a website, and what it answers by path; nothing at first."""
    with answering() as site:
        yield site


def look(desk: Desk) -> int:
    settings = desk.services.settings.model_copy(update={"crawl_private_hosts": True})
    return look_for_codes(Services.open(settings, desk.database), clock=QuickClock())


def suppressed(desk: Desk, id: str) -> None:
    with desk.database.writing() as session:
        suppress(session, public_id=id, actor="admin@sic.example", reason="lūdza", key=desk.services.secret_key)


@pytest.mark.parametrize(("lang", "words"), [("lv", "Uzturēt šo lapu pašiem"), ("en", "Keep this page yourself")])
def test_the_page_of_a_listing_leads_to_claiming_it(desk: Desk, lang: str, words: str) -> None:
    id = garden(desk)
    page = desk.app.test_client().get(f"/{lang}/initiatives/{id}/ieraksts-0").get_data(as_text=True)
    assert f"/{lang}/initiatives/{id}/claim" in page and words in page
    assert words in desk.text(desk.app.test_client(), f"/{lang}/initiatives/{id}/claim")


def test_a_link_claims_once_by_its_button(desk: Desk) -> None:
    id = garden(desk)
    link, client = link_for(desk, id, ANNA), desk.app.test_client()
    assert client.get(link).status_code == 200 and keepers(desk, id) == []
    assert client.post(link).status_code == 303 and keepers(desk, id) == [(ANNA, True)]
    assert (client.get(link).status_code, desk.app.test_client().post(link).status_code) == (410, 410)
    assert actions(desk, id)[-2:] == ["claim", "prove_claim"]


def test_a_link_works_for_three_days(desk: Desk) -> None:
    id = garden(desk)
    link = link_for(desk, id, ANNA)
    with time_machine.travel(utc_now() + timedelta(days=2, hours=23)):
        assert desk.app.test_client().get(link).status_code == 200
    with time_machine.travel(utc_now() + timedelta(days=3, minutes=1)):
        assert desk.app.test_client().post(link).status_code == 410
    assert keepers(desk, id) == []


def test_a_link_is_useless_to_another_account(desk: Desk) -> None:
    id = garden(desk)
    link, other = link_for(desk, id, ANNA), account(desk, BERTA)
    assert (other.get(link).status_code, other.post(link).status_code) == (410, 410)
    assert keepers(desk, id) == []


def test_a_closed_account_claims_nothing(desk: Desk) -> None:
    id = garden(desk)
    account(desk, ANNA)
    with desk.database.writing() as session:
        known = accounts.account_of(session, ANNA)
        assert known
        accounts.close_account(session, user_id=known.id, actor="t")
    link = link_for(desk, id, ANNA)
    assert desk.app.test_client().post(link).status_code == 410 and claim_count(desk) == 0


def test_the_links_of_other_mails_claim_nothing(desk: Desk) -> None:
    id = garden(desk)
    with desk.database.writing() as session:
        user = accounts.add_user(session, email=ANNA, role=Role.PARTNER, actor="t")
        secret = accounts.issue_sign_in(session, user_id=user.id)
    assert desk.app.test_client().post(f"/en/claim/{secret}").status_code == 410
    claim = link_for(desk, id, ANNA).removeprefix("/en/claim/")
    assert desk.app.test_client().post(f"/en/sign-in/{claim}").status_code == 410


def test_the_answer_does_not_tell_which_addresses_are_known(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, ANNA)
    answers = []
    for email in (ANNA, BERTA, "curator@sic.example"):
        answer = desk.app.test_client().post(f"/en/initiatives/{id}/claim", data={"email": email})
        answers.append((answer.status_code, answer.get_data(as_text=True).replace(email, "")))
        assert [to for to, _subject, _body in desk.mails()][-1] == email
    assert answers[0] == answers[1] == answers[2]


def test_an_account_that_was_there_is_not_signed_in_by_the_link(desk: Desk) -> None:
    id = garden(desk)
    account(desk, BERTA)
    link, client = link_for(desk, id, BERTA), desk.app.test_client()
    client.post(link)
    assert "/sign-in" in client.get("/en/partner/").headers["Location"]


def test_at_most_five_links_go_to_an_address_in_an_hour(desk: Desk) -> None:
    id = garden(desk)
    for _time in range(5):
        ask(desk, id, ANNA)
    ask(desk, id, ANNA, 429)
    assert len(desk.mails()) == 5


def test_what_is_no_address_is_refused_and_stays_in_the_field(desk: Desk) -> None:
    answer = desk.app.test_client().post(f"/en/initiatives/{garden(desk)}/claim", data={"email": "anna darzs"})
    assert answer.status_code == 400 and 'value="anna darzs"' in answer.get_data(as_text=True)


def test_a_suppressed_listing_cannot_be_claimed(desk: Desk) -> None:
    id = garden(desk)
    link = link_for(desk, id, ANNA)
    suppressed(desk, id)
    client = desk.app.test_client()
    assert client.get(f"/en/initiatives/{id}/claim").status_code == 410
    assert client.post(f"/en/initiatives/{id}/claim", data={"email": ANNA}).status_code == 410
    assert client.post(link).status_code == 410 and claim_count(desk) == 0


def test_a_refused_listing_cannot_be_claimed(desk: Desk) -> None:
    id = garden(desk)
    desk.signed_in().post(f"/en/desk/initiatives/{id}/state", data={"decision": "unpublish", "version": "0"})
    assert desk.app.test_client().get(f"/en/initiatives/{id}/claim").status_code in (200, 404)


def test_removing_a_listing_for_good_ends_its_claims(desk: Desk) -> None:
    id = garden(desk)
    client = claimed(desk, id, ANNA)
    suppressed(desk, id)
    assert claim_count(desk) == 0
    assert client.get(f"/en/partner/listings/{id}/").status_code == 404
    assert client.get("/en/partner/").status_code == 200


@pytest.mark.parametrize(
    ("email", "website", "is_proven"),
    [
        (ANNA, "https://www.darzs.lv/", True),
        (ANNA, "https://darzs.lv/par-mums", False),
        (BERTA, "https://darzs.lv/", False),
        ("anna@facebook.com", "https://www.facebook.com/", False),
        (ANNA, None, False),
    ],
)
def test_an_address_at_the_domain_of_the_website_proves_at_once(
    desk: Desk, email: str, website: str | None, is_proven: bool
) -> None:
    id = garden(desk, website=website)
    claimed(desk, id, email)
    assert keepers(desk, id) == [(email, is_proven)]


def test_an_unproven_claim_sees_and_changes_nothing(desk: Desk) -> None:
    id = garden(desk)
    saved(claimed(desk, id, ANNA), id, place="Ogre")
    client = claimed(desk, id, BERTA)
    page = f"/en/partner/listings/{id}/"
    assert client.get(page).headers["Location"] == f"{page}proof"
    assert ANNA not in desk.text(client, f"{page}proof")
    before = actions(desk, id)
    for do in ("save", "preview", "back", "withdraw"):
        assert client.post(page, data={"do": do, "seen-place": "x", "place": "Cēsis"}).status_code == 404
    assert actions(desk, id) == before


def test_there_is_no_such_page_for_others(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, ANNA)
    for role in (Role.PARTNER, Role.CURATOR, Role.ADMIN):
        other = account(desk, f"{role}@else.example", role)
        for path in ("", "proof", "release"):
            address = f"/en/partner/listings/{id}/{path}"
            assert (other.get(address).status_code, other.post(address, data={"do": "save"}).status_code) == (404, 404)
    visitor = desk.app.test_client()
    assert visitor.get(f"/en/partner/listings/{id}/").status_code == 302
    assert visitor.post(f"/en/partner/listings/{id}/release").status_code == 401
    assert keepers(desk, id) == [(ANNA, True)]


@pytest.mark.parametrize("place", [FILE, "/"])
def test_the_code_on_the_website_proves_it(desk: Desk, site: tuple[str, dict[str, str]], place: str) -> None:
    url, answers = site
    id = garden(desk, website=url)
    client, page = claimed(desk, id, BERTA), f"/en/partner/listings/{id}/proof"
    code = proofs.site_code(desk.services.secret_key, claim_of(desk, id, BERTA).code_name)
    assert code in desk.text(client, page)
    answers["/"] = "<title>Dārzs</title>"
    assert client.post(page, data={"do": "look"}).status_code == 303
    assert client.get(page).headers["Refresh"]
    assert look(desk) == 1 and keepers(desk, id) == [(BERTA, False)]
    assert "has the code" in desk.text(client, page)
    answers[place] = code if place == FILE else f'<meta name="platforma-platformam" content="{code}">'
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        assert client.post(page, data={"do": "look"}).status_code == 303
        look(desk)
    assert keepers(desk, id) == [(BERTA, True)]
    assert claim_of(desk, id, BERTA).is_live and opened(client, id)


def test_the_code_of_somebody_else_or_of_a_platform_proves_nothing(desk: Desk, site: tuple[str, dict[str, str]]) -> None:
    url, answers = site
    id = garden(desk, website=url)
    client = claimed(desk, id, BERTA)
    claimed(desk, id, "cits@else.example")
    key = desk.services.secret_key
    others = [claim_of(desk, id, "cits@else.example").code_name, id, claim_of(desk, id, BERTA).email]
    answers[FILE] = "\n".join(proofs.site_code(key, name) for name in others)
    client.post(f"/en/partner/listings/{id}/proof", data={"do": "look"})
    assert look(desk) == 1 and keepers(desk, id) == [(BERTA, False), ("cits@else.example", False)]


def test_a_page_at_a_provider_can_only_be_proven_by_the_curators(desk: Desk) -> None:
    id = garden(desk, website=FACEBOOK)
    client, page = claimed(desk, id, BERTA), f"/en/partner/listings/{id}/proof"
    text = desk.text(client, page)
    assert FILE not in text and 'value="look"' not in text and 'value="word"' in text
    assert client.post(page, data={"do": "look"}).status_code == 409


def test_a_website_that_a_claim_names_proves_no_other_claim(desk: Desk) -> None:
    id = garden(desk)
    saved(claimed(desk, id, ANNA), id, website="https://cits.example/")
    claimed(desk, id, BERTA)
    assert keepers(desk, id) == [(ANNA, True), (BERTA, False)]


def test_curators_give_their_word_and_changes_are_looked_at_first(desk: Desk) -> None:
    id = garden(desk)
    client = claimed(desk, id, BERTA)
    answer = client.post(f"/en/partner/listings/{id}/proof", data={"do": "word", "words": "Esmu <b>grāmat\x01vede</b>"})
    assert answer.status_code == 303
    curator = desk.signed_in()
    assert BERTA in desk.text(curator, "/en/desk/claims") and "/en/desk/claims" in desk.text(curator, "/en/desk/")
    assert "&lt;b&gt;grāmatvede" in desk.text(curator, f"/en/desk/claims/{id}")
    desk.mails()
    assert decide(desk, id, BERTA, "vouch") == 302
    ((to, subject, body),) = desk.mails()
    assert to == BERTA and "Ieraksts 0" in subject and f"/en/partner/listings/{id}/" in body
    claim = claim_of(desk, id, BERTA)
    assert [proof.way for proof in claim.proofs] == [ProofWay.CURATOR] and not claim.is_live
    assert BERTA not in desk.text(curator, "/en/desk/claims")
    assert "curator@sic.example" not in desk.text(client, f"/en/partner/listings/{id}/proof")


def test_curators_can_trust_whom_they_give_their_word(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, BERTA)
    assert decide(desk, id, BERTA, "trust") == 302
    assert claim_of(desk, id, BERTA).is_live
    assert decide(desk, id, BERTA, "checked") == 302
    assert not claim_of(desk, id, BERTA).is_live


def test_curators_refuse_their_word_with_a_reason_that_is_mailed(desk: Desk) -> None:
    id = garden(desk)
    client, page = claimed(desk, id, BERTA), f"/en/partner/listings/{id}/proof"
    assert decide(desk, id, BERTA, "refuse", reason="Kas Jūs esat?") == 409, "nobody asked"
    client.post(page, data={"do": "word"})
    assert client.post(page, data={"do": "word"}).status_code == 409, "asked already"
    assert decide(desk, id, BERTA, "refuse", reason=" ") == 400
    desk.mails()
    assert decide(desk, id, BERTA, "refuse", reason="Dārzs Jūs nepazīst") == 302
    assert [(to, "Dārzs Jūs nepazīst" in body) for to, _subject, body in desk.mails()] == [(BERTA, True)]
    assert "Dārzs Jūs nepazīst" in desk.text(client, page)
    assert client.post(page, data={"do": "word"}).status_code == 409
    assert keepers(desk, id) == [(BERTA, False)]


def test_too_many_words_to_the_curators_stay_in_the_field(desk: Desk) -> None:
    id = garden(desk)
    client, words = claimed(desk, id, BERTA), "vārds " * 200
    answer = client.post(f"/en/partner/listings/{id}/proof", data={"do": "word", "words": words})
    assert answer.status_code == 400 and words.strip() in answer.get_data(as_text=True)


def test_the_first_is_told_of_the_second_and_the_desk_sees_both(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, ANNA)
    claimed(desk, id, BERTA)
    desk.mails()
    decide(desk, id, BERTA, "vouch")
    told = {to: body for to, _subject, body in desk.mails()}
    assert set(told) == {ANNA, BERTA} and BERTA in told[ANNA]
    page = desk.text(desk.signed_in(), f"/en/desk/claims/{id}")
    assert ANNA in page and BERTA in page


def test_a_second_one_by_the_domain_is_told_to_the_first(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, ANNA)
    desk.mails()
    claimed(desk, id, "zane@darzs.lv")
    assert [to for to, _subject, body in desk.mails() if "zane@darzs.lv" in body] == [ANNA]


def test_readers_of_the_desk_see_no_addresses_and_no_buttons(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, BERTA)
    reader = desk.signed_in(Role.READER)
    page = desk.text(reader, f"/en/desk/claims/{id}")
    assert BERTA not in page and 'name="do"' not in page
    assert reader.post(f"/en/desk/claims/{id}", data={"do": "vouch", "claim": "1"}).status_code == 403


def test_a_claim_of_another_listing_is_not_decided_on_this_page(desk: Desk) -> None:
    id = garden(desk)
    claimed(desk, id, BERTA)
    sent = {"do": "vouch", "claim": str(claim_of(desk, id, BERTA).id)}
    assert desk.signed_in().post(f"/en/desk/claims/{public_id(desk, 'r01')}", data=sent).status_code == 404


def test_the_list_of_what_one_keeps_leads_to_each(desk: Desk) -> None:
    id = garden(desk)
    client = claimed(desk, id, ANNA)
    assert client.get("/en/partner/").headers["Location"].endswith(f"/en/partner/listings/{id}/")
    other = public_id(desk, "r01")
    claimed(desk, other, ANNA)
    page = desk.text(client, "/en/partner/")
    assert f"/en/partner/listings/{id}/" in page and f"/en/partner/listings/{other}/" in page


def test_visitors_see_that_the_organisation_keeps_it_once_that_is_proven(desk: Desk) -> None:
    id, visitor = garden(desk), desk.app.test_client()
    claimed(desk, id, BERTA)
    page = f"/en/initiatives/{id}/ieraksts-0"
    assert "Kept by the organisation itself" not in desk.text(visitor, page)
    decide(desk, id, BERTA, "vouch")
    assert "Kept by the organisation itself" in desk.text(visitor, page)
    assert BERTA not in desk.text(visitor, page)
    with desk.database.reading() as session:
        assert claims.kept_since(session, public_id(desk, "r01")) is None
