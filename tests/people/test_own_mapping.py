"""A partner's mapping: what would change is shown before it counts, too much goes to the curators, and it can be taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.record import Record as CrawledRecord
from platforma.catalogue.models import Platform, PlatformState, Record
from platforma.catalogue.partners import own_mapping
from platforma.catalogue.platforms import platform_states, recipes
from platforma.worker.renormalising import renormalise
from tests.people.desk import Desk
from tests.people.members import ANNA, last_event, member, page_of

TOWNS = ("Cēsis", "Ogre", "Talsi", "Tukums", "Kandava", "Sabile")
FIELDS = ("Nosaukums", "Vieta", "Joma", "Piezīme")


def row(number: int, **more: str) -> RawRecord:
    """A row of the partner's table; every third has a note."""
    cells = {"Nosaukums": f"Ieraksts {number}", "Vieta": TOWNS[number % 6], "Joma": "rokdarbi"}
    cells |= {"Piezīme": "Brīvības iela 1"} if number % 3 == 0 else {}
    fields = {"title": cells["Nosaukums"], "place": cells["Vieta"], "themes": cells["Joma"]}
    return RawRecord(f"r{number:02}", f"https://v.example/{number}", fields, "lv", source=cells | more)


def crawl(desk: Desk, count: int = 12) -> None:
    raws = [row(number) for number in range(count)]
    made = (Normaliser(Recipe(platform="v")).record(raw) for raw in raws)
    desk.crawl([record for record in made if record], raws=raws)


def platform(desk: Desk) -> Platform:
    with desk.database.reading() as session:
        return session.get_one(Platform, "v")


def payload(desk: Desk, remote_id: str) -> CrawledRecord:
    with desk.database.reading() as session:
        return CrawledRecord.from_json(session.query(Record).filter_by(remote_id=remote_id).one().payload)


def form_of(desk: Desk, client: FlaskClient, **chosen: str) -> dict[str, str]:
    """What the page sends where these fields of the table are chosen for fields of ours."""
    text = desk.text(client, f"{page_of(desk)}mapping")
    names = dict(re.findall(r'name="name-(\d+)" value="([^"]*)"', text))
    form = {"seen": re.search(r'name="seen" value="(\d+)"', text)[1]}  # type: ignore[index]
    for number, name in names.items():
        selected = re.search(rf'<select id="field-{number}".*?</select>', text, re.S)[0]  # type: ignore[index]
        now = re.search(r'<option value="(\w*)" selected', selected)
        form |= {f"name-{number}": name, f"field-{number}": chosen.get(name, now[1] if now else "")}
    return form


def send(desk: Desk, client: FlaskClient, do: str, form: dict[str, str], status: int = 200) -> str:
    answer = client.post(f"{page_of(desk)}mapping", data=form | {"do": do})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_the_fields_of_the_source_stand_beside_ours_with_samples(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    assert f"{page_of(desk)}mapping" in desk.text(anna, page_of(desk))
    text = desk.text(anna, f"{page_of(desk)}mapping")
    assert re.findall(r'<label for="field-\d+">(.*?)</label>', text) == ["Nosaukums", "Joma", "Vieta", "Piezīme"]
    assert "In 12 of 12 entries: Cēsis · Ogre · Talsi" in text and "In 4 of 12 entries: Brīvības iela 1" in text
    assert "“rokdarbi”, a theme" in text and "What are they?" in text


def test_what_would_change_is_shown_first_in_the_partners_words(desk: Desk) -> None:
    crawl(desk)
    anna, version = member(desk), platform(desk).recipe_version
    form = form_of(desk, anna, Piezīme="address") | {"kind": "project", "said-0": "theme:rokdarbi", "word-0": "culture"}
    text = send(desk, anna, "compare", form)
    assert "12 entries would change" in text and "<dt>Address</dt>\n<dd>4</dd>" in text
    assert "Kind: <del>–</del> <ins>project</ins>" in text and "Themes: <del>–</del> <ins>culture</ins>" in text
    assert text.count("<p><strong>Ieraksts") == own_mapping.MAX_EXAMPLES
    assert platform(desk).recipe_version == version, "looking changes nothing"
    assert 'name="field-3" value="address"' in text and f'name="seen" value="{version}"' in text


@pytest.mark.parametrize("do", ["compare", "change", "use"])
def test_two_fields_for_one_of_ours_are_told_beside_what_was_chosen(desk: Desk, do: str) -> None:
    crawl(desk)
    anna = member(desk)
    text = send(desk, anna, do, form_of(desk, anna, Vieta="summary", Piezīme="summary"), 400)
    assert "“Vieta” and “Piezīme”. Choose one of them." in text and text.count('<option value="summary" selected') == 2
    assert "choices" not in platform(desk).recipe


def test_use_it_makes_the_choice_count_for_what_is_stored(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    form = form_of(desk, anna, Piezīme="address") | {"kind": "project", "said-0": "theme:rokdarbi", "word-0": "culture"}
    send(desk, anna, "use", form, 303)
    stored = platform(desk)
    assert stored.recipe["choices"] == {"Piezīme": "address"} and stored.recipe["defaults"] == {"kind": "project"}
    assert stored.is_mapping_due and last_event(desk) == (ANNA, "partner_mapping")
    renormalise(desk.services, "v")
    entry = payload(desk, "r03")
    assert (entry.address, entry.kind, entry.themes) == ("Brīvības iela 1", "project", ("culture",))
    assert form_of(desk, anna) == form_of(desk, anna, Piezīme="address"), "the page shows what is chosen"
    reports = re.search(r'href="(/en/reports/[^"]+/)"', desk.text(anna, page_of(desk)))
    assert reports and "by what was read before" in desk.text(desk.app.test_client(), reports[1])


def test_the_last_choice_can_be_taken_back(desk: Desk) -> None:
    crawl(desk)
    anna, page, former = member(desk), page_of(desk), platform(desk).recipe
    send(desk, anna, "use", form_of(desk, anna, Piezīme="summary") | {"kind": "project"}, 303)
    renormalise(desk.services, "v")
    assert payload(desk, "r03").summary == {"lv": "Brīvības iela 1"}
    assert "Take the last choice back" in desk.text(anna, f"{page}mapping")
    assert anna.post(f"{page}mapping/back").status_code == 303
    assert platform(desk).recipe == former and last_event(desk) == (ANNA, "partner_mapping_back")
    renormalise(desk.services, "v")
    assert (payload(desk, "r03").summary, payload(desk, "r03").kind) == ({}, None)
    assert "Take the last choice back" not in desk.text(anna, f"{page}mapping")
    assert anna.post(f"{page}mapping/back").status_code == 409


def test_what_others_saved_since_is_not_taken_back(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    send(desk, anna, "use", form_of(desk, anna, Piezīme="address"), 303)
    with desk.database.writing() as session:
        recipe, newest = platform(desk).recipe | {"interval": "weekly"}, recipes.newest_version(session, "v")
        recipes.save_live(session, platform_id="v", recipe=recipe, base_version=newest, actor="curator@sic.example")
    assert anna.post(f"{page_of(desk)}mapping/back").status_code == 409
    assert platform(desk).recipe["interval"] == "weekly"


def test_a_change_of_somebody_else_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    form = form_of(desk, anna, Piezīme="address")
    with desk.database.writing() as session:
        recipe, newest = platform(desk).recipe | {"interval": "weekly"}, recipes.newest_version(session, "v")
        recipes.save_live(session, platform_id="v", recipe=recipe, base_version=newest, actor="curator@sic.example")
    text = send(desk, anna, "use", form, 409)
    assert "was changed in the meantime" in text and '<option value="address" selected' in text
    assert "choices" not in platform(desk).recipe
    send(desk, anna, "use", form_of(desk, anna, Piezīme="address"), 303)
    assert platform(desk).recipe["choices"] == {"Piezīme": "address"} and platform(desk).recipe["interval"] == "weekly"


@pytest.mark.parametrize(
    ("chosen", "is_mass"),
    [
        ({"Vieta": "title", "Nosaukums": "summary"}, True),
        ({"Vieta": ""}, True),
        ({"Vieta": "region"}, True),
        ({"Piezīme": "title"}, False),
        ({"Piezīme": "summary"}, False),
    ],
)
def test_what_changes_most_titles_or_empties_a_field_is_for_a_curator(desk: Desk, chosen: dict[str, str], is_mass: bool) -> None:
    crawl(desk)
    anna, live = member(desk), platform(desk).recipe
    form = form_of(desk, anna, **chosen)
    text = send(desk, anna, "compare", form)
    assert ("a curator looks at it before it counts" in text, "Ask the curators" in text) == (is_mass, is_mass)
    send(desk, anna, "use", form, 303)
    assert (platform(desk).recipe == live, platform(desk).trial_version is not None) == (is_mass, is_mass)
    assert last_event(desk) == (ANNA, "partner_mapping_wish" if is_mass else "partner_mapping")


def test_of_a_proposal_of_which_nothing_is_public_all_counts_at_once(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    with desk.database.writing() as session:
        session.get_one(Platform, "v").state = PlatformState.PROPOSED
    form = form_of(desk, anna, Vieta="title", Nosaukums="summary")
    assert "a curator looks at it" not in send(desk, anna, "compare", form)
    send(desk, anna, "use", form, 303)
    assert (platform(desk).recipe["choices"], platform(desk).trial_version) == ({"Nosaukums": "summary", "Vieta": "title"}, None)


@pytest.mark.parametrize("is_paused", [True, False], ids=["paused", "imported"])
def test_what_would_need_a_crawl_that_is_not_made_is_for_curators_to_do(desk: Desk, is_paused: bool) -> None:
    crawl(desk)
    anna = member(desk)
    with desk.database.writing() as session:
        row = session.get_one(Platform, "v")
        if is_paused:
            row.state = PlatformState.PAUSED
        else:
            row.recipe = row.recipe | {"adapter": "file"}
    text = send(desk, anna, "use", form_of(desk, anna, Vieta=""), 409)
    assert "Write to the curators" in text and platform(desk).trial_version is None
    send(desk, anna, "use", form_of(desk, anna, Piezīme="address"), 303)
    assert platform(desk).recipe["choices"] == {"Piezīme": "address"}


def test_while_a_curator_has_to_decide_nothing_else_is_chosen(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    send(desk, anna, "use", form_of(desk, anna, Vieta=""), 303)
    text = send(desk, anna, "use", form_of(desk, anna, Piezīme="address"), 409)
    assert "waits for a curator" in text
    with desk.database.reading() as session:
        assert [one.state for one in recipes.versions(session, "v")] == ["draft", "live"], "the draft is not dropped"


def test_entries_that_would_lose_their_name_are_named(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    form = form_of(desk, anna, Nosaukums="summary", Piezīme="title")
    text = send(desk, anna, "compare", form)
    assert "would no longer be shown" in text and "<li>Ieraksts 1</li>" in text and "<li>Ieraksts 3</li>" not in text
    refused = send(desk, anna, "compare", form_of(desk, anna, Nosaukums=""), 400)
    assert "Then no entry would have a name" in refused


def test_of_many_entries_some_are_looked_at_and_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl(desk)
    monkeypatch.setattr(own_mapping, "MAX_READ", 6)
    monkeypatch.setattr(own_mapping, "MAX_COMPARED", 4)
    anna = member(desk)
    text = desk.text(anna, f"{page_of(desk)}mapping")
    assert "We looked at 6 of 12 entries" in text and "In 6 of 6 entries" in text
    assert "We looked at 4 of 12 entries" in send(desk, anna, "compare", form_of(desk, anna, Piezīme="address"))


def test_what_changes_nothing_says_so_and_offers_no_use(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    text = send(desk, anna, "compare", form_of(desk, anna))
    assert "Nothing: your entries stay as they are" in text and 'value="use"' not in text
    again = send(desk, anna, "change", form_of(desk, anna, Piezīme="address"))
    assert '<option value="address" selected' in again, "what was chosen stays"


def test_what_the_page_does_not_ask_about_stays(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    more: dict[str, Any] = {
        "defaults": {"country": "LV", "sectors": ["ngo", "public"], "themes": ["culture"]},
        "values": {"theme": {"rokdarbi": "culture", "cits": None}}, "choices": {"Lauks": "phone"},
    }  # fmt: skip
    with desk.database.writing() as session:
        recipe, newest = platform(desk).recipe | more, recipes.newest_version(session, "v")
        recipes.save_live(session, platform_id="v", recipe=recipe, base_version=newest, actor="curator@sic.example")
    form = form_of(desk, anna, Piezīme="address")
    send(desk, anna, "use", form, 303)
    after = platform(desk).recipe
    assert after["defaults"] == more["defaults"] and after["values"] == more["values"]
    assert after["choices"] == {"Lauks": "phone", "Piezīme": "address"}


def test_what_curators_named_counts_as_read(desk: Desk) -> None:
    crawl(desk)
    with desk.database.writing() as session:
        recipe, newest = platform(desk).recipe | {"fields": {"address": "Piezīme"}}, recipes.newest_version(session, "v")
        recipes.save_live(session, platform_id="v", recipe=recipe, base_version=newest, actor="curator@sic.example")
    anna = member(desk)
    assert form_of(desk, anna) == form_of(desk, anna, Piezīme="address")
    assert "Nothing: your entries stay" in send(desk, anna, "compare", form_of(desk, anna))


def test_nothing_read_yet_is_said(desk: Desk) -> None:
    text = desk.text(member(desk), f"{page_of(desk)}mapping")
    assert "Nothing was read yet" in text and "<select" not in text


def test_nothing_is_chosen_for_a_platform_that_was_refused(desk: Desk) -> None:
    crawl(desk)
    anna = member(desk)
    form = form_of(desk, anna, Piezīme="address")
    with desk.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="v", actor="t", reason="x")
    assert "/mapping" not in desk.text(anna, page_of(desk))
    send(desk, anna, "use", form, 409)
    assert anna.get(f"{page_of(desk)}mapping").status_code == 409
