"""Labelled facts of pages, in all the forms in which pages print them."""

from __future__ import annotations

import pytest

from crawlers.markup import Html

FORMS = [
    "<dl><dt>Valsts:</dt><dd>Latvija</dd></dl>", "<table><tr><th>Valsts</th><td>Latvija</td></tr></table>", "<p>Valsts: Latvija</p>",
    "<p>Cita rinda<br>Valsts: Latvija<br/>Vēl viena</p>", "<p><strong>Valsts:</strong> Latvija</p>", "<div><b>Valsts</b>: Latvija</div>",
    "<ul><li>Valsts : Latvija</li></ul>", "<div><span>Valsts:</span> <span>Latvija</span></div>", "<h4>Valsts:</h4><p>Latvija</p>",
    "<div class='label'>Valsts:</div><div class='value'><em>Latvija</em></div>", "<p><strong>Valsts:</strong></p><p>Latvija</p>",
    "<p>Valsts: Latvija</p><p>Valsts: Igaunija</p>", "<main><footer>Valsts: Latvija</footer><p>Valsts: Latvija</p></main>",
]  # fmt: skip


@pytest.mark.parametrize("markup", FORMS)
def test_a_fact_is_read_in_every_form(markup: str) -> None:
    assert Html("https://x.lv/", markup).facts.get("Valsts") == "Latvija"


@pytest.mark.parametrize(
    "markup",
    [
        "<footer><p>Valsts: Latvija</p></footer>", "<div class='site-footer'><div><p>Valsts: Latvija</p></div></div>", "<p>Valsts:</p>",
        "<div role='contentinfo'><p>Valsts: Latvija</p></div>", "<nav><li>Valsts: Latvija</li></nav>", "<p>Valsts:</p><p>Vieta:</p>", "<?php Valsts: x ?>",
    ],
)  # fmt: skip
def test_what_stands_on_every_page_of_a_site_is_no_fact_of_one(markup: str) -> None:
    assert "Valsts" not in Html("https://x.lv/", f"<body><p>Teksts</p>{markup}</body>").facts


def test_links_are_the_values_of_addresses_only() -> None:
    page = Html(
        "https://x.lv/",
        "<p>Mājaslapa: <a href='https://vieta.lv/lapa'>skatīt</a></p><p>E-pasts: <a href='mailto:info@vieta.lv'>rakstiet</a></p>"
        "<p>Valsts: <a href='https://x.lv/latvija'>Latvija</a></p><table><tr><td>Web</td><td><a href='https://vieta.lv'>vieta.lv</a></td></tr></table>",
    )
    assert page.facts == {
        "Mājaslapa": "https://vieta.lv/lapa",
        "E-pasts": "info@vieta.lv",
        "Valsts": "Latvija",
        "Web": "https://vieta.lv",
    }


def test_deep_and_wide_pages_are_read_and_left_as_they_are() -> None:
    for markup in ("<div>" * 5000 + "Valsts: Latvija", "<p>" + "<b>" * 5000 + "Valsts: Latvija", "<span>Valsts:</span>" * 5000):
        page = Html("https://x.lv/", markup)
        size = len(list(page.root.iter()))
        assert set(page.facts.values()) <= {"Latvija"}
        assert len(list(page.root.iter())) == size
