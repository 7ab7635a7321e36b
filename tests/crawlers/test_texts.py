"""Titles, descriptions and texts of pages: what a reader reads, and nothing of what stands around it."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.markup.headings import with_lost_headings
from crawlers.texts.clean import name_line, plain_text

SHORTCODES = [
    ("[vc_row][vc_column][vc_column_text css=&#8221;.vc_custom_1{margin-top: 10px !important;}&#8221;]<p>Teksts</p>[/vc_column_text][/vc_row]", "Teksts"),
    ("[et_pb_section fb_built=&#8221;1&#8243; _builder_version=&#8221;3.22&#8243;][et_pb_row][et_pb_text]<p>Teksts</p>", "Teksts"),
    ("[et_pb_section fb_built=”1″ Teksts", "Teksts"), ("Teksts [vc_row css=&#8221;.vc_custom_1{x", "Teksts"),
    ("<p>[vc_single_image image=\"123\" img_size=\"full\"]</p><p>Teksts</p>", "Teksts"), ("[gallery ids=\"1,2\"]Teksts[/gallery]", "Teksts"),
    ("[caption id=\"a\" align=\"alignnone\"]<img src=\"x.jpg\" alt=\"logo\"/> Logo[/caption]<p>Teksts</p>", "Teksts"),
    ("[fusion_text columns=\"\" class=\"\"]Teksts[/fusion_text]", "Teksts"), ("[su_button url=\"https://x.lv\"]Teksts[/su_button]", "Teksts"),
    ("[contact-form-7 id=\"5\" title=\"Forma\"]Teksts", "Teksts"), ("[row][column]Teksts[/column][/row]", "Teksts"),
]  # fmt: skip
KEPT = [
    ("Avots [1], info [at] x.lv, [sic], [a-b], [2-3], [EUR]", "Avots [1], info [at] x.lv, [sic], [a-b], [2-3], [EUR]"),
    ("<p>Dalīties prieks ir dubults prieks.</p>", "Dalīties prieks ir dubults prieks."),
    ("<p>Lasi arī bērniem pasakas latviski.</p>", "Lasi arī bērniem pasakas latviski."), ("<p>Back to work</p>", "Back to work"),
    ("<p>We bake cookies for everyone.</p>", "We bake cookies for everyone."),
    ("<p>Logo zīmēja jaunieši kopā ar māksliniekiem, un to visi iemīlēja.</p>", "Logo zīmēja jaunieši kopā ar māksliniekiem, un to visi iemīlēja."),
    ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"), ("AT&amp;T", "AT&T"), ("<div>a</div><div>b<br>c</div>", "a\nb\nc"), ("v<b>ār</b>ds", "vārds"),
    ("<table><tr><td>Gads</td><td>2024</td></tr></table>", "Gads 2024"), (None, ""), ("", ""),
]  # fmt: skip
NOISE = [
    "<p>Read more</p>", "<p>Lasīt vairāk »</p>", "<a>Loe edasi</a>", "<p>This website uses cookies to improve your experience.</p>",
    "<p>Mēs izmantojam sīkdatnes šajā vietnē</p>", "<p>Accept all cookies on this site</p>", "<p>Facebook | Twitter | LinkedIn</p>",
    "<p>Nolikums_2024.pdf</p>", "<p>Eiropas Savienības logo</p>", "<p>[email&#160;protected]</p>", "<p>Dalies ar šo:</p>", "<div>&nbsp;</div>",
    "<script>x</script><style>x</style><noscript>x</noscript><template>x</template>", "<p hidden>x</p>", "<p style='display: NONE'>x</p>",
    "<img src='a.png' alt='x'>", "<svg><title>x</title></svg>", "<p>\u200b\u00ad</p>", "<!-- x -->",
]  # fmt: skip


@pytest.mark.parametrize(("markup", "text"), [*SHORTCODES, *KEPT])
def test_codes_go_and_words_stay(markup: str | None, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("markup", NOISE)
def test_noise_around_a_text_goes(markup: str) -> None:
    assert plain_text(f"<p>Pirmā.</p>{markup}<p>Otrā.</p>") == "Pirmā.\nOtrā."


def test_links_to_more_at_the_end_go() -> None:
    assert plain_text("<p>Garš teksts par projektu. Lasīt vairāk →</p>") == "Garš teksts par projektu."
    assert plain_text("<p>Īss teksts&#8230; [&hellip;]</p>") == "Īss teksts…"


def test_escaped_markup_is_markup_and_arithmetic_is_not() -> None:
    assert (
        plain_text("&lt;p&gt;Viens&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;b&amp;gt;divi&amp;lt;/b&amp;gt;")
        == "Viens\ndivi"
    )
    assert plain_text("a &lt; b un 3 &gt; 2, x<3") == "a < b un 3 > 2, x<3"
    assert "<" not in plain_text("&amp;amp;amp;lt;script&amp;amp;amp;gt;x<scr<script>ipt>y")


def test_names_keep_words_that_would_be_noise_in_a_text() -> None:
    assert name_line("Read more <b>books</b> &amp; logo [vc_row]") == "Read more books & logo"


def test_hostile_texts_end_soon() -> None:
    for text in ("[" * 100_000, "[vc_row " * 20_000, '[vc_row a="' * 20_000, "[caption " * 20_000, "<p " * 50_000, "<" * 100_000,
                 "a logo " * 20_000, "[a_b " * 20_000, "[vc_x a=b" + " a=b" * 30_000, "<p hidden>" * 3000, "&amp;" * 100_000):  # fmt: skip
        assert len(plain_text(text)) <= len(text)


TITLES = [
    ("<title>Mājas svētība - Sociālie uzņēmumi</title><h1>Mājas svētība</h1>", "Mājas svētība"),
    ("<title>Sociālais uzņēmums – Mājas svētība</title><h1>Mājas svētība</h1>", "Mājas svētība"),
    ("<title>Jauns – Asociācija</title><h1 class='site-title'><a href='/'>Asociācija</a></h1><h2>Jauns</h2>", "Jauns"),
    ("<title>Jauns – Asociācija</title><h1><a href='https://x.lv'>Asociācija</a></h1>", "Jauns"),
    ("<title>Example | Darbnīca</title>", "Darbnīca"), ("<title>Darbnīca | Example</title>", "Darbnīca"),
    ("<title>Darbnīca • Labo kopā · Vieta</title><meta property='og:site_name' content='Vieta'>", "Darbnīca • Labo kopā"),
    ("<title>Darbnīca — Biedrība „Kopā”</title>", "Darbnīca"), ("<title>Home - Warm Hands</title>", "Warm Hands"),
    ("<meta property='og:title' content='Hope: a project'><meta property='og:site_name' content='NGO'>", "Hope: a project"),
    ("<title>News</title><meta property='og:title' content='New house'><h1>News</h1><h2>New house</h2>", "New house"),
    ("<title>x</title><h1><img src=a alt='Logo'></h1><h1>Pirmais<br>darbs</h1>", "Pirmais darbs"),
    ("<title>Example</title><h1>Example</h1>", "Example"), ("<h2>Tikai otrā</h2>", "Tikai otrā"), ("<h1>AT&amp;T</h1>", "AT&T"), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "title"), TITLES)
def test_a_page_is_called_by_its_own_name(markup: str, title: str) -> None:
    assert Html("https://www.example.lv/x", markup).title == title


def test_a_site_is_known_by_the_initials_in_its_host() -> None:
    markup = "<title>Jauns fonds | Latvian Social Enterprise Agency</title><h1>LSEA</h1>"
    assert Html("https://lsea.lv/x", markup).title == "Jauns fonds"


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ("<meta name=description content='Īsi &amp; skaidri'><p>Garš</p>", "Īsi & skaidri"),
        ("<meta name=description content='Garš teksts, kas…'><meta property=og:description content='Garš teksts, kas beidzas.'>", "Garš teksts, kas beidzas."),
        ("<p>Īss</p><p>Kopienas dārzs Āgenskalnā ar piecdesmit dobēm.</p>", "Kopienas dārzs Āgenskalnā ar piecdesmit dobēm."), ("<p>Īss</p>", ""),
        ("<p><strong>Mājaslapa:</strong> https://kopienas-darzs-agenskalna.example</p><p>Kaimiņi kopj dārzu, kurā ir piecdesmit dobju.</p>", "Kaimiņi kopj dārzu, kurā ir piecdesmit dobju."),
        ("<p>Īstenotājs: Biedrība „Āgenskalna kaimiņu kopienas dārzs”</p>", ""),
        ("<p>Mūsu mērķis: kopt dārzu, kurā ir piecdesmit dobju.</p>", "Mūsu mērķis: kopt dārzu, kurā ir piecdesmit dobju."),
        ("<p>Dārzs. Adrese: Kaimiņu iela 3, Āgenskalns, Rīga, Latvija</p>", "Dārzs. Adrese: Kaimiņu iela 3, Āgenskalns, Rīga, Latvija"),
    ],
)  # fmt: skip
def test_a_page_describes_itself_or_its_first_paragraph_does(markup: str, description: str) -> None:
    assert Html("https://x.lv/", markup).description == description


FRAME = """<html lang=lv><body><div id="cookie-notice"><p>RĀMIS Šī lapa lieto sīkdatnes. Turpinot to lietot, jūs tam piekrītat.</p></div>
<header><nav><ul><li><a href="/a">RĀMIS par mums</a></li><li><a href="/b">RĀMIS kontakti</a></li></ul></nav></header>%s
<aside class="sidebar"><h4>RĀMIS Jaunākie raksti</h4><a href="/c">RĀMIS Raksts</a></aside><footer><p>© RĀMIS Visas tiesības</p></footer></body></html>"""
PAGES = [
    "<main><h1>Viens</h1><p>Kopienas dārzs ar piecdesmit dobēm.</p><h2>Divi</h2><ul><li>Trīs</li><li>Četri</li></ul></main>",
    "<div class='wrap'><div>Viens<br>Divi</div><div><b>Trīs</b> rindas</div><div class='menu-card'>Četri</div></div>",
    "<main><h1>Viens</h1><table><tr><td>1.</td><td>Divi</td></tr><tr><td>2.</td><td>Trīs</td></tr></table><p>Četri</p></main>",
    "<form action='/'><div class='elementor-widget'><h2>Viens</h2></div><section><p>Divi</p><h3>Trīs</h3><p>Četri</p></section></form>",
    "<article><header><h1>Viens</h1><div class='entry-meta'>RĀMIS admin</div></header><p>Divi Trīs</p><dl><dt>Četri</dt><dd>x</dd></dl>"
    "<div class='sharedaddy'><a>RĀMIS Dalies</a></div><p style='display:none'>RĀMIS</p><p>RĀMIS.pdf</p></article>",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("filling", ["", "<p>Mēs strādājam kopā ar pašvaldību, skolām un uzņēmumiem jau desmit gadus.</p>" * 12])
def test_the_main_text_is_all_that_the_page_is_about(page: str, filling: str) -> None:
    text = Html("https://x.lv/", FRAME % page.replace("Četri", f"Četri{filling}", 1)).main_text
    assert [word for word in ("Viens", "Divi", "Trīs", "Četri") if word not in text] == []
    assert "RĀMIS" not in plain_text(text)


PROSE = "Mēs strādājam kopā ar pašvaldību, skolām un uzņēmumiem jau desmit gadus. " * 4
NEWS = "Uzvarētāji saņems līdzekļus savas ieceres īstenošanai un padomdevēju visam gadam. " * 4


def test_headings_that_the_extractor_loses_are_put_back_before_their_texts() -> None:
    sections = (
        f"<section><h2>{name}</h2><div><h3>{name} sīkāk</h3><p>{name} {PROSE}</p></div></section>" for name in ("Pirmā", "Otrā")
    )
    lines = Html("https://x.lv/", f"<html lang=lv><body>{''.join(sections)}</body></html>").main_text.splitlines()
    assert [line[:12] for line in lines] == ["Pirmā", "Pirmā sīkāk", "Pirmā Mēs st", "Otrā", "Otrā sīkāk", "Otrā Mēs str"]


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<h2>Par mums</h2><p>Pirmā.</p>", ["Par mums", "Pirmā."]),
        ("<h2>Reklāma</h2><p>Pērc!</p><p>Pirmā.</p>", ["Pirmā."]),
        ("<h3>Cita ziņa</h3><h3>Par mums</h3><p>Pirmā.</p>", ["Par mums", "Pirmā."]),
        ("<h3>Sīkāk</h3><h2>Par mums</h2><p>Pirmā.</p>", ["Par mums", "Pirmā."]),
        ("<h1>Biedrība</h1><p>Pirmā.</p>", ["Pirmā."]),
        ("<h1>Biedrība</h1><h1>Par mums</h1><p>Pirmā.</p>", ["Par mums", "Pirmā."]),
        ("<p>Pirmā.</p><h2>Pēdējais</h2>", ["Pirmā."]),
        ("<h2>Par <b>mums</b></h2><p><b>Pir</b>mā.</p>", ["Par mums", "Pirmā."]),
    ],
)
def test_a_heading_belongs_to_the_text_directly_after_it(markup: str, lines: list[str]) -> None:
    assert with_lost_headings(["Pirmā."], Html("https://x.lv/", markup).root) == lines


def test_a_heading_that_is_there_is_not_put_back_again() -> None:
    root = Html("https://x.lv/", "<h2>Par mums</h2><p>Pirmā.</p><h2>Par mums</h2><p>Otrā.</p>").root
    assert with_lost_headings(["Par mums", "Pirmā.", "Otrā."], root) == ["Par mums", "Pirmā.", "Par mums", "Otrā."]


def test_a_page_of_which_the_extractor_takes_a_part_for_the_whole_is_taken_whole() -> None:
    cells = "".join(f"<tr><td>Partneris {number}</td><td>{NEWS}</td></tr>" for number in range(3))
    repeated = "".join(f"<p>{PROSE}</p>" for _ in range(9))
    text = Html("https://x.lv/", f"<html lang=lv><body><p>Ievads</p>{repeated}<table>{cells}</table></body></html>").main_text
    assert all(word in text for word in ("Ievads", "Partneris 0", "Partneris 2"))
    assert text.count(PROSE.strip()) == 9


def test_reading_the_main_text_leaves_the_page_as_it_was() -> None:
    page = Html("https://x.lv/", FRAME % PAGES[0])
    before = page.links
    assert page.main_text
    assert len(list(page.root.iter("a"))) == len(before) == 3
    assert Html("https://x.lv/", "").main_text == ""


@pytest.mark.parametrize(
    "markup",
    [
        "<![CDATA[<script>alert(1)</script>]]>Kopā",
        "<scr\x00ipt>alert(1)</script>Kopā",
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Kopā",
        "&lt;script&gt;alert(1)&lt;/script&gt;Kopā",
    ],
)
def test_no_wrapping_lets_a_script_through(markup: str) -> None:
    assert plain_text(markup) == "Kopā"


def test_signs_that_are_no_tags_stay() -> None:
    assert plain_text("A &lt; B &amp; C &gt; D") == "A < B & C > D"


def test_labels_without_a_colon_count_where_a_heading_or_class_says_so() -> None:
    page = Html(
        "https://x.example/",
        "<main><h4>Valsts</h4><p>Latvija</p><h4>Mūsu stāsts</h4><p>Garš</p>"
        "<div class=field__label>Vieta</div><div class=field__item>Cēsis</div>"
        "<div class=row><div>Reģions</div><div>Vidzeme</div></div><p>Joma</p><p>vide</p><p>https://x.example/par</p></main>",
    )
    assert page.facts == {"Valsts": "Latvija", "Vieta": "Cēsis", "Reģions": "Vidzeme"}
