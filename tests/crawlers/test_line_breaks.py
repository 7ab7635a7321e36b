"""A newline of the HTML source is a blank; what a browser breaks is a new line; in plain text a newline is one."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.normalise.normaliser import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.clean import one_line, plain_text

GARDEN = "<p>Biedrība „Kopā”\n      Āgenskalnā iekopj kopienas dārzu,\r\nkurā ir piecdesmit dobju.</p>\n\n<p>Nāc\tpalīgā!</p>"
SHOWN = "Biedrība „Kopā” Āgenskalnā iekopj kopienas dārzu, kurā ir piecdesmit dobju.\nNāc palīgā!"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (GARDEN, SHOWN),
        (f"<div class=entry-content>\n{GARDEN}\n</div>", SHOWN),
        (GARDEN.replace("<", "&lt;").replace(">", "&gt;"), SHOWN),
        (f"<![CDATA[{GARDEN}]]>", SHOWN),
        ("Pirmdien<br>otrdien<br />\ntrešdien,\nceturtdien", "Pirmdien\notrdien\ntrešdien, ceturtdien"),
        ("<ul>\n<li>Darbs\nar jauniešiem</li>\n<li>Nometnes</li>\n</ul>", "Darbs ar jauniešiem\nNometnes"),
        ("<h2>Par\nmums</h2>Teksts\n<b>treknrakstā</b>\nturpinās", "Par mums\nTeksts treknrakstā turpinās"),
        ("<table><tr>\n<td>Dibināta\n</td>\n<td>2024</td></tr>\n<tr><td>Vieta</td><td>Cēsis</td></tr></table>", "Dibināta 2024\nVieta Cēsis"),
        ("<p>Adrese:</p><pre>Rīgas iela 1\n  Cēsis</pre><p>Zvani\nmums</p>", "Adrese:\nRīgas iela 1\nCēsis\nZvani mums"),
        ("<pre>Ārējais\n<pre>iekšējais\nvēl</pre>te\nbeidzas</pre>ārpus\ntā", "Ārējais\niekšējais\nvēl\nte\nbeidzas\nārpus tā"),
        ("<p>AT&amp;amp;T &amp;lt;b&amp;gt;un\nciti&amp;lt;/b&amp;gt;</p><p>Otrā</p>", "AT&T un citi\nOtrā"),
        ("Pirmā rinda\nOtrā rinda\n\nTrešā", "Pirmā rinda\nOtrā rinda\nTrešā"),
        ("Pirmā <b>rinda</b>\nturpinās\n \nOtrā rindkopa", "Pirmā rinda turpinās\nOtrā rindkopa"),
        ("Rakstiet: Anna <anna@kopa.example>\nZvaniet pirmdien", "Rakstiet: Anna\nZvaniet pirmdien"),
        (r"Pirmā rinda\r\n\r\nOtrā rinda", "Pirmā rinda\nOtrā rinda"),
        ("Ja a < b\nun c > d", "Ja a < b\nun c > d"),
    ],
)  # fmt: skip
def test_a_newline_of_the_source_is_a_blank_and_a_break_is_a_line(markup: str, text: str) -> None:
    assert plain_text(markup) == text
    assert one_line(markup) == text.replace("\n", " ")


FILLING = "<p>Mēs strādājam kopā ar pašvaldību,\nskolām un uzņēmumiem <a href='/x'>jau\ndesmit</a> gadus.</p>"


@pytest.mark.parametrize(
    "frame", ["<main>{}</main>", "<main><article>{}</article></main>", "<article>{}</article><nav><a href=/a>Ziņas</a></nav>"]
)
@pytest.mark.parametrize("times", [1, 20])
def test_the_main_text_of_a_page_breaks_where_the_page_does(frame: str, times: int) -> None:
    inner = f"{FILLING * times}<p>Pirmdien<br>otrdien</p><ul><li>Darbs\nar jauniešiem</li></ul><pre>Rīgas iela 1\nCēsis</pre>"
    page = Html("https://x.example/par-darzu", f"<html lang=lv><body>{frame.format(inner)}</body></html>")
    lines = page.main_text.splitlines()
    assert lines[0] == "Mēs strādājam kopā ar pašvaldību, skolām un uzņēmumiem jau desmit gadus."
    assert [line.strip() for line in lines[-5:]] == ["Pirmdien", "otrdien", "Darbs ar jauniešiem", "Rīgas iela 1", "Cēsis"]


@pytest.mark.parametrize(
    "markup",
    [
        f'<div itemscope itemtype="https://schema.org/NGO"><h1 itemprop="name">Kopā</h1><div itemprop="description">{GARDEN}</div></div>',
        f'<div vocab="https://schema.org/" typeof="NGO"><h1 property="name">Kopā</h1><div property="description">{GARDEN}</div></div>',
    ],
    ids=["microdata", "rdfa"],
)
def test_paragraphs_of_marked_up_descriptions_are_kept_apart(markup: str) -> None:
    (entity,) = Html("https://x.example/kopa", markup).entities
    assert entity["description"] == SHOWN


def test_summary_and_description_of_a_record_are_as_the_page_shows_them() -> None:
    raw = RawRecord(
        "1", "https://x.example/1", {"title": "Kopā\nar kaimiņiem", "description": GARDEN, "summary": "Kopienas\ndārzs"}
    )
    record = Normaliser(Recipe(platform="p", title="p", url="https://x.example/", adapter="html")).record(raw)
    assert record is not None
    assert (record.title, record.summary) == ({"lv": "Kopā ar kaimiņiem"}, {"lv": "Kopienas dārzs"})
    assert record.description == {"lv": SHOWN}
