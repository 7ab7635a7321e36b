"""The HTML alternative of a mail says what its plain text says, and links to this site only."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from platforma.mail.html_body import html_body, read_body
from platforma.settings import load_settings

BASE = "https://katalogs.example"
LINK = f"{BASE}/lv/sign-in/{'x' * 43}"


def page(text: str, lang: str = "lv") -> BeautifulSoup:
    return BeautifulSoup(html_body(load_settings(base_url=BASE), text, subject="Temats & vēl", lang=lang), "html.parser")


def links(text: str) -> dict[str, str]:
    """Where what is said leads, without the link to the first page at the top."""
    return {link.get_text(): str(link["href"]) for link in page(text).find_all("a")[1:]}


def test_a_link_by_itself_is_what_the_reader_is_to_press() -> None:
    (link,) = page(f"Labdien!\n\nspiediet šo saiti:\n\n{LINK}\n\nPaldies!").find_all("a")[1:]
    assert link["href"] == LINK and "border" in str(link["style"])
    assert link.get_text() == "katalogs.example/lv/sign-in/…"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"Jā, viss pareizi:\n{LINK}", "Jā, viss pareizi"),
        (f"Visi rezultāti: {LINK}", "Visi rezultāti"),
        (f"* Dārzs\n  Organizācija · Rīga\n  {LINK}", "Dārzs"),
        (f"English: {LINK}", "English"),
    ],
)
def test_words_before_an_address_become_the_link(text: str, words: str) -> None:
    assert links(text) == {words: LINK}


def test_an_address_after_other_lines_stays_a_line_of_its_own() -> None:
    assert list(links(f"Dārzs\n+371 20000000\n{BASE}/lv/initiatives/abcdefghij/darzs").values()) == [
        f"{BASE}/lv/initiatives/abcdefghij/darzs"
    ]
    assert "+371 20000000" not in links(f"Dārzs\n+371 20000000\n{LINK}")


@pytest.mark.parametrize("address", ["https://evil.example/x", f"{BASE}.evil.example/x", "javascript:alert(1)", BASE])
def test_addresses_of_others_are_shown_and_lead_nowhere(address: str) -> None:
    assert links(f"Mājaslapa: {address}\n\n{address}") == {}
    assert address in page(address).get_text()


def test_markup_in_names_is_text() -> None:
    body = page('„<b>Dārzs</b>” & <script>alert(1)</script>\n\n* <img src="x">')
    assert body.script is None and body.img is None and body.b is None
    assert "„<b>Dārzs</b>” & <script>alert(1)</script>" in body.get_text()


def test_items_stand_in_lists_and_the_foot_under_a_rule() -> None:
    text = f"Jauni:\n\n* Viens\n  Rīga\n  {LINK}1\n\n* Divi\n  {LINK}2\n- Trīs\n\nUn vēl.\n\n--\nBeigt šīs vēstules:\n{LINK}3"
    body = page(text)
    assert [item.get_text(" ", strip=True) for item in body.select("ul > li")] == ["Viens Rīga", "Divi", "Trīs"]
    assert len(body.find_all("ul")) == 1
    assert body.hr is not None
    assert [link.get_text() for link in body.hr.find_all_next("a")] == ["Beigt šīs vēstules"]


def test_every_line_of_the_text_is_on_the_page() -> None:
    text = "Labdien!\n\nPirmā rinda\notrā rinda\n\n- punkts\n  ieteikums\n\n\nBeigas"
    said = [line.text for run in read_body(text, BASE).runs for paragraph in run for line in paragraph.lines]
    assert said == ["Labdien!", "Pirmā rinda", "otrā rinda", "punkts", "ieteikums", "Beigas"]


def test_the_page_has_language_subject_and_the_name_of_the_site() -> None:
    body = page("Labdien!")
    assert [html["lang"] for html in body.find_all("html")] == ["lv"]
    assert [title.get_text() for title in body.find_all("title")] == ["Temats & vēl"]
    assert body.find_all("a")[0].get_text() == "Platforma platformām"
    assert page("Good day,", "en").find_all("a")[0]["href"] == f"{BASE}/en/"


@pytest.mark.parametrize("text", ["", " \n\n ", "--", "*", "* "])
def test_an_empty_text_is_an_empty_page(text: str) -> None:
    assert page(text).find_all("a")[1:] == []
