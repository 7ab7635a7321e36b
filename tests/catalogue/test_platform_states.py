"""What becomes of platforms, and of their listings with them: every state and action, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from crawlers.state import CrawlResult
from platforma.catalogue import audit, totals
from platforma.catalogue.database import Session
from platforma.catalogue.decisions import listings
from platforma.catalogue.desk import queues
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.ingest import crawl_end, crawl_queries, staging
from platforma.catalogue.listings import documents, edits, listing_queries, sitemap_queries
from platforma.catalogue.models import Crawl, CrawlState, Event, Initiative, Platform, PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

GRID = """
            propose   probation  trust    pause   refuse   leave  crawl      import
proposed    proposed  probation  trusted  !       refused  left   proposed   proposed
probation   probation !          trusted  paused  refused  left   probation  probation
trusted     trusted   probation  !        paused  refused  left   trusted    trusted
paused      paused    probation  trusted  !       refused  left   !          paused
refused     proposed  probation  trusted  !       !        left   !          !
left        proposed  probation  trusted  !       !        !      !          !
"""
"""What is to come of each action; ! is refused. To propose what is known already changes nothing, unless it was given up."""
HEAD, *ROWS = [line.split() for line in GRID.strip().splitlines()]
ACTIONS: dict[str, Callable[[Session, str], object]] = {
    "propose": lambda session, id: propose(session, id),
    "probation": lambda session, id: platform_states.approve_platform(session, platform_id=id, actor="c", trusted=False),
    "trust": lambda session, id: platform_states.approve_platform(session, platform_id=id, actor="c"),
    "pause": lambda session, id: platform_states.pause_platform(session, platform_id=id, actor="c"),
    "refuse": lambda session, id: platform_states.refuse_platform(session, platform_id=id, actor="c", reason="tests"),
    "leave": lambda session, id: platform_states.leave_platform(session, platform_id=id, actor="c"),
    "crawl": lambda session, id: platform_states.crawl_soon(session, platform_id=id),
}
WAY = {
    "proposed": (),
    "probation": ("probation",),
    "trusted": ("trust",),
    "paused": ("trust", "pause"),
    "refused": ("refuse",),
    "left": ("leave",),
}
SAULE = {"website": "https://saule.example/"}


def propose(session: Session, id: str) -> Platform:
    url = f"https://{id}.example/"
    recipe = {"platform": id, "title": id, "url": url}
    return platform_states.propose_platform(session, platform_states.Proposal(url=url, title=id, recipe=recipe), actor="t")


def act(catalogue: CatalogueFixture, *actions: str, platform_id: str = "p") -> None:
    for action in actions:
        with catalogue.database.writing() as session:
            ACTIONS[action](session, platform_id)


def state(catalogue: CatalogueFixture, platform_id: str = "p") -> str:
    with catalogue.database.reading() as session:
        return session.get_one(Platform, platform_id).state


def waiting(catalogue: CatalogueFixture, platform_id: str | None = None) -> list[str]:
    """Titles in the queue of new listings; with a platform, of all of its listings that wait."""
    with catalogue.database.reading() as session:
        listings = listing_queries.new_listings(session, limit=100, platform_id=platform_id)
        assert platform_id or queues.counted(session, queues.queue("new"))[0] == len(listings)
        return sorted(listing.title("lv").text for listing in listings)


def seen_by_all(catalogue: CatalogueFixture) -> set[str]:
    """Titles that are public, which feeds, sitemap, index and counts agree on; without those of platforms."""
    shown = catalogue.shown()
    with catalogue.database.reading() as session:
        indexed = {document.id for document in documents.all_documents(session)}
        mapped = {
            entry.public_id for part in sitemap_queries.parts(session) for entry in sitemap_queries.entries(session, part.number)
        }
        newest = {listing.public_id for listing in listing_queries.newest(session, 1000)}
        assert indexed == mapped == newest == {listing.public_id for listing in listing_queries.listings(session, sorted(newest))}
        assert totals.totals(session).initiatives == len(newest)
    return set(shown)


@pytest.mark.parametrize("action", HEAD)
def test_every_action_in_every_state(catalogue: CatalogueFixture, action: str) -> None:
    column = HEAD.index(action) + 1
    for row in ROWS:
        with catalogue.database.writing() as session:
            propose(session, row[0])
        act(catalogue, *WAY[row[0]], platform_id=row[0])
        assert state(catalogue, row[0]) == row[0]

        def step(id: str = row[0]) -> None:
            if action == "import":
                catalogue.load([record("1", f"Imports {id}")], id)
            else:
                act(catalogue, action, platform_id=id)

        if row[column] == "!":
            with pytest.raises(BadState, match=f"^{row[0]} "):
                step()
            assert state(catalogue, row[0]) == row[0]
        else:
            step()
            assert state(catalogue, row[0]) == row[column]


def test_a_refusal_needs_its_reason_and_a_platform_that_is_there(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    with pytest.raises(BadValue), catalogue.database.writing() as session:
        platform_states.refuse_platform(session, platform_id="p", actor="c", reason="  ")
    with pytest.raises(NotFound), catalogue.database.writing() as session:
        platform_states.leave_platform(session, platform_id="nobody", actor="c")
    assert state(catalogue) == "trusted"


@pytest.mark.parametrize("action", ["refuse", "leave"])
@pytest.mark.parametrize("first", [(), ("pause",), ("probation",)])
def test_a_platform_that_is_given_up_takes_its_listings_along_and_brings_them_back(
    catalogue: CatalogueFixture, action: str, first: tuple[str, ...]
) -> None:
    catalogue.propose("other")
    catalogue.crawl([record("1", "Cita")], "other")
    catalogue.propose()
    catalogue.crawl([record("1", "Viens"), record("2", "Divi"), record("3", "Trīs")])
    two = catalogue.shown()["Divi"].public_id
    with catalogue.database.writing() as session:
        edits.refuse(session, public_id=two, actor="c", reason="tests")
    assert seen_by_all(catalogue) == {"Cita", "Viens", "Trīs"}
    listing = catalogue.shown()["Viens"]
    act(catalogue, *first, action)
    assert seen_by_all(catalogue) == {"Cita"}
    assert waiting(catalogue) == []
    with catalogue.database.reading() as session:
        assert [card.id for card in platform_queries.public_platforms(session)] == ["other"]
        own = session.get_one(Platform, "p").initiative_id
        for public_id in (listing.public_id, session.get_one(Initiative, own).public_id):
            with pytest.raises(NotFound):
                listing_queries.listing(session, public_id)
    act(catalogue, "trust")
    assert seen_by_all(catalogue) == {"Cita", "Viens", "Trīs"}
    assert catalogue.shown()["Viens"].published_at == listing.published_at
    with catalogue.database.reading() as session:
        assert {card.id: card.initiatives for card in platform_queries.public_platforms(session)} == {"other": 1, "p": 2}
        assert session.scalar(select(Initiative.state).where(Initiative.public_id == two)) == "refused"


def test_a_listing_that_another_public_platform_has_too_stays_and_is_made_of_that_ones_words(catalogue: CatalogueFixture) -> None:
    for id in ("a", "b"):
        catalogue.propose(id)
    catalogue.crawl([record("1", "Saule", place="Ogre", **SAULE)], "a")
    catalogue.crawl([record("9", "Saule", email="info@saule.example", **SAULE)], "b")
    joined = catalogue.shown()["Saule"]
    assert (joined.get("place"), [source.platform_id for source in joined.sources]) == ("Ogre", ["a", "b"])
    act(catalogue, "refuse", platform_id="a")
    left = catalogue.shown()["Saule"]
    assert left.public_id == joined.public_id
    assert (left.get("place"), left.get("email")) == (None, "info@saule.example")
    assert [source.platform_id for source in left.sources] == ["b"]
    with catalogue.database.reading() as session:
        assert [source.platform_id for source in listing_queries.listings(session, [left.public_id])[0].sources] == ["b"]
        assert {card.id: card.initiatives for card in platform_queries.public_platforms(session)} == {"b": 1}
        assert [listing.public_id for listing in listing_queries.newest(session, 9, "b")] == [left.public_id]
    act(catalogue, "leave", platform_id="b")
    assert seen_by_all(catalogue) == set()
    act(catalogue, "trust", platform_id="b")
    act(catalogue, "trust", platform_id="a")
    assert catalogue.shown()["Saule"].get("place") == "Ogre"


def test_a_refused_platform_that_is_proposed_again_is_looked_at_again_with_its_history(catalogue: CatalogueFixture) -> None:
    catalogue.propose(approve=False)
    catalogue.crawl([record("1"), record("2")])
    assert (len(waiting(catalogue, "p")), waiting(catalogue)) == (2, [])
    act(catalogue, "refuse")
    assert waiting(catalogue, "p") == []
    with catalogue.database.writing() as session:
        session.get_one(Platform, "p").failures = 3
        recipe = {"platform": "p", "title": "p", "url": "https://p.example/"}
        platform_states.propose_platform(
            session,
            platform_states.Proposal(url="https://p.example/", title="p", recipe=recipe, contact_email="jauns@p.example"),
            actor="jauns@p.example",
        )
    with catalogue.database.reading() as session:
        platform = session.get_one(Platform, "p")
        assert (platform.state, platform.failures, platform.reason) == ("proposed", 0, None)
        assert platform.contact_email == "jauns@p.example"
        assert platform.next_crawl_at is not None
        assert [card.id for card in platform_queries.platforms_in(session, (PlatformState.PROPOSED,))] == ["p"]
        assert [event.action for event in audit.history(session, "platform", "p")] == ["propose", "refuse", "propose"]
    assert (len(waiting(catalogue, "p")), waiting(catalogue)) == (2, [])
    assert catalogue.crawl([record("1"), record("2")]).counts["unchanged"] == 2
    act(catalogue, "trust")
    assert len(seen_by_all(catalogue)) == 2


def test_a_listing_cannot_be_published_while_its_platform_is_refused(catalogue: CatalogueFixture) -> None:
    catalogue.propose(approve=False)
    catalogue.crawl([record("1", "Viens")])
    with catalogue.database.reading() as session:
        id = listing_queries.new_listings(session, limit=1, platform_id="p")[0].public_id
    act(catalogue, "refuse")
    with pytest.raises(BadState, match="approve the platform first"), catalogue.database.writing() as session:
        edits.publish(session, public_id=id, actor="c")
    assert seen_by_all(catalogue) == set()


def test_a_refused_platforms_held_crawl_is_thrown_away_and_a_running_one_is_not_taken_in(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    ten = [record(str(n)) for n in range(10)]
    catalogue.crawl(ten)
    assert catalogue.crawl(ten[:2]).state == CrawlState.HELD
    stored = staging.start_crawl(catalogue.database, "p")
    stored.stage(record("77", "Par vēlu"), None)
    act(catalogue, "refuse")
    ended = crawl_end.finish_crawl(catalogue.database, stored, CrawlResult(True, 1, 0), secret_key=secret_key(catalogue.settings))
    assert ended.state == CrawlState.DISCARDED
    with catalogue.database.reading() as session:
        assert crawl_queries.held_crawls(session) == []
        assert set(session.scalars(select(Crawl.state))) == {CrawlState.DONE, CrawlState.DISCARDED}
    assert (seen_by_all(catalogue), waiting(catalogue)) == (set(), [])
    act(catalogue, "trust")
    assert len(seen_by_all(catalogue)) == 10


def test_probation_holds_new_listings_and_keeps_known_ones_up_to_date(catalogue: CatalogueFixture) -> None:
    catalogue.propose(approve=False)
    catalogue.crawl([record("1", "Viens"), record("2", "Divi")])
    act(catalogue, "probation")
    assert (seen_by_all(catalogue), waiting(catalogue)) == (set(), ["Divi", "Viens"])
    with catalogue.database.writing() as session:
        listing = next(row for row in listing_queries.new_listings(session, limit=9) if row.title("lv").text == "Viens")
        edits.publish(session, public_id=listing.public_id, actor="c")
    catalogue.crawl([record("1", "Viens mainīts"), record("2", "Divi"), record("3", "Trīs")])
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Viens mainīts"}, ["Divi", "Trīs"])
    catalogue.load([record("4", "Četri")])
    assert waiting(catalogue) == ["Divi", "Trīs", "Četri"]
    act(catalogue, "trust")
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Viens mainīts", "Divi", "Trīs", "Četri"}, [])
    known = [record(*pair) for pair in (("1", "Viens mainīts"), ("2", "Divi"), ("3", "Trīs"), ("4", "Četri"))]
    catalogue.crawl([*known, record("5", "Pieci")])
    assert "Pieci" in seen_by_all(catalogue)


def test_a_trusted_platform_put_on_probation_keeps_what_is_public(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([record("1", "Viens")])
    act(catalogue, "probation")
    catalogue.crawl([record("1", "Viens"), record("2", "Divi")])
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Viens"}, ["Divi"])
    act(catalogue, "refuse", "probation")
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Viens"}, ["Divi"])


@pytest.mark.parametrize("way", [("refuse", "trust"), ("pause", "trust"), ("leave", "probation"), ("probation", "trust")])
def test_what_a_curator_took_off_the_site_waits_when_its_platform_is_approved_again(
    catalogue: CatalogueFixture, way: tuple[str, str]
) -> None:
    catalogue.propose()
    catalogue.crawl([record("1", "Viens"), record("2", "Divi"), record("3", "Trīs")])
    ids = {title: listing.public_id for title, listing in catalogue.shown().items()}
    for title in ("Viens", "Divi"):
        with catalogue.database.writing() as session:
            for verb in ("unpublish", "publish")[: 1 + (title == "Divi")]:
                listings.decide_on_page(session, public_id=ids[title], verb=verb, actor="c@sic.example", reason="", version=None)
    act(catalogue, *way)
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Divi", "Trīs"}, ["Viens"])


@pytest.mark.parametrize(("way", "is_public"), [(("trust", "pause"), True), (("trust", "probation", "pause"), False)])
def test_a_pause_keeps_whether_new_listings_are_public_at_once(
    catalogue: CatalogueFixture, way: tuple[str, ...], is_public: bool
) -> None:
    catalogue.propose(approve=False)
    act(catalogue, *way)
    catalogue.load([record("1", "Viens")])
    assert (seen_by_all(catalogue) == {"Viens"}, waiting(catalogue) == ["Viens"]) == (is_public, not is_public)
    act(catalogue, "trust")
    assert seen_by_all(catalogue) == {"Viens"}


def test_approving_joins_what_is_certainly_the_same_as_what_is_public_the_second_time_too(catalogue: CatalogueFixture) -> None:
    catalogue.propose("a")
    catalogue.crawl([record("1", "Saule", **SAULE)], "a")
    catalogue.propose("b", approve=False)
    catalogue.crawl([record("1", "Saule", **SAULE), record("2", "Mēness")], "b")
    assert len(waiting(catalogue, "b")) == 2
    act(catalogue, "trust", platform_id="b")
    listing = catalogue.shown()["Saule"]
    assert (seen_by_all(catalogue), waiting(catalogue)) == ({"Saule", "Mēness"}, [])
    assert [source.platform_id for source in listing.sources] == ["a", "b"]
    act(catalogue, "refuse", platform_id="b")
    assert [source.platform_id for source in catalogue.shown()["Saule"].sources] == ["a"]
    catalogue.crawl([record("1", "Saule", **SAULE), record("3", "Mēness", website="https://meness.example/")], "a")
    act(catalogue, "propose", platform_id="b")
    catalogue.crawl([record("1", "Saule", **SAULE), record("2", "Mēness", website="https://meness.example/")], "b")
    act(catalogue, "trust", platform_id="b")
    with catalogue.database.reading() as session:
        titles = [
            listing.title("lv").text for listing in listing_queries.newest(session, 99) if listing.get("kind") != "platform"
        ]
    assert sorted(titles) == ["Mēness", "Saule"]


def test_a_listing_that_is_published_by_hand_is_compared_too(catalogue: CatalogueFixture) -> None:
    catalogue.propose("a")
    catalogue.crawl([record("1", "Saule", **SAULE)], "a")
    catalogue.propose("b", approve=False)
    act(catalogue, "probation", platform_id="b")
    catalogue.crawl([record("1", "Saule", **SAULE)], "b")
    with catalogue.database.writing() as session:
        (row,) = listing_queries.new_listings(session, limit=9)
        edits.publish(session, public_id=row.public_id, actor="c")
    assert [source.platform_id for source in catalogue.shown()["Saule"].sources] == ["a", "b"]
    with catalogue.database.reading() as session:
        assert isinstance(listing_queries.listing(session, row.public_id), listing_queries.Moved)


def test_what_was_joined_while_two_were_proposed_goes_along_when_one_is_joined_further(catalogue: CatalogueFixture) -> None:
    for id in ("b", "c"):
        catalogue.propose(id, approve=False)
        catalogue.crawl([record("1", "Saule", **SAULE)], id)
    catalogue.propose("a")
    catalogue.crawl([record("1", "Saule", **SAULE)], "a")
    for id in ("b", "c"):
        act(catalogue, "trust", platform_id=id)
    (listing,) = catalogue.shown().values()
    assert sorted(source.platform_id for source in listing.sources) == ["a", "b", "c"]


def test_what_a_proposed_platform_says_is_not_public_where_it_waits_with_an_approved_ones(catalogue: CatalogueFixture) -> None:
    for id in ("a", "b"):
        catalogue.propose(id, approve=False)
    catalogue.crawl([record("1", "Saule", place="Ogre", **SAULE)], "a")
    catalogue.crawl([record("1", "Saule", **SAULE)], "b")
    act(catalogue, "trust", platform_id="b")
    listing = catalogue.shown()["Saule"]
    assert (listing.get("place"), [source.platform_id for source in listing.sources]) == (None, ["b"])
    act(catalogue, "trust", platform_id="a")
    assert catalogue.shown()["Saule"].get("place") == "Ogre"


def test_the_number_of_a_platform_counts_what_is_public_of_it_joined_or_not(catalogue: CatalogueFixture) -> None:
    for id in ("a", "b"):
        catalogue.propose(id)
    catalogue.crawl([record("1", "Saule", **SAULE)], "a")
    catalogue.crawl([record("1", "Saule", **SAULE), record("2"), record("3")], "b")
    with catalogue.database.writing() as session:
        refused = next(listing for listing in listing_queries.newest(session, 9, "b") if listing.sources[0].remote_id == "3")
        edits.refuse(session, public_id=refused.public_id, actor="c", reason="tests")
    with catalogue.database.reading() as session:
        assert {card.id: card.initiatives for card in platform_queries.public_platforms(session)} == {"a": 1, "b": 2}
        assert {listing.title("lv").text for listing in listing_queries.newest(session, 9, "b")} == {"Saule", "Nosaukums 2"}


def test_every_step_of_a_platform_is_in_its_history(catalogue: CatalogueFixture) -> None:
    catalogue.propose(approve=False)
    act(catalogue, "probation", "trust", "pause", "trust", "refuse", "propose", "leave")
    with catalogue.database.reading() as session:
        events = session.scalars(select(Event).where(Event.object_type == "platform").order_by(Event.id)).all()
    steps = [(event.action, (event.before or {}).get("state"), (event.after or {}).get("state")) for event in events[1:]]
    assert steps == [
        ("approve", "proposed", "probation"),
        ("approve", "probation", "trusted"),
        ("pause", "trusted", "paused"),
        ("approve", "paused", "trusted"),
        ("refuse", "trusted", "refused"),
        ("propose", "refused", "proposed"),
        ("leave", "proposed", "left"),
    ]
