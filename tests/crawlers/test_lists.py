"""What a list's links and an entry's page tell: patterns of addresses, summary and picture, names that are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawlers.adapters.html_list import raw_records
from crawlers.discovery.scoring import Candidate, rank
from crawlers.markup import Html
from crawlers.reading.blocks import find_blocks
from crawlers.reading.links import find_entries
from crawlers.recipe import Recipe
from crawlers.record import Record

URL = "https://a.example/members"
RECIPE = Recipe.for_address("https://a.example/")
NAMES = ("Good Bread", "Far Station", "Hill Garden", "Lake Workshop")


@pytest.mark.parametrize(
    "address",
    ["/members/{n}/{slug}", "/members/{slug}?utm_source=list&utm_medium=web", "/member.php?id={n}", "/members/{slug}?fbclid=x{n}",
     "/org/{n}-{slug}"],
)  # fmt: skip
def test_links_that_differ_in_numbers_and_tracking_are_one_list(address: str) -> None:
    items = "".join(
        f'<li><a href="{address.format(n=1000 + n * 7, slug=name.lower().replace(" ", "-"))}">{name}</a></li>'
        for n, name in enumerate(NAMES)
    )
    best = find_entries(Html(URL, f"<title>Members</title><main><ul class=list>{items}</ul></main>"))[0]
    assert best.count == len(NAMES)


def test_links_that_count_what_each_entry_has_are_not_taken_for_its_name() -> None:
    items = "".join(
        f'<div><h3><a href="/et/orgs/{n}">{name}</a></h3><p><a href="/data/?organization={n}">{n} andmehulgad</a></p></div>'
        for n, name in enumerate(NAMES)
    )
    best = find_entries(Html("https://a.example/orgs/", f"<title>Teabevaldajad</title><main>{items}</main>"))[0]
    assert best.path.endswith("h3 > a")


def test_one_name_of_its_own_beside_two_alike_is_a_list_and_beside_pages_of_the_site_is_none() -> None:
    alike = (record("Sunflower House"), record("Community Fridge"), replace(record("Community Fridge"), remote_id="2"))
    pages = (record("Sunflower House"), record("Contact"), record("About us"))
    assert rank([Candidate(RECIPE, alike, expected=3)])[0].score > 0
    assert rank([Candidate(RECIPE, pages, expected=3)])[0].score == 0


def test_pages_with_one_address_are_those_of_a_site_and_those_with_their_own_are_a_list() -> None:
    recipe = RECIPE.model_copy(update={"adapter": "sitemap"})
    pages = [replace(record(name), country=None, url=f"https://a.example/{name}", address="Liela iela 1, Ogre") for name in NAMES]
    own = [replace(page, address=f"Liela iela {number}, Ogre") for number, page in enumerate(pages)]
    assert rank([Candidate(recipe, tuple(pages), expected=4)])[0].score == 0
    assert rank([Candidate(recipe, tuple(own), expected=4)])[0].score > 0
    assert rank([Candidate(recipe, (*pages[:3], own[3]), expected=4)])[0].score > 0


@pytest.mark.parametrize("folder", ["artikler", "artiklid", "artikel", "artykuly", "straipsniai", "raksti", "articles"])
def test_articles_about_prototypes_stand_behind_the_prototypes(folder: str) -> None:
    lists = {path: [record(f"{path}/{name}") for name in NAMES[:count]] for path, count in ((folder, 4), ("prototype", 3))}
    bare = {path: tuple(replace(each, country=None) for each in records) for path, records in lists.items()}
    recipe = RECIPE.model_copy(update={"adapter": "html", "addresses": ("https://a.example/prototyper/",)})
    best = rank([Candidate(recipe, records, expected=len(records), called=("Prototyper",)) for records in bare.values()])[0]
    assert best.records == bare["prototype"]


def test_a_pages_own_summary_and_picture_are_taken() -> None:
    head = (
        '<title>Good Bread</title><meta name="description" content="We bake for the whole street.">'
        '<meta property="og:image" content="/bread.jpg">'
    )
    page = Html(URL + "/bread", f"<head>{head}</head><h1>Good Bread</h1><p>{'A long text about bread and neighbours. ' * 9}</p>")
    fields = next(iter(raw_records(page, RECIPE, list_url=page.url))).fields
    assert (fields["summary"], fields["image"]) == ("We bake for the whole street.", "https://a.example/bread.jpg")


def record(title: str) -> Record:
    return Record(remote_id=title, url=f"{URL}/{title}", title={"en": title}, description={"en": "A text."}, country="LV")


def test_a_list_of_countries_is_no_list_of_initiatives() -> None:
    def score(*names: str) -> float:
        return rank([Candidate(RECIPE, tuple(map(record, names)), (), len(names))])[0].score

    assert score(*NAMES) > 0.3
    assert score("Latvia", "Igaunija", "Lithuania", "Soome") == 0
    assert score("Home", "About us", "Kontakti", "Privacy policy") == 0


def test_a_list_that_holds_all_of_a_better_one_and_more_stands_before_it() -> None:
    def listed(*names: str, kind: str | None) -> Candidate:
        records = tuple(Record(name, title={"en": name}, country="LV", place="Cēsis", kind=kind) for name in names)
        return Candidate(RECIPE, records, (), 4)

    three, four = listed(*NAMES[:3], kind="project"), listed(*NAMES[:3], "Kamols", kind=None)
    other = listed(*NAMES[:2], "Kamols", "Spole", kind=None)
    assert [len(one.records) for one in rank([three, four])] == [4, 3]
    assert rank([three, other])[0].titles == three.titles
    poor = Candidate(RECIPE, tuple(Record(name, title={"en": name}) for name in (*NAMES[:3], "Kamols")), (), 4)
    assert rank([three, poor])[0].titles == three.titles


@pytest.mark.parametrize(
    "name",
    ["sc-bdVaJa", "BRcBO", "css-1x2y3z", "jss12", "Card_title__3xY2z", "svelte-1abcd", "jsx-12345", "e1abcd0", "kXyZqw", "framer-a1b2c3", "_2Hij5", "makeStyles-root-12",
     "styles_card__Ab1cD", "comp-k1abc9x", "_card_1a2b3_5", "card-module--title--3xyz"],
)  # fmt: skip
def test_classes_and_ids_that_a_build_makes_anew_are_in_no_selector(name: str) -> None:
    items = "".join(f'<li class="{name} member"><a href="/members/{n}">{title}</a></li>' for n, title in enumerate(NAMES))
    best = find_entries(Html(URL, f'<main><ul class="{name}" id="{name}">{items}</ul></main>'))[0]
    assert best.css == 'li.member > a[href*="members/"]'


@pytest.mark.parametrize(
    "name",
    [
        "card-body",
        "elementor-widget",
        "et_pb_text",
        "wp-block-group",
        "col-md-6",
        "card__title",
        "MuiCard-root",
        "grid__item",
        "b2b",
        "LatviaList",
        "eLearning",
        "e-con",
    ],
)
def test_classes_that_a_person_wrote_are_in_the_selector(name: str) -> None:
    items = "".join(f'<li class="{name}"><a href="/members/{n}">{title}</a></li>' for n, title in enumerate(NAMES))
    assert find_entries(Html(URL, f"<main><ul>{items}</ul></main>"))[0].css == f'li.{name} > a[href*="members/"]'


def test_a_heading_that_names_a_region_or_country_tells_where_the_blocks_below_it_are() -> None:
    groups = {
        "Harjumaa": ("Good Bread",),
        "Vidzeme": ("Far Station", "Hill Garden"),
        "Food": ("Lake Workshop",),
        "Poland": ("River House",),
    }
    body = "".join(
        f"<h3>{place}</h3>"
        + "".join(f"<div class=card><h4>{name}</h4><p>We repair what others throw away.</p></div>" for name in names)
        for place, names in groups.items()
    )
    recipe = Recipe.model_validate({"platform": "p", "url": URL, "adapter": "html", "html": {"blocks": "div.card"}})
    raws = {str(raw.fields["title"]): raw.fields for raw in raw_records(Html(URL, f"<main>{body}</main>"), recipe, list_url=URL)}
    assert {name: fields.get("region") for name, fields in raws.items() if fields.get("region")} == {
        "Good Bread": "Harjumaa", "Far Station": "Vidzeme", "Hill Garden": "Vidzeme",
    }  # fmt: skip
    assert {name: fields.get("country") for name, fields in raws.items() if fields.get("country")} == {"River House": "Poland"}


def test_groups_that_are_called_by_days_are_no_blocks() -> None:
    days = "".join(
        f"<section class=day><h2>{day}</h2><p>We repair what others throw away.</p></section>"
        for day in ("Mandag", "Tirsdag", "Onsdag")
    )
    assert find_blocks(Html(URL, f"<main>{days}</main>")) == []
