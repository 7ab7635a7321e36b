"""The own website of an initiative: told by its name, its label, its address or its host, and never anybody's service."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.reading.cards import name_element, read_card
from crawlers.reading.own_website import has_name_in_host, is_service, is_word_for_website, own_website

URL = "https://tikls.example/biedri/saule/"
OWN = "https://saules-maja.example/"
OTHER = "https://cits.example/"
BOTH = f'<a href="{OTHER}">Ziedo</a>'


def website(markup: str) -> object:
    page = Html(URL, f"<div>{markup}</div>")
    return own_website(page, name_element(page.root))


@pytest.mark.parametrize(
    "name",
    [f'<a href="{OWN}">Ozols</a>', f'<h3><a href="{OWN}">Ozols</a></h3>', f'<a href="{OWN}"><h3>Ozols</h3><p>Teksts par to, ko viņi dara.</p></a>',
     f'<h3><span><a href="{OWN}"> Ozols </a></span></h3>'],
)  # fmt: skip
def test_the_link_around_the_name_is_the_website(name: str) -> None:
    assert website(f'{name}<a href="{OTHER}donate/">Ziedot</a><a href="https://registrs.example/4000">4000</a>') == OWN


def test_a_link_in_the_name_that_is_not_all_of_it_is_not_around_it() -> None:
    assert website(f'<h3>Ozols <a href="{OWN}">un draugi</a></h3><a href="{OTHER}">Ziedo</a>') is None


def test_a_profile_around_the_name_is_no_website() -> None:
    assert website('<h3><a href="https://github.com/saule">Ozols</a></h3>') is None


@pytest.mark.parametrize(
    "text",
    ["Website", "Mājaslapa", "Mājas lapa", "Tīmekļa vietne", "Apmeklēt mājaslapu", "Koduleht", "Veebileht", "Svetainė", "Interneto svetainė", "Strona WWW", "Strona internetowa",
     "Hjemmeside", "Nettside", "Hemsida", "Webbplats", "Kotisivut", "Verkkosivut", "Webseite", "Zur Webseite", "Projekt-Website", "Homepage", "Сайт", "Офіційний сайт", "Вэб-сайт",
     "Visit our website", "Website (opens in new tab)", "→ Website", "WWW:"],
)  # fmt: skip
def test_a_word_for_website_tells_the_link_in_every_language(text: str) -> None:
    assert website(f'<h3>Ozols</h3><a href="https://github.com/ozols">Kods</a>{BOTH}<a href="{OWN}">{text}</a>') == OWN


@pytest.mark.parametrize(
    "text", ["", "Website builder", "Code", "Our partners", "visit our", "Nextcloud", "Webinar", "Strona główna", "Site map"]
)
def test_other_words_are_no_word_for_website(text: str) -> None:
    assert not is_word_for_website(text)


@pytest.mark.parametrize(
    "link",
    [f'<a href="{OWN}" title="Mājaslapa"><i></i></a>', f'<a href="{OWN}" aria-label="Website"></a>', f'<a href="{OWN}"><img src="g.png" alt="Koduleht"></a>',
     f'<a href="{OWN}"><i class="fas fa-globe"></i></a>', f'<a class="icon-website" href="{OWN}"></a>', f'<a itemprop="url" href="{OWN}">Ozols</a>',
     f'<p>Mājaslapa: <a href="{OWN}">skatīt</a>, <a href="{OTHER}">ziedo</a></p>', f'<p><b>Svetainė:</b> <a href="{OWN}">čia</a> <a href="{OTHER}">kita</a></p>',
     f'<p>Strona WWW: <b><a href="{OWN}">tutaj</a></b></p>'],
)  # fmt: skip
def test_hints_icons_and_labels_before_call_a_link_website(link: str) -> None:
    assert website(f"<h3>Ozols</h3>{BOTH}{link}") == OWN


def test_an_icon_beside_another_word_does_not_call_it_website() -> None:
    assert website(f'<h3>Ozols</h3>{BOTH}<a href="{OWN}"><i class="fa fa-globe"></i> Partneri</a>') is None


def test_a_written_address_tells_the_link_among_others() -> None:
    assert website(f'<h3>Ozols</h3>{BOTH}<p>Vairāk lasiet <a href="{OWN}">saules-maja.example</a>!</p>') == OWN
    assert website(f'<h3>Ozols</h3>{BOTH}<p><a href="{OWN}gads.pdf">{OWN}gads.pdf</a></p>') is None
    assert (
        website(f'<h3>Ozols</h3>{BOTH}<p>Par viņu darbu ar jauniešiem raksta <a href="{OWN}">saules-maja.example</a></p>') == OWN
    )
    assert (
        website(f'<h3>Ozols</h3>{BOTH}<p>Par viņu darbu ar jauniešiem novadā raksta <a href="{OWN}">saules-maja.example</a></p>')
        is None
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://biedriba-saule.lv/", "Saule"), ("https://saulesmaja.lv", "Saules māja"), ("https://www.ozols.org.pl/", "Stowarzyszenie Ozols"), ("https://lsua.lv/", "Latvijas Sociālo uzņēmumu apvienība"),
     ("https://upesdarbnica.lv/", "Upes darbnīca, biedrība"), ("https://hope4kids.ee/", "Hope")],
)  # fmt: skip
def test_a_host_may_have_the_name_in_it(url: str, name: str) -> None:
    assert has_name_in_host(url, name) is (name != "Hope")


@pytest.mark.parametrize(("url", "name"), [("https://biedriba-egle.lv/", "Biedrība Saule"), ("https://delfi.lv/", "Del"), ("https://centrs.lv/", "Mākslas centrs"), ("https://lv.lv/", "Latvijas Vēja")])  # fmt: skip
def test_words_of_many_names_and_short_ones_tell_no_host(url: str, name: str) -> None:
    assert not has_name_in_host(url, name)


def test_of_several_links_the_one_with_the_name_in_its_host_is_the_website() -> None:
    assert website(f'<h3>Saules māja</h3>{BOTH}<a href="{OWN}">Lasi</a>') == OWN
    assert website(f'<h3>Ozols</h3>{BOTH}<a href="{OWN}">Lasi</a>') is None
    assert website(f'<h3>Saules māja</h3><a href="{OTHER}">Website</a><a href="{OWN}">Website</a>') == OWN


def test_the_only_link_to_another_site_is_the_website() -> None:
    assert (
        website(
            f'<h3>Ozols</h3><p>Mācās kopā.</p><a href="{OWN}">Uzzini</a><a href="https://www.facebook.com/ozols">Facebook</a>'
        )
        == OWN
    )


@pytest.mark.parametrize(
    "url",
    ["https://github.com/person-b", "https://gist.github.com/x", "https://ec.europa.eu/social", "https://www.interreg-baltic.eu/", "https://getbootstrap.com/", "https://www.mozello.lv/",
     "https://creativecommons.org/licenses/by/4.0/", "https://www.openstreetmap.org/?mlat=56", "https://www.facebook.com/sharer?u=x", "https://mastodon.social/@ozols", "https://paypal.me/ozols",
     "https://forms.gle.example/gads.pdf", "https://zinas.example/2024/05/raksts-par-ozolu/", "https://zinas.example/raksts?id=5"],
)  # fmt: skip
def test_services_builders_funders_files_and_articles_are_no_website(url: str) -> None:
    assert website(f'<h3>Ozols</h3><p>Mācās kopā.</p><a href="{url}">Vairāk</a>') is None


@pytest.mark.parametrize(
    "url",
    [
        "https://saule.mozello.lv/",
        "https://ozols.github.io/",
        "https://ozols.wordpress.com",
        "https://sites.google.com/view/ozols",
        "https://ozols.wixsite.com/mana",
    ],
)
def test_a_site_below_a_builder_is_somebodys_own(url: str) -> None:
    assert not is_service(url)
    assert website(f'<h3>Ozols</h3><p>Mācās kopā.</p><a href="{url}">Vairāk</a>') == url


def test_a_mention_in_a_sentence_is_no_website() -> None:
    sentence = "Par viņu darbu ar jauniešiem rakstīja arī {}, kas iznāk katru nedēļu visā novadā."
    assert website(f'<h3>Ozols</h3><p>{sentence.format(f"""<a href="{OWN}">novada avīze</a>""")}</p>') is None
    assert website(f'<h3>Ozols</h3><p>Par viņiem <a href="{OWN}">novada avīzē</a></p>') == OWN


def test_a_written_address_in_a_line_of_a_card_is_no_mention_whatever_the_cards_other_lines_say() -> None:
    bio = "Programmē spēles un vada nodarbības bērniem un pieaugušajiem visā novadā."
    card = f'<li><h3>Ozols</h3><div>{bio}</div> {{}}<a href="{OWN}">saules-maja.example</a> | <a href="https://x.com/ozols">@ozols</a><div>{bio}</div></li>'
    assert website(card.format("")) == OWN
    assert website(card.format(f"{bio} ")) is None
    assert website(card.format(f"{bio}<br>")) == OWN
    assert website(card.format(f"<span>{bio}</span> ")) is None


def test_a_label_whose_value_is_no_address_leaves_the_website_to_the_links() -> None:
    fields, _ = read_card(f'<h3>Ozols</h3><p>Mājaslapa: <a href="{OWN}">skatīt</a><br>Tālrunis: 67000000</p>', URL, {})
    assert fields["website"] == OWN


def test_a_page_with_very_many_links_is_read_in_bounded_time() -> None:
    nested = "<span>" * 200 + f'<a href="{OWN}">x</a>' + "</span>" * 200
    assert (
        website(f"<h3>Ozols</h3><p>{nested * 50}</p>" + "".join(f'<a href="https://h{n}.example/">{n}</a>' for n in range(2000)))
        is None
    )


@pytest.mark.parametrize("heading", ["Mitwirkende", "Komanda", "Contributors:", "Partneri", "Rahastajad", "Our partners"])
def test_links_of_people_and_supporters_are_not_the_website(heading: str) -> None:
    assert (
        website(f'<h1>Ozols</h1><p>Teksts.</p><h2>{heading}</h2><ul><li>Janis <a href="{OTHER}">homepage</a></li></ul>') is None
    )


def test_a_website_before_or_after_the_heading_for_people_is_the_own_one() -> None:
    people = f'<h2>Team</h2><p><a href="{OTHER}">homepage</a></p>'
    own = f'<p><a href="{OWN}">Website</a></p>'
    assert website(f"<h1>Ozols</h1>{own}{people}") == OWN
    assert website(f"<h1>Ozols</h1>{people}<h2>Links</h2>{own}") == OWN
