"""What whoever keeps a listing changes in it, and what becomes of that: at the desk, by crawls, joins, and when it is given back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files import exporting
from platforma.catalogue.listings import conflicts, judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.listings.versions import versions_of
from platforma.catalogue.models import Decision, Initiative, JudgementVerdict, PictureSource, Value
from platforma.catalogue.partners import claim_changes
from platforma.catalogue.people import accounts
from tests.people.claiming import (
    ANNA,
    BERTA,
    SITE,
    actions,
    by_word,
    claim_count,
    claim_of,
    claimed,
    composed,
    decide,
    garden,
    keepers,
    opened,
    saved,
)
from tests.people.desk import Desk, records
from tests.people.editing import Form
from tests.people.editing import saved as saved_by_curator
from tests.people.site_fixture import public_id


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def waiting(desk: Desk, id: str, email: str = BERTA) -> list[tuple[str, str]]:
    """The fields of the change that waits, as they were typed."""
    with desk.database.reading() as session:
        change = claim_changes.waiting_change(session, claim_of(desk, id, email).id)
        return [(field, text) for (field, _lang), text in change.values] if change else []


def change_of(desk: Desk, id: str) -> dict[str, str]:
    """What the desk's page of a listing sends with a decision about its change."""
    page = desk.text(desk.signed_in(), f"/en/desk/claims/{id}")
    part = page.split('name="change" value="')[1]
    return {"change": part.split('"')[0], "version": part.split('name="version" value="')[1].split('"')[0]}


def join(desk: Desk, one: str, other: str) -> str:
    """Join two listings; return the one that stands for both."""
    with desk.database.writing() as session:
        stands = judgements.would_stand(session, one, other)
        judgements.judge(session, one, other, JudgementVerdict.SAME, Word("curator@sic.example", utc_now()))
    return stands


def part(desk: Desk, one: str, other: str) -> None:
    with desk.database.writing() as session:
        judgements.part_listings(session, one, other, Word("curator@sic.example", utc_now()))


@pytest.mark.parametrize(("lang", "words"), [("lv", "Šo lapu uzturat paši"), ("en", "You keep this page yourself")])
def test_the_form_shows_what_stands_and_from_where(desk: Desk, lang: str, words: str) -> None:
    id = garden(desk, place="Ogre")
    form = opened(claimed(desk, id), id, lang)
    assert words in form.page and "Vietne" in form.page
    assert (form.inputs["title-lv"], form.inputs["title-en"], form.inputs["place"]) == (["Ieraksts 0"], [""], ["Ogre"])
    assert {"tags", "identifiers", "licence", "lat"}.isdisjoint(form.inputs), "these are not the organisation's to say"


def test_what_is_saved_is_public_at_once_in_both_languages(desk: Desk) -> None:
    id = garden(desk, place="Ogre")
    client = claimed(desk, id)
    saved(client, id, title_en="Garden <b>for all</b>", description_lv="Dārzs.\n\nVisiem.", place="Cēsis", themes=["education"])
    shown = composed(desk, id)
    assert shown["texts"]["title"] == {"lv": "Ieraksts 0", "en": "Garden <b>for all</b>"}
    assert (shown["fields"]["place"], shown["origins"]["place"], shown["origins"]["title/lv"]) == ("Cēsis", "owner", "v")
    page = desk.text(desk.app.test_client(), f"/en/initiatives/{id}/ieraksts-0")
    assert "Garden &lt;b&gt;for all&lt;/b&gt;" in page and "<b>for all" not in page and "the organisation itself" in page
    assert actions(desk, id)[-1] == "owner_edit"
    with desk.database.reading() as session:
        newest = versions_of(session, id)[0]
        assert (newest.actor, newest.action) == (ANNA, "owner_edit")
    assert "your own words since" in opened(client, id, "en").page


def test_a_bad_field_saves_nothing_and_what_was_typed_stays(desk: Desk) -> None:
    id = garden(desk)
    before = composed(desk, id)
    form = opened(claimed(desk, id), id, "en").type(place="Cēsis", email="info", website="javascript:alert(1)")
    answer = form.send()
    assert answer.status_code == 400 and composed(desk, id) == before
    again = Form.of(form.client, answer.get_data(as_text=True))
    assert (again.inputs["place"], again.inputs["email"]) == (["Cēsis"], ["info"]) and 'href="#email"' in again.page
    assert again.type(email="info@darzs.lv", website=SITE).send().status_code == 303
    assert composed(desk, id)["fields"]["place"] == "Cēsis"


def test_a_listing_keeps_a_title(desk: Desk) -> None:
    id = garden(desk)
    assert opened(claimed(desk, id), id).type(title_lv="").send().status_code == 400
    assert composed(desk, id)["texts"]["title"] == {"lv": "Ieraksts 0"}


def test_two_who_change_the_same_field_see_each_other(desk: Desk) -> None:
    id = garden(desk, place="Ogre")
    first = opened(claimed(desk, id), id).type(place="Cēsis")
    second = claimed(desk, id, "zane@darzs.lv")
    saved(second, id, place="Talsi")
    answer = first.send()
    assert answer.status_code == 409 and 'value="Cēsis"' in answer.get_data(as_text=True)
    assert composed(desk, id)["fields"]["place"] == "Talsi"


def test_what_a_curator_decided_stands_and_is_not_for_changing(desk: Desk) -> None:
    id = garden(desk, place="Ogre", country="LV", countries=("LV",))
    client = claimed(desk, id)
    saved(client, id, place="Cēsis")
    assert saved_by_curator(desk.signed_in(), id, place="Talsi", country="EE").status_code == 302
    assert composed(desk, id)["fields"]["place"] == "Talsi"
    form = opened(client, id, "en")
    assert {"place", "country", "countries"}.isdisjoint(form.inputs) and "Set by the curators" in form.page
    assert "curator@sic.example" not in form.page
    form.inputs |= {"seen-place": ["x"], "place": ["Liepāja"], "title-en": ["Garden"]}
    assert form.send().status_code in (400, 409)
    assert composed(desk, id)["fields"]["place"] == "Talsi" and "en" not in composed(desk, id)["texts"]["title"]


def test_a_field_that_is_not_the_organisations_is_left_alone(desk: Desk) -> None:
    id = garden(desk)
    form = opened(claimed(desk, id), id)
    form.inputs |= {"seen-licence": ["x"], "licence": ["CC0-1.0"], "seen-lat": ["x"], "lat": ["56"]}
    assert form.send().status_code == 303
    assert not {"licence", "lat"} & composed(desk, id)["fields"].keys()


def test_the_preview_stores_nothing_and_leads_back_to_the_form(desk: Desk) -> None:
    id = garden(desk)
    client, before = claimed(desk, id), composed(desk, id)
    answer = opened(client, id, "en").type(title_en="Garden", description_en="<i>For all</i>").send("preview")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "&lt;i&gt;For all&lt;/i&gt;" in page and composed(desk, id) == before
    back = Form.of(client, page).send("back")
    assert Form.of(client, back.get_data(as_text=True)).inputs["title-en"] == ["Garden"]
    assert Form.of(client, page).send("save").status_code == 303
    assert composed(desk, id)["texts"]["title"]["en"] == "Garden"


def test_an_image_is_only_fetched_by_the_worker_that_guards_addresses(desk: Desk) -> None:
    id = garden(desk)
    saved(claimed(desk, id), id, image="http://169.254.169.254/latest/meta-data.png")
    with desk.database.reading() as session:
        assert [row.url for row in session.scalars(select(PictureSource))] == ["http://169.254.169.254/latest/meta-data.png"]
    assert (
        "169.254" not in desk.text(desk.app.test_client(), f"/lv/initiatives/{id}/ieraksts-0").split("<dl")[0].split("<img")[-1]
    )


def test_changes_of_whom_only_a_curator_vouches_for_wait_for_the_desk(desk: Desk) -> None:
    id = garden(desk, place="Ogre")
    client, before = by_word(desk, id), composed(desk, id)
    assert "looked at by the curators before" in opened(client, id, "en").page
    saved(client, id, place="Cēsis", title_en="<b>Garden</b>")
    assert composed(desk, id) == before and waiting(desk, id) == [("title", "<b>Garden</b>"), ("place", "Cēsis")]
    saved(client, id, place="Talsi")
    assert ("place", "Talsi") in waiting(desk, id) and len(waiting(desk, id)) == 2
    assert "&lt;b&gt;Garden&lt;/b&gt;" in opened(client, id, "en").page
    desk.mails()
    assert "A change to look at" in desk.text(desk.signed_in(), "/en/desk/claims")
    assert decide(desk, id, BERTA, "accept", **change_of(desk, id)) == 302
    shown = composed(desk, id)
    assert (shown["fields"]["place"], shown["texts"]["title"]["en"]) == ("Talsi", "<b>Garden</b>")
    assert [to for to, _subject, _body in desk.mails()] == [BERTA] and waiting(desk, id) == []
    assert actions(desk, id)[-2:] == ["owner_edit", "accept_change"]


def test_a_refused_change_is_mailed_with_its_reason(desk: Desk) -> None:
    id = garden(desk)
    client, before = by_word(desk, id), composed(desk, id)
    saved(client, id, place="Cēsis")
    desk.mails()
    change = change_of(desk, id)
    assert decide(desk, id, BERTA, "refuse_change", **change) == 400
    assert decide(desk, id, BERTA, "refuse_change", reason="Tas nav tur", **change) == 302
    assert [(to, "Tas nav tur" in body) for to, _subject, body in desk.mails()] == [(BERTA, True)]
    assert composed(desk, id) == before and "Tas nav tur" in opened(client, id).page
    assert decide(desk, id, BERTA, "accept", **change) == 409, "it was refused"


def test_a_change_that_waits_can_be_taken_back(desk: Desk) -> None:
    id = garden(desk)
    client = by_word(desk, id)
    saved(client, id, place="Cēsis")
    change = change_of(desk, id)
    assert opened(client, id).send("withdraw").status_code == 303
    assert waiting(desk, id) == [] and decide(desk, id, BERTA, "accept", **change) == 409
    assert "place" not in composed(desk, id)["fields"]


def test_a_change_is_accepted_only_as_it_was_seen(desk: Desk) -> None:
    id = garden(desk)
    saved(by_word(desk, id), id, place="Cēsis")
    change = change_of(desk, id)
    saved_by_curator(desk.signed_in(), id, summary_lv="Jauns")
    assert decide(desk, id, BERTA, "accept", **change) == 409
    assert "place" not in composed(desk, id)["fields"]
    assert decide(desk, id, BERTA, "accept", **change_of(desk, id)) == 302


def test_a_bad_value_never_comes_to_the_desk(desk: Desk) -> None:
    id = garden(desk)
    assert opened(by_word(desk, id), id).type(email="info").send().status_code == 400
    assert waiting(desk, id) == []


@pytest.mark.parametrize("layer", ["none", "import"])
def test_giving_back_restores_what_was_there_byte_for_byte(desk: Desk, layer: str) -> None:
    id = garden(desk, place="Ogre", country="LV", countries=("LV", "EE"), themes=("youth",), description={"lv": "Dārzs"})
    if layer == "import":
        with desk.database.writing() as session:
            rows = [("place", "", "Talsi"), ("summary", "lv", "No citurienes"), ("themes", "", ["education"])]
            head = claimed_row(desk, id)
            session.add_all(
                Value(initiative_id=head, field=field, lang=lang, value=value, layer="owner", by="import")
                for field, lang, value in rows
            )
        saved_by_curator(desk.signed_in(), id, phone="+371 20000000")
    before = json.dumps(composed(desk, id))
    client = claimed(desk, id)
    saved(client, id, place="Cēsis", country="LT", themes=["science"], title_en="Garden", description_lv="", image=f"{SITE}a.png")
    assert json.dumps(composed(desk, id)) != before
    page = f"/en/partner/listings/{id}/release"
    assert "taken away" in desk.text(client, page) and keepers(desk, id) == [(ANNA, True)], "it asks first"
    assert client.post(page, data={"do": "release"}).status_code == 303
    assert json.dumps(composed(desk, id)) == before
    assert keepers(desk, id) == [] and client.get(f"/en/partner/listings/{id}/").status_code == 404
    assert actions(desk, id)[-1] == "end_claim"


def claimed_row(desk: Desk, id: str) -> int:
    """The row id of a listing."""
    with desk.database.reading() as session:
        return session.scalars(select(Initiative.id).where(Initiative.public_id == id)).one()


def test_what_was_written_stays_while_somebody_else_keeps_the_page(desk: Desk) -> None:
    id = garden(desk)
    before = json.dumps(composed(desk, id))
    first, second = claimed(desk, id), claimed(desk, id, "zane@darzs.lv")
    saved(first, id, place="Cēsis")
    assert "others keep the page as well" in desk.text(first, f"/en/partner/listings/{id}/release")
    first.post(f"/en/partner/listings/{id}/release", data={"do": "release"})
    assert composed(desk, id)["fields"]["place"] == "Cēsis" and actions(desk, id)[-1] == "leave_claim"
    second.post(f"/en/partner/listings/{id}/release", data={"do": "release"})
    assert json.dumps(composed(desk, id)) == before


def test_curators_end_a_claim_with_a_reason_that_is_mailed(desk: Desk) -> None:
    id = garden(desk)
    before = json.dumps(composed(desk, id))
    client = claimed(desk, id)
    saved(client, id, place="Cēsis")
    desk.mails()
    assert decide(desk, id, ANNA, "end", reason="Vietne pārdota") == 400, "it asks whether that is sure"
    assert decide(desk, id, ANNA, "end", sure="1") == 400, "it needs a reason"
    assert decide(desk, id, ANNA, "end", reason="Vietne pārdota", sure="1") == 302
    assert [(to, "Vietne pārdota" in body) for to, _subject, body in desk.mails()] == [(ANNA, True)]
    assert json.dumps(composed(desk, id)) == before
    assert client.get(f"/en/partner/listings/{id}/").status_code == 404


def test_a_second_night_changes_nothing_of_it(desk: Desk) -> None:
    id = garden(desk, place="Ogre")
    saved(claimed(desk, id), id, place="Cēsis", title_en="Garden")
    shown = json.dumps(composed(desk, id))
    desk.crawl(records(2, website=SITE, place="Ogre"))
    assert json.dumps(composed(desk, id)) == shown
    desk.crawl(records(2, website=SITE, place="Talsi", phone="+371 20000000"))
    after = composed(desk, id)
    assert (after["fields"]["place"], after["fields"]["phone"]) == ("Cēsis", "+371 20000000")
    with desk.database.reading() as session:
        assert conflicts.waiting(session, limit=1) == [], "nobody is asked what its organisation says"
    assert keepers(desk, id) == [(ANNA, True)]


@pytest.mark.parametrize("remote_id", ["r00", "r01"])
def test_a_claim_follows_a_join_and_goes_with_its_own_listing_when_parted(desk: Desk, remote_id: str) -> None:
    garden(desk)
    one, other = public_id(desk, "r00"), public_id(desk, "r01")
    own = public_id(desk, remote_id)
    client = claimed(desk, own)
    saved(client, own, place="Cēsis")
    head = join(desk, one, other)
    assert composed(desk, head)["fields"]["place"] == "Cēsis" and keepers(desk, head) == [(ANNA, True)]
    if head != own:
        assert client.get(f"/en/partner/listings/{own}/").headers["Location"].endswith(f"/en/partner/listings/{head}/")
    saved(client, head, phone="+371 20000000")
    assert composed(desk, head)["fields"]["phone"] == "+371 20000000"
    part(desk, one, other)
    rest = other if own == one else one
    assert keepers(desk, own) == [(ANNA, True)] and keepers(desk, rest) == []
    assert composed(desk, own)["fields"]["phone"] == "+371 20000000" and "phone" not in composed(desk, rest)["fields"]
    client.post(f"/en/partner/listings/{own}/release", data={"do": "release"})
    assert not {"place", "phone"} & composed(desk, own)["fields"].keys()


def test_giving_back_a_joined_listing_leaves_what_the_other_claim_said(desk: Desk) -> None:
    garden(desk)
    one, other = public_id(desk, "r00"), public_id(desk, "r01")
    people = {one: claimed(desk, one), other: claimed(desk, other, "zane@darzs.lv")}
    saved(people[one], one, place="Cēsis", phone="+371 20000001")
    saved(people[other], other, place="Talsi", phone="+371 20000002")
    head = join(desk, one, other)
    rest = other if head == one else one
    said = {one: "Cēsis", other: "Talsi"}
    assert composed(desk, head)["fields"]["place"] == said[head]
    people[head].post(f"/en/partner/listings/{head}/release", data={"do": "release"})
    assert composed(desk, head)["fields"]["place"] == said[rest]
    people[rest].post(f"/en/partner/listings/{head}/release", data={"do": "release"})
    assert not {"place", "phone"} & composed(desk, head)["fields"].keys() and claim_count(desk) == 0


def test_a_listing_that_curators_took_out_is_still_its_keepers(desk: Desk) -> None:
    id = garden(desk)
    client, curator = claimed(desk, id), desk.signed_in()
    form = Form.open(curator, id)
    version = form.page.split('name="version" value="')[1].split('"')[0]
    sent = {"decision": "refuse", "reason": "Nav par to", "version": version}
    assert curator.post(f"/lv/desk/initiatives/{id}/state", data=sent).status_code == 302
    assert "Visitors do not see it now" in opened(client, id, "en").page
    saved(client, id, place="Cēsis")
    assert desk.app.test_client().get(f"/lv/initiatives/{id}/ieraksts-0").status_code == 404


def test_a_removal_that_is_undone_leaves_the_claim_and_one_that_is_not_ends_it(desk: Desk) -> None:
    id = garden(desk)
    client, curator = claimed(desk, id), desk.signed_in()
    saved(client, id, place="Cēsis")
    address, sent = f"/lv/desk/initiatives/{id}/removal", {"reason": "lūdza", "sure": "1"}
    assert curator.post(address, data=sent).status_code == 302
    with desk.database.reading() as session:
        decision = session.scalars(select(Decision.id).order_by(Decision.id.desc())).first()
    assert curator.post(f"/lv/desk/decisions/{decision}/undo").status_code == 302
    assert keepers(desk, id) == [(ANNA, True)] and composed(desk, id)["fields"]["place"] == "Cēsis"
    assert curator.post(address, data=sent).status_code == 302
    desk.end_of_undoing()
    assert claim_count(desk) == 0 and client.get(f"/en/partner/listings/{id}/").status_code == 404


def test_what_was_claimed_goes_out_with_an_export_as_the_owners_word(desk: Desk, tmp_path: Path) -> None:
    id = garden(desk)
    saved(claimed(desk, id), id, place="Cēsis")
    with desk.database.reading() as session:
        exporting.export(session, tmp_path / "a.jsonl")
    line = next(one for one in map(json.loads, (tmp_path / "a.jsonl").read_text().splitlines()) if one["public_id"] == id)
    assert (line["edited"], line["place"]) == ({"place": "owner"}, "Cēsis") and ANNA not in json.dumps(line)


def test_a_closed_account_keeps_nothing_any_more(desk: Desk) -> None:
    id = garden(desk)
    saved(claimed(desk, id), id, place="Cēsis")
    with desk.database.writing() as session:
        known = accounts.account_of(session, ANNA)
        assert known
        accounts.close_account(session, user_id=known.id, actor="t")
    assert keepers(desk, id) == []
    assert "This account is closed" in desk.text(desk.signed_in(), f"/en/desk/claims/{id}")
    assert "Kept by the organisation itself" not in desk.text(desk.app.test_client(), f"/en/initiatives/{id}/ieraksts-0")


def test_curators_restore_a_version_over_what_a_claim_says(desk: Desk) -> None:
    id = garden(desk, place="Ogre")
    saved(claimed(desk, id), id, place="Cēsis")
    curator = desk.signed_in()
    page = desk.text(curator, f"/en/desk/initiatives/{id}/versions")
    assert "changed by the organisation itself" in page
    newest = page.split('name="newest" value="')[1].split('"')[0]
    answer = curator.post(f"/en/desk/initiatives/{id}/versions", data={"version": "0", "newest": newest})
    assert answer.status_code == 302 and composed(desk, id)["fields"]["place"] == "Ogre"
