"""Tables: sent, corrected, proposed and uploaded again, by whoever keeps them; nothing of them is half-imported or public."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crawlers.owner_tables.columns import field_named
from crawlers.record import Record as CrawledRecord
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import edits
from platforma.catalogue.models import (
    Crawl,
    Event,
    Initiative,
    Membership,
    PartnerTable,
    Platform,
    Record,
    RecordState,
    StagedRecord,
)
from platforma.catalogue.people import rate_limits
from platforma.catalogue.people.rate_limits import RateLimit
from platforma.catalogue.platforms import platform_states
from platforma.i18n import force_locale
from platforma.web.public.tables.headings import heading, template_fields
from platforma.worker.maintenance import run_maintenance
from tests.people.members import account, last_event, member, page_of
from tests.people.owner_table import HEADINGS, Row, as_csv, as_xlsx, bad_rows, good_row, good_rows, letters, name
from tests.people.site_fixture import SiteFixture

EMAIL = "info@darbnicas.example"
TITLE = "Darbnīcu saraksts"


def send(client: FlaskClient, body: bytes, file_name: str = "saraksts.csv", path: str = "/en/register/table") -> TestResponse:
    """Upload a file."""
    return client.post(path, data={"file": (io.BytesIO(body), file_name)}, content_type="multipart/form-data")


def sent(site: SiteFixture, body: bytes, name: str = "saraksts.csv") -> str:
    """The path of the page of a table that was sent."""
    answer = send(site.app.test_client(), body, name)
    assert answer.status_code == 303
    return str(answer.location)


def page(site: SiteFixture, path: str, client: FlaskClient | None = None) -> str:
    answer = (client or site.app.test_client()).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def said_wrong(text: str) -> list[str]:
    """What stands beside fields as wrong."""
    return re.findall(r'<p class="error"[^>]*>([^<]*)', text)


def propose(site: SiteFixture, body: bytes, name: str = "saraksts.csv", **form: str) -> Platform:
    """Send a table, propose it, and open the mailed link."""
    client, path = site.app.test_client(), sent(site, body, name)
    data = {"do": "send", "title": TITLE, "url": "", "email": EMAIL} | form
    assert client.post(path, data=data).status_code == 200
    assert client.post(site.link()).status_code == 200
    return platform(site)


def platform(site: SiteFixture, title: str = TITLE) -> Platform:
    with site.database.reading() as session:
        return session.scalars(select(Platform).where(Platform.title == title)).one()


def approve(site: SiteFixture, platform_id: str, *, trusted: bool = True) -> None:
    with site.database.writing() as session:
        platform_states.approve_platform(session, platform_id=platform_id, actor="test", trusted=trusted)


def states(site: SiteFixture, platform_id: str) -> dict[str, tuple[str, str]]:
    """The state of each record of a platform, and of its listing, by remote id."""
    with site.database.reading() as session:
        rows = session.scalars(select(Record).where(Record.platform_id == platform_id))
        return {row.remote_id: (str(row.state), str(row.initiative.state)) for row in rows}


def number_of(site: SiteFixture, table: type) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def upload(site: SiteFixture, client: FlaskClient, body: bytes, platform_id: str, name: str = "saraksts.csv") -> tuple[str, str]:
    """Upload the table of a platform again: the path of its page, and the page."""
    answer = send(client, body, name, f"{page_of(site, platform_id)}table")
    assert answer.status_code == 303
    return str(answer.location), page(site, str(answer.location), client)


def take(client: FlaskClient, path: str, text: str, **form: str) -> TestResponse:
    """Take a table in as its page showed it."""
    asked = re.search(r'name="asked" value="(\w+)"', text)
    assert asked
    return client.post(path, data={"do": "take", "asked": asked[1]} | form)


def counts(text: str) -> dict[str, str]:
    """The numbers at the top of what would change."""
    return dict(re.findall(r"<dt>([^<]*)</dt>\s*<dd>(\d*)</dd>", text))


def last_counts(site: SiteFixture, platform_id: str) -> dict[str, int]:
    with site.database.reading() as session:
        query = select(Crawl.counts).where(Crawl.platform_id == platform_id).order_by(Crawl.id.desc()).limit(1)
        return dict(session.scalars(query).one())


def test_a_table_of_a_thousand_rows_is_corrected_proposed_and_then_changes_nothing(site_on: SiteFixture) -> None:
    rows, faults = bad_rows()
    path = sent(site_on, as_xlsx(rows), "saraksts.xlsx")
    text = page(site_on, path)
    assert len(faults) == 40 and ">40 cells must be corrected</h2>" in text and 'name="email"' not in text
    refused = site_on.app.test_client().post(path, data={"do": "send", "title": TITLE, "email": EMAIL})
    assert refused.status_code == 303 and number_of(site_on, PartnerTable) == 1

    own = propose(site_on, as_xlsx(good_rows()), "saraksts.xlsx")
    assert own.state == "proposed" and len(states(site_on, own.id)) == 1000
    assert set(states(site_on, own.id).values()) == {("seen", "new")}
    client = member(site_on, EMAIL, own.id)
    _path, text = upload(site_on, client, as_csv(good_rows()), own.id)
    assert "Nothing has changed" in text and "Import the table" not in text

    path, text = upload(site_on, client, as_csv(good_rows()[:-3]), own.id)
    assert counts(text) == {"new": "0", "changed": "0", "unchanged": "997", "not in the table any more": "3"}
    assert take(client, path, text, gone="keep").status_code == 303
    assert {state for state, _ in states(site_on, own.id).values()} == {"seen"}
    path, text = upload(site_on, client, as_csv(good_rows()[:-3]), own.id)
    assert take(client, path, text, gone="out").status_code == 303
    gone = [id for id, (state, _) in states(site_on, own.id).items() if state == RecordState.GONE]
    assert sorted(gone) == ["T-1000", "T-998", "T-999"]


def test_every_bad_cell_stands_on_the_pages_with_row_column_and_reason(site: SiteFixture) -> None:
    rows, faults = bad_rows()
    path = sent(site, as_csv(rows))
    first = page(site, path)
    assert ">40 cells must be corrected</h2>" in first
    places = re.findall(r'<p class="quiet">Row (\d+), column (\w+) · ([^<]*)</p>', first)
    assert places == [(str(row), letters(heading), heading) for row, heading, *_ in faults]
    assert "<p>“Leiputrija”</p>" in first and "There is no such country." in first
    assert "Write the name of one country" in first and "2 cells" in first


def test_the_copy_has_just_the_bad_cells_marked_and_nothing_in_it_is_a_formula(site: SiteFixture) -> None:
    rows, faults = bad_rows()
    rows[500] |= {"Piezīmes mums": '=HYPERLINK("http://evil.example")', "Vieta": "@SUM(A1)"}
    path = sent(site, as_csv(rows))
    answer = site.app.test_client().get(f"{path}/copy.xlsx")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
    marked = marks(answer.data)
    assert [place for place, _ in marked] == [f"{letters(heading)}{row}" for row, heading, *_ in faults]
    assert all(note for _, note in marked) and b"<f>" not in whole(answer.data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet[0] == list(HEADINGS) and str(sheet[501][HEADINGS.index("Piezīmes mums")]).startswith("=HYPERLINK")
    listed = book.get_sheet_by_index(1).to_python()
    assert book.sheet_names[1] == "What to correct" and len(listed) == 41
    assert listed[1][1:4] == [str(faults[0][0]), letters(faults[0][1]), faults[0][1]]


def whole(body: bytes) -> bytes:
    """All parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def marks(body: bytes) -> list[tuple[str, str]]:
    """The places of the cells of the first sheet that have both a colour and a note, in the order of rows, with the note."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        notes = archive.read("xl/comments1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    coloured = {
        str(number)
        for number, style in enumerate(re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
        if 'applyFill="1"' in style
    }
    filled = {place for place, style in re.findall(r'<c r="(\w+)" s="(\d+)"', sheet) if style in coloured}
    texts = [
        (place, "".join(re.findall(r"<t[^>]*>([^<]*)", body)))
        for place, body in re.findall(r'ref="(\w+)"(.*?)</comment>', notes, re.S)
    ]
    assert filled == {place for place, _ in texts}
    return sorted(texts, key=lambda one: int(re.sub(r"\D", "", one[0])))


def test_a_corrected_copy_can_be_sent_again(site: SiteFixture) -> None:
    path = sent(site, as_csv([good_row(1), good_row(2) | {"Vieta": "#N/A"}]))
    body = site.app.test_client().get(f"{path}/copy.xlsx").data
    again = page(site, sent(site, body, "labots.xlsx"))
    assert "1 cell must be corrected" in again and "Row 3, column I · Vieta" in again


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_is_understood_and_its_example_makes_no_listing(site: SiteFixture, lang: str, form: str) -> None:
    client = site.app.test_client()
    body = client.get(f"/{lang}/register/table/template.{form}").data
    answer = send(client, body, f"t.{form}")
    assert answer.status_code == 400
    assert said_wrong(answer.get_data(as_text=True)) == [
        "Only the example of the template is in this table; write your own entries below it"
    ]
    with site.app.test_request_context(f"/{lang}/"), force_locale(lang, site.services.settings.translations_dir):
        assert [field_named(heading(field)) for field in template_fields()] == template_fields()


def test_own_rows_below_the_example_are_taken_and_the_example_is_told(site: SiteFixture) -> None:
    client = site.app.test_client()
    body = client.get("/lv/register/table/template.csv").data + "T-1;Kopā;;;;;;;Latvija\n".encode()
    text = page(site, sent(site, body))
    assert "1 entry" in text and ">Kopā</a>" in text and "example of the template" in text


def test_nothing_sent_and_what_is_no_table_are_told_and_pasted_cells_stay(site: SiteFixture) -> None:
    client = site.app.test_client()
    answer = client.post("/en/register/table", data={"pasted": ""})
    assert answer.status_code == 400 and said_wrong(answer.text) == ["Choose a file, or paste the cells of your table"]
    answer = send(client, b"%PDF-1.7\x00", "a.pdf")
    assert answer.status_code == 400 and said_wrong(answer.text)[0].startswith("This file is no table")
    answer = client.post("/en/register/table", data={"pasted": "Nosaukums\tValsts\n"})
    assert answer.status_code == 400 and "Nosaukums\tValsts" in answer.text
    assert number_of(site, PartnerTable) == 0


def test_a_column_is_chosen_by_hand_and_the_choice_is_kept_for_the_next_upload(site: SiteFixture) -> None:
    client = site.app.test_client()
    body = "Kā sauc;Kur;Cits\nKopā;Rīga;x\n".encode()
    path = sent(site, body)
    assert "Which column holds the names?" in page(site, path)
    chosen = {"do": "columns", "column-0": "title", "column-1": "place", "column-2": ""}
    assert client.post(path, data=chosen).status_code == 303
    text = page(site, path)
    assert ">Kopā</a>" in text and "Left out: Cits" in text
    client.post(path, data={"do": "send", "title": TITLE, "url": "", "email": EMAIL})
    assert client.post(site.link()).status_code == 200
    own = platform(site)
    assert own.recipe["fields"] == {"title": "Kā sauc", "place": "Kur"}
    _path, text = upload(site, member(site, EMAIL, own.id), body, own.id)
    assert "Nothing has changed" in text


def test_what_is_chosen_for_all_holds_for_the_records_and_for_the_next_upload(site: SiteFixture) -> None:
    body = "Nosaukums;Vieta;Jomas\nKopā;Cēsis;zaļās lietas\nBite;Rīga;vide\n".encode()
    asked = page(site, sent(site, body))
    assert 'name="said-0" value="theme:zaļās lietas"' in asked and 'name="word-0"' in asked
    own = propose(
        site, body, kind="organisation", sector="ngo", country="LV", **{"said-0": "theme:zaļās lietas", "word-0": "environment"}
    )
    with site.database.reading() as session:
        payloads = [row.payload for row in session.scalars(select(Record).where(Record.platform_id == own.id))]
    assert {(one["kind"], tuple(one["sectors"]), one["country"], tuple(one["themes"])) for one in payloads} == {
        ("organisation", ("ngo",), "LV", ("environment",))
    }
    assert all(one["lat"] for one in payloads), "the country says which town is meant"
    _path, text = upload(site, member(site, EMAIL, own.id), body, own.id)
    assert "Nothing has changed" in text


def test_who_confirms_is_a_member_and_curators_are_told_and_nothing_is_public(site: SiteFixture) -> None:
    site.signed_in()
    own = propose(site, as_csv([good_row(1)]), url="https://darbnicas.example")
    assert own.url == "https://darbnicas.example" and own.contact_email == EMAIL and own.next_crawl_at is None
    assert own.recipe["adapter"] == "file"
    with site.database.reading() as session:
        assert session.scalars(select(Membership.platform_id)).all() == [own.id]
        actions = session.scalars(select(Event.action).where(Event.object_id == own.id).order_by(Event.id)).all()
    assert actions == ["propose", "become_member", "import"]
    assert name(1) not in page(site, "/en/search?q=darbnica")
    text = page(site, page_of(site, own.id), member(site, EMAIL, own.id))
    assert "Upload the table again" in text and "Read it now" not in text


def test_the_link_works_once_and_a_table_is_proposed_once(site: SiteFixture) -> None:
    client, path = site.app.test_client(), sent(site, as_csv([good_row(1)]))
    data = {"do": "send", "title": TITLE, "url": "", "email": EMAIL}
    client.post(path, data=data)
    first = site.link()
    client.post(path, data=data | {"email": "cits@darbnicas.example"})
    second = site.link()
    assert first != second and client.post(first).status_code == 200
    assert client.post(first).status_code == 410, "used"
    assert client.post(second).status_code == 409 and number_of(site, Membership) == 1
    assert client.post(path, data=data).status_code == 409, "nothing more is mailed"


def test_links_and_tables_expire_and_are_forgotten(site: SiteFixture) -> None:
    client, path = site.app.test_client(), sent(site, as_csv([good_row(1)]))
    client.post(path, data={"do": "send", "title": TITLE, "url": "", "email": EMAIL})
    link = site.link()
    with time_machine.travel(utc_now() + timedelta(days=3, minutes=1), tick=False):
        assert client.get(path).status_code == 410 and client.get(f"{path}/copy.xlsx").status_code == 410
        assert client.get(link).status_code == 410
    with time_machine.travel(utc_now() + timedelta(days=10, minutes=1), tick=False):
        run_maintenance(site.services)
        assert number_of(site, PartnerTable) == 0


def test_an_address_that_is_known_is_not_proposed_twice(site: SiteFixture) -> None:
    own = propose(site, as_csv([good_row(1)]), url="https://darbnicas.example")
    client, path = site.app.test_client(), sent(site, as_csv([good_row(2)]))
    data = {"do": "send", "title": "Cits", "url": "http://www.darbnicas.example/", "email": EMAIL}
    answer = client.post(path, data=data)
    assert answer.status_code == 400 and said_wrong(answer.text)[0].startswith("A platform with this address is known")
    approve(site, own.id)
    assert "in the directory already" in client.post(path, data=data).text


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nav"), ("title", ""), ("url", "http://127.0.0.1/"), ("url", "nav adrese")]
)
def test_what_is_typed_wrong_is_said_and_the_rest_stays(site: SiteFixture, field: str, value: str) -> None:
    client, path = site.app.test_client(), sent(site, as_csv([good_row(1)]))
    data = {"do": "send", "title": TITLE, "url": "https://darbnicas.example", "email": EMAIL} | {field: value}
    answer = client.post(path, data=data)
    assert answer.status_code == 400 and len(said_wrong(answer.text)) == 1
    assert all(f'value="{text}"' in answer.text for name, text in data.items() if name not in ("do", field))


def test_tables_are_limited_by_network_and_their_pages_are_secret(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rate_limits.RATE_LIMITS, rate_limits.TABLE, RateLimit(9, 2, 9))
    client = site.app.test_client()
    answers = [send(client, as_csv([good_row(number)])).status_code for number in (1, 2, 3)]
    assert answers == [303, 303, 429]
    path = str(send(site.app.test_client(), b"").location)
    with site.database.reading() as session:
        hashes = list(session.scalars(select(PartnerTable.hash)))
    assert len(hashes) == 2 and all(len(one) == 64 for one in hashes) and path
    assert client.get("/en/register/tables/x").status_code == 410


def test_a_table_larger_than_other_forms_arrives_and_one_that_is_too_large_is_told(site: SiteFixture) -> None:
    row = good_row(1) | {"Apraksts": "a" * 9_000}
    assert send(site.app.test_client(), as_csv([row | {"ID": f"T-{number}"} for number in range(150)])).status_code == 303
    answer = send(site.app.test_client(), b"Nosaukums\n" + b"a" * 10_500_000)
    assert answer.status_code == 400 and said_wrong(answer.text)[0].startswith("This file is larger than 10 MB")
    assert send(site.app.test_client(), b"a" * 14_000_000).status_code == 413


def changed_table(site: SiteFixture) -> tuple[Platform, FlaskClient, list[Row]]:
    """A trusted platform with five rows, and its member."""
    rows = [good_row(number) for number in range(1, 6)]
    own = propose(site, as_csv(rows))
    approve(site, own.id)
    return own, member(site, EMAIL, own.id), rows


def test_a_diff_comes_first_and_taking_it_in_changes_just_that(site_on: SiteFixture) -> None:
    own, client, rows = changed_table(site_on)
    rows[0] = rows[0] | {"Vieta": "Rīga", "Ģeogrāfiskais platums": "", "Ģeogrāfiskais garums": ""}
    path, text = upload(site_on, client, as_csv([*rows[:4], good_row(9)]), own.id)
    assert counts(text) == {"new": "1", "changed": "1", "unchanged": "3", "not in the table any more": "1"}
    assert "Place: <del>Cēsis</del> <ins>Rīga</ins>" in text and f"<li>{name(9)}</li>" in text
    assert states(site_on, own.id)["T-1"] == ("seen", "published") and "T-9" not in states(site_on, own.id), (
        "nothing happened yet"
    )
    answer = take(client, path, text)
    assert (
        answer.status_code == 400 and "Say what shall become" in said_wrong(answer.text)[0] and len(states(site_on, own.id)) == 5
    )
    assert take(client, path, text, gone="out").location == f"{page_of(site_on, own.id)}?done=table"
    assert last_counts(site_on, own.id) | {"warnings": 0} == {
        "found": 5, "new": 1, "changed": 1, "unchanged": 3, "gone": 1, "refused": 0, "warnings": 0,
    }  # fmt: skip
    assert states(site_on, own.id)["T-9"] == ("seen", "published") and states(site_on, own.id)["T-5"][0] == "gone"
    assert last_event(site_on, own.id) == (EMAIL, "import") and number_of(site_on, StagedRecord) == 0


def test_what_was_taken_out_comes_back_with_its_row(site: SiteFixture) -> None:
    own, client, rows = changed_table(site)
    path, text = upload(site, client, as_csv(rows[:4]), own.id)
    take(client, path, text, gone="out")
    assert states(site, own.id)["T-5"][0] == "gone"
    path, text = upload(site, client, as_csv(rows), own.id)
    take(client, path, text)
    assert states(site, own.id)["T-5"] == ("seen", "published")


def test_new_rows_of_a_platform_on_probation_wait(site: SiteFixture) -> None:
    own = propose(site, as_csv([good_row(1)]))
    approve(site, own.id, trusted=False)
    client = member(site, EMAIL, own.id)
    path, text = upload(site, client, as_csv([good_row(1), good_row(2)]), own.id)
    take(client, path, text)
    assert states(site, own.id)["T-2"] == ("seen", "new")


def test_a_changed_name_with_the_same_site_is_the_same_row_where_there_is_no_identifier(site: SiteFixture) -> None:
    rows = [good_row(number) | {"ID": ""} for number in (1, 2)]
    own = propose(site, as_csv(rows))
    with site.database.reading() as session:
        before = set(session.scalars(select(Record.initiative_id).where(Record.platform_id == own.id)))
    client = member(site, EMAIL, own.id)
    rows[0] |= {"Nosaukums": "Pavisam cits vārds", "Nosaukums (angļu)": ""}
    rows[1] |= {"Tīmekļa vietne": "https://jauna.example"}
    path, text = upload(site, client, as_csv(rows), own.id)
    assert counts(text) == {"new": "0", "changed": "2", "unchanged": "0", "not in the table any more": "0"}
    take(client, path, text)
    with site.database.reading() as session:
        after = set(session.scalars(select(Record.initiative_id).where(Record.platform_id == own.id)))
    assert after == before and last_counts(site, own.id)["changed"] == 2


def test_what_curators_changed_stays(site: SiteFixture) -> None:
    own, client, rows = changed_table(site)
    with site.database.writing() as session:
        row = session.scalars(select(Record).where(Record.remote_id == "T-1", Record.platform_id == own.id)).one()
        listing = row.initiative
        edits.set_value(session, edits.Edit(listing.public_id, "place", "", "kuratore@sic.example"), "Valmiera")
    rows[0] = rows[0] | {"Vieta": "Rīga"}
    path, text = upload(site, client, as_csv(rows), own.id)
    take(client, path, text)
    with site.database.reading() as session:
        assert session.get_one(Initiative, listing.id).composed["fields"]["place"] == "Valmiera"


def test_an_answer_counts_only_for_the_rows_that_were_asked_about(site: SiteFixture) -> None:
    own, client, rows = changed_table(site)
    path, text = upload(site, client, as_csv(rows[:4]), own.id)
    other, other_text = upload(site, client, as_csv([*rows, good_row(9)]), own.id)
    take(client, other, other_text)
    answer = take(client, path, text, gone="out")
    assert answer.status_code == 409 and "have changed since" in answer.text
    assert {state for state, _ in states(site, own.id).values()} == {"seen"}


def test_a_table_with_errors_changes_nothing_and_is_marked_by_the_platforms_own_mapping(site: SiteFixture) -> None:
    own, client, rows = changed_table(site)
    path, text = upload(site, client, as_csv([*rows[:3], rows[3] | {"Valsts": "Leiputrija"}]), own.id)
    assert "1 cell must be corrected" in text and "Row 5, column H · Valsts" in text and "Import the table" not in text
    assert client.post(path, data={"do": "take", "asked": "x", "gone": "out"}).status_code == 409
    assert {state for state, _ in states(site, own.id).values()} == {"seen"}
    assert [place for place, _ in marks(client.get(f"{path}/copy.xlsx").data)] == ["H5"]


def test_the_table_of_another_platform_is_not_there(site: SiteFixture) -> None:
    own, client, rows = changed_table(site)
    path, text = upload(site, client, as_csv(rows[:4]), own.id)
    stranger = account(site, "berta@cits.example")
    assert [stranger.get(path).status_code, stranger.get(f"{path}/copy.xlsx").status_code] == [404, 404]
    token = path.rpartition("/")[2]
    assert site.app.test_client().get(f"/en/register/tables/{token}").status_code == 410, "nor is it a proposal"
    assert take(stranger, path, text, gone="out").status_code == 404


def test_a_platform_that_is_read_from_its_site_takes_no_table(site: SiteFixture) -> None:
    with site.database.writing() as session:
        recipe = {"platform": "v", "url": "https://v.example", "adapter": "html"}
        platform_states.propose_platform(session, platform_states.Proposal("https://v.example", "V", recipe), actor="t")
    client = member(site)
    answer = send(client, as_csv([good_row(1)]), path=f"{page_of(site)}table")
    assert answer.status_code == 409 and "read from its site" in answer.text


def test_rows_that_a_command_imported_are_known_by_name_and_site(site: SiteFixture) -> None:
    records = [CrawledRecord(f"x{number}", title={"lv": name(number)}, platform="reg") for number in (1, 2)]
    import_records(site.database, "reg", records, actor="import", secret_key=b"key")
    client = member(site, platform_id="reg")
    path, text = upload(site, client, as_csv([good_row(1), good_row(2)]), "reg")
    assert counts(text)["new"] == "0" and counts(text)["changed"] == "2" and counts(text)["not in the table any more"] == "0"
    take(client, path, text)
    assert set(states(site, "reg")) == {"T-1", "T-2"}


def test_the_desk_offers_no_crawl_of_a_table(site: SiteFixture, tmp_path: Path) -> None:
    own = propose(site, as_csv([good_row(1)]))
    curator = site.signed_in()
    waiting = page(site, "/en/desk/platforms", curator)
    assert TITLE in waiting and "from a table" in waiting and "found: 1, not read: 0" in waiting
    approve(site, own.id)
    text = page(site, f"/en/desk/sources/{own.id}", curator)
    assert "Crawl now" not in text and "filled from tables" in text and TITLE in page(site, "/en/desk/sources", curator)
    assert tmp_path.exists()


def test_registering_leads_to_tables(site: SiteFixture) -> None:
    assert 'href="/en/register/table">I have a table</a>' in page(site, "/en/register")
    assert "/register/tables/" not in page(site, "/en/register/table")
