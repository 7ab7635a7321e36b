"""The desk shows what sources newly say beside a person's value, and does with it what the curator presses."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Initiative, JudgementVerdict
from tests.people.contested import act, bring, joined, page, queue_links, region, told
from tests.people.editing import Form, saved
from tests.people.site_fixture import SiteFixture


@pytest.mark.parametrize("action", ["keep", "keep_for_good", "take"])
def test_of_joined_listings_each_source_is_told_and_decided_on_its_own(site_on: SiteFixture, action: str) -> None:
    client, (id, _) = site_on.signed_in(), joined(site_on)
    assert act(client, id, "set", "Latgale") == 302
    assert told(page(client, id)) == []
    bring(site_on, "otra", region="Kurzeme")
    assert told(page(client, id)) == [("otra", "Kurzeme")]
    assert "/lv/desk/conflicts" in queue_links(client)
    assert f"/lv/desk/initiatives/{id}" in client.get("/lv/desk/conflicts").get_data(as_text=True)
    assert act(client, id, action, platform="otra") == 302
    assert (told(page(client, id)), region(client, id)) == ([], "Kurzeme" if action == "take" else "Latgale")
    assert "/lv/desk/conflicts" not in queue_links(client)
    assert f"/lv/desk/initiatives/{id}" not in client.get("/lv/desk/conflicts").get_data(as_text=True)
    bring(site_on, "otra", region="Zemgale")
    assert told(page(client, id)) == ([] if action == "keep_for_good" else [("otra", "Zemgale")])
    assert ("paturēta pavisam" in page(client, id)) == (action == "keep_for_good")
    assert act(client, id, "release") == 302
    assert (told(page(client, id)), region(client, id)) == ([], "Vidzeme")


def test_the_page_says_whose_a_value_is_and_since_when(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    assert "mūsu vērtība" not in page(client, id)
    act(client, id, "set", "Latgale")
    assert re.search(r"mūsu vērtība kopš 20\d\d\. gada \d\d?\. \w+, ievadīja [\w.]+@", page(client, id))
    assert re.search(r"ours since \d\d? \w+ 20\d\d, set by [\w.]+@", page(client, id, "en"))


def test_what_a_platform_does_not_say_is_not_taken_and_a_wrong_button_is_refused(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    act(client, id, "set", "Latgale")
    bring(site, "otra", region="Kurzeme")
    form = Form.open(client, id)
    pressed = form.button("take", "region", "otra")
    assert form.send(pressed.replace("otra", "nosuch")).status_code == 409
    bring(site, "otra", region="Zemgale")
    assert form.send(pressed).status_code == 409, "it says something else by now"
    assert form.send("nonsense").status_code == 400
    assert region(client, id) == "Latgale"


def test_a_form_that_is_sent_twice_is_taken_once(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    act(client, id, "set", "Latgale")
    bring(site, "pirma", region="Kurzeme")
    form = Form.open(client, id)
    assert [form.send(form.button("take", "region", "pirma")).status_code for _ in range(2)] == [302, 302]
    assert region(client, id) == "Kurzeme"


def test_a_list_of_ours_is_given_back_to_the_sources(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    assert saved(client, id, themes=["youth", "culture"]).status_code == 302
    assert Form.open(client, id).inputs["themes"] == ["youth", "culture"]
    assert act(client, id, "release", field="themes") == 302
    assert client.get(f"/api/v1/initiatives/{id}").get_json()["item"]["themes"] == []


def test_the_address_of_a_joined_listing_leads_to_the_one_that_stands_and_takes_no_change(site: SiteFixture) -> None:
    client, (id, gone) = site.signed_in(), joined(site)
    answer = client.get(f"/lv/desk/initiatives/{gone}")
    assert (answer.status_code, answer.location) == (302, f"/lv/desk/initiatives/{id}")
    forms = {"": {"do": "save", "seen-region": "", "region": "Latgale"}, "/state": {"decision": "publish"}}
    for address, form in (*forms.items(), ("/state", {"decision": "refuse", "reason": "Nav"})):
        answer = client.post(f"/lv/desk/initiatives/{gone}{address}", data=form | {"version": "1"})
        assert answer.status_code == 409
        assert "apvienot" in answer.get_data(as_text=True)
    with site.database.reading() as session:
        rows = {row.public_id: row for row in session.scalars(select(Initiative).where(Initiative.public_id.in_((id, gone))))}
        assert (rows[gone].state, rows[gone].merged_into_id) == ("merged", rows[id].id)


def test_of_joined_listings_each_value_says_where_it_is_from(site_on: SiteFixture) -> None:
    """On the page and in the interface: of each source, and of what was said of the listing that was joined."""
    client = site_on.signed_in()
    ids = bring(site_on, "pirma", place="Cēsis"), bring(site_on, "otra", region="Vidzeme", phone="+371 67000000")
    act(client, ids[1], "set", "https://pagalms.example/", field="website")
    with site_on.database.writing() as session:
        judgements.judge(session, *ids, JudgementVerdict.SAME, Word("c", utc_now()))
    item = client.get(f"/api/v1/initiatives/{ids[0]}").get_json()["item"]
    origins = {name: item["origins"][name] for name in ("title/lv", "place", "region", "phone", "website")}
    assert origins == {"title/lv": "pirma", "place": "pirma", "region": "otra", "phone": "otra", "website": "curator"}
    assert [source["platform"] for source in item["sources"]] == ["pirma", "otra"]
    whole = bring(site_on, "tresa")
    with site_on.database.writing() as session:
        judgements.judge(session, ids[1], whole, JudgementVerdict.PART_OF, Word("c", utc_now()))
    related = client.get(f"/api/v1/initiatives/{ids[0]}").get_json()["item"]["relations"]
    assert [one["id"] for one in related["part_of"]] == [whole]
    table = client.get(f"/lv/initiatives/{ids[0]}/", follow_redirects=True).get_data(as_text=True).split('class="origins"')[1]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in table.split("</table>")[0].split("<tr>")[2:]]
    assert [sum(word in row for row in rows) for word in ("Vieta", "Reģions", "redaktori")] == [1, 1, 1], rows
    assert "Vieta" in rows[0] and "pirma" in rows[0] and "Reģions" in rows[1] and "otra" in rows[1], rows


def test_a_curator_says_in_words_which_platform_speaks_before_others(site: SiteFixture) -> None:
    client, (id, _) = site.signed_in(), joined(site)
    assert region(client, id) == "Vidzeme"
    form = {"action": "rank", "rank": "before"}
    assert client.post("/lv/desk/sources/otra", data=form).status_code == 302
    assert region(client, id) == "Pierīga"
    assert '<option value="before" selected>' in client.get("/lv/desk/sources/otra").get_data(as_text=True)
    assert client.post("/lv/desk/sources/otra", data=form | {"rank": "first"}).status_code == 400
    assert client.post("/lv/desk/sources/nosuch", data=form).status_code == 404
