"""Builders of pages by hand: Mozello, Google Sites, Wix, Squarespace and Webflow; and Next and Nuxt, whose list is only in their state."""

from __future__ import annotations

import json
from urllib.parse import quote

from tests.crawlers.builders.classic import Pages, sections
from tests.crawlers.builders.content import ABOUT, COOKIES, ENTRIES, FUNDER, MENU, NEWSLETTER, OWNER, RIGHTS, SECTIONS


def mozello(*, has_list: bool) -> Pages:
    """Components in columns; each member is a heading, a text and a link within one page."""

    def page(title: str, content: str) -> str:
        list_item = '<li><a href="/biedri/" target="">Biedri</a></li>' if has_list else ""
        return f"""<!DOCTYPE html><html lang="lv"><head><title>{title} - {OWNER}</title><meta charset="utf-8">
<link rel="stylesheet" href="https://site-assets.mozfiles.com/designs/x/_shared/css/layout.css"></head><body class="mobile-header-icon">
<div id="top"><div id="header"><div id="title"><div class="mz_component mz_wysiwyg mz_editable"><div class="moze-wysiwyg-editor">{OWNER}</div></div></div>
<div class="mz_component mz_menu" id="menu"><ul><li><a href="/" target="">{MENU["lv"][0]}</a></li>{list_item}<li><a href="/par-mums/">{MENU["lv"][1]}</a></li>
<li><a href="/kontakti/">{MENU["lv"][2]}</a></li></ul></div></div></div><div id="wrap"><div id="main"><div id="editable">{content}</div></div></div>
<div id="bottom"><div id="footer"><div class="mz_component mz_wysiwyg mz_editable"><div class="moze-wysiwyg-editor"><p>{RIGHTS}</p><p>{FUNDER}</p>
<p>Izveidots ar <a href="https://www.mozello.lv/">Mozello</a> - labāko vietņu veidotāju</p></div></div></div></div>
<div class="mz_cookie_notice" id="mz_cookie_notice"><p>{COOKIES}</p></div></body></html>"""

    columns = "".join(
        f'<div class="mz_component mz_wysiwyg mz_editable"><div class="moze-wysiwyg-editor"><div class="mz_grid"><div class="mz_row"><div class="mz_col moze-left">'
        f'<h2 class="moze-left">{entry.lv}</h2><p class="moze-justify">{entry.lv_text}</p><p><a href="{entry.website}" target="_blank">{entry.slug}.example</a></p></div></div></div></div></div>'
        for entry in ENTRIES
    )
    pages: Pages = {
        "": page(OWNER, f'<div class="mz_component mz_wysiwyg"><div class="moze-wysiwyg-editor">{ABOUT}</div></div>'),
        "par-mums/": page(MENU["lv"][1], f'<div class="moze-wysiwyg-editor">{sections(SECTIONS)}</div>'),
        "kontakti/": page(MENU["lv"][2], '<div class="moze-wysiwyg-editor"><h1>Kontakti</h1><p>Ganību dambis 1, Rīga</p></div>'),
    }
    return pages | (
        {"biedri/": page("Biedri", f'<div class="moze-wysiwyg-editor"><h1>Biedri</h1></div>{columns}')} if has_list else {}
    )


def google_sites(*, has_list: bool) -> Pages:
    """Sections of tiles whose classes are hashes; links to other sites lead through an address of Google."""

    def tile(number: int, content: str) -> str:
        return f"""<section id="h.4f{number:04x}_7" class="yaqOZd"><div class="IFuOkc"></div><div class="mYVXT"><div class="LS81yb VICjCf j5pSsc db35Fc" tabindex="-1"><div class="hJDwNd-AhqUyc-uQSCkd Ft7HRd-AhqUyc-uQSCkd purZT-AhqUyc-II5mzb JNdkSc SQVYQc">
<div class="JNdkSc-SmKAyb LkDMRd"><div class="" jscontroller="sGwD4d" jsname="F57UId"><div class="oKdM2c ZZyype Kzv0Me"><div id="h.4f{number:04x}_4" class="hJDwNd-AhqUyc-uQSCkd jXK9ad D2fZ2 zu5uec OjCsFc dmUFtb wHaque g5GTcb"><div class="jXK9ad-SmKAyb">
<div class="tyJCtd mGzaTb Depvyb baZpAe">{content}</div></div></div></div></div></div></div></div></div></section>"""

    def page(title: str, content: str) -> str:
        list_item = '<li jsname="ibnC6b" data-nav-level="1" class="VsJjtf"><div class="PsKE7e"><a class="aJHbb dk90Ob" href="/biedri">Biedri</a></div></li>' if has_list else ""  # fmt: skip
        return f"""<!DOCTYPE html><html lang="lv" itemscope itemtype="http://schema.org/WebPage"><head><meta charset="utf-8"><title>{OWNER} - {title}</title>
<meta itemprop="name" content="{OWNER} - {title}"></head><body dir="ltr" itemscope itemtype="http://schema.org/WebPage" id="yDmH0d"><div class="SiteNavigation"><header id="atIdViewHeader"><div class="BbxBP HP6J1d K5Zlne">
<div class="YSH9J"><a class="GAuSPc" jsname="jIujaf" href="/">{OWNER}</a></div><nav class="JzO0Vc" role="navigation"><ul class="jYxBte Fpy8Db" tabindex="-1"><li class="VsJjtf"><a class="aJHbb" href="/">{MENU["lv"][0]}</a></li>{list_item}
<li class="VsJjtf"><a class="aJHbb" href="/par-mums">{MENU["lv"][1]}</a></li><li class="VsJjtf"><a class="aJHbb" href="/kontakti">{MENU["lv"][2]}</a></li></ul></nav></div></header></div>
<div role="main" tabindex="-1" class="UtePc RCETm">{tile(1, f'<h1 id="h.t" dir="ltr" class="zfr3Q duRjpb CDt4Ke"><span class="C9DxTc">{title}</span></h1>')}{content}
<footer class="hmVvU" id="footer"><section class="yaqOZd"><div class="mYVXT"><p dir="ltr" class="zfr3Q CDt4Ke"><span class="C9DxTc">{RIGHTS}</span></p><p class="zfr3Q">{FUNDER}</p></div></section></footer></div>
<div class="fktJzd AKpWA fOU46b yMcSQd"><div>{COOKIES}</div></div><div class="dZA9kd"><div>Google Sites</div><div>Ziņot par ļaunprātīgu izmantošanu</div></div></body></html>"""

    def leads(url: str) -> str:
        return f"https://www.google.com/url?q={quote(url, safe='')}&amp;sa=D&amp;sntz=1&amp;usg=AOvVaw0"

    tiles = "".join(
        tile(
            16 + number,
            f'<h2 id="h.{number}" dir="ltr" class="zfr3Q JYVBee CDt4Ke"><span class="C9DxTc">{entry.lv}</span></h2><p dir="ltr" class="zfr3Q CDt4Ke"><span class="C9DxTc">{entry.lv_text}</span></p>'
            f'<p dir="ltr" class="zfr3Q CDt4Ke"><span class="C9DxTc" style="text-decoration: underline;"><a class="XqQF9c" href="{leads(entry.website)}" target="_blank">{entry.slug}.example</a></span></p>',
        )
        for number, entry in enumerate(ENTRIES)
    )
    about = "".join(
        tile(64 + number, f'<h2 class="zfr3Q JYVBee">{name}</h2><p class="zfr3Q CDt4Ke">{text}</p>')
        for number, (name, text) in enumerate(SECTIONS)
    )
    pages: Pages = {
        "": page(MENU["lv"][0], tile(2, ABOUT)),
        "par-mums": page(MENU["lv"][1], about),
        "kontakti": page(MENU["lv"][2], tile(3, "<p>Rīga</p>")),
    }
    return pages | ({"biedri": page("Biedri", tiles)} if has_list else {})


def wix(*, has_list: bool) -> Pages:
    """A repeater whose items have a heading, a text and a button; classes are hashes, ids count the items."""

    def rich(tag: str, kind: int, text: str) -> str:
        return f'<div class="HcOXKn c9GqVL QxJLC3 wixui-rich-text" data-testid="richTextElement"><{tag} class="font_{kind} wixui-rich-text__text"><span class="wixui-rich-text__text">{text}</span></{tag}></div>'  # fmt: skip

    def page(title: str, content: str) -> str:
        names = [
            ("/", MENU["lv"][0]),
            *([("/biedri", "Biedri")] if has_list else []),
            ("/par-mums", MENU["lv"][1]),
            ("/kontakti", MENU["lv"][2]),
        ]
        menu = "".join(f'<li id="comp-kx{number}" class="NHM1d1"><a data-testid="linkElement" href="https://partner.example{href}" target="_self" class="UHJ0Hv"><div class="Z7cRTK"><p>{name}</p></div></a></li>' for number, (href, name) in enumerate(names))  # fmt: skip
        return f"""<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><meta name="generator" content="Wix.com Website Builder"><title>{title} | {OWNER}</title></head><body>
<script type="application/json" id="wix-essential-viewer-model">{{"site":{{"metaSiteId":"m","siteId":"s","userFileDomainUrl":"x"}}}}</script><div id="SITE_CONTAINER"><div id="main_MF" class="main_MF"><div id="SCROLL_TO_TOP" class="qhwIj ignore-focus" role="region"><span class="mHZSwn">top of page</span></div>
<div id="site-root" class="site-root"><div id="masterPage" class="mesh-layout masterPage css-editing-scope"><header id="SITE_HEADER" class="SITE_HEADER wixui-header" tabindex="-1">{rich("p", 8, OWNER)}<nav class="JStpVx hidden-during-prewarmup wixui-horizontal-menu" aria-label="Vietne"><ul class="aTFwTR">{menu}</ul></nav></header>
<main id="PAGES_CONTAINER" class="PAGES_CONTAINER" tabindex="-1" data-main-content="true"><div id="SITE_PAGES"><div id="c1dmp" class="dBAkHi theme-vars"><section id="comp-l1" class="Oqnisf comp-l1 wixui-section">{rich("h1", 0, title)}{content}</section></div></div></main>
<footer id="SITE_FOOTER" class="SITE_FOOTER wixui-footer" tabindex="-1">{rich("p", 9, RIGHTS)}{rich("p", 9, FUNDER)}{rich("p", 9, 'Proudly created with <a href="https://www.wix.com/">Wix.com</a>')}</footer></div></div><div id="SCROLL_TO_BOTTOM"><span>bottom of page</span></div></div></div>
<div class="consent-banner" role="dialog"><p>{COOKIES}</p></div></body></html>"""

    items = "".join(
        f'<div role="listitem" class="Zc7IjY"><div id="comp-m3__item-{entry.slug}" class="comp-m3 YzqVVZ wixui-repeater__item"><div data-mesh-id="comp-m3__item-{entry.slug}inlineContent"><div data-mesh-id="x-gridContainer">'
        f'{rich("h2", 2, entry.lv)}{rich("p", 8, entry.lv_text)}<div class="comp-m5__item-{entry.slug} comp-m5" data-testid="button"><a data-testid="linkElement" href="{entry.website}" target="_blank" rel="noreferrer noopener" class="uDW_Qe wixui-button PlZyDq" aria-label="Mājaslapa"><span class="l7_2fn wixui-button__label">Mājaslapa</span></a></div></div></div></div></div>'
        for entry in ENTRIES
    )
    about = "".join(rich("h2", 2, name) + rich("p", 8, text) for name, text in SECTIONS)
    pages: Pages = {"": page(OWNER, rich("div", 8, ABOUT)), "par-mums": page(MENU["lv"][1], about), "kontakti": page(MENU["lv"][2], rich("p", 8, "Ganību dambis 1, Rīga"))}  # fmt: skip
    return pages | ({"biedri": page("Biedri", f'<div id="comp-m2" class="comp-m2 wixui-repeater"><div role="list" class="T7n0L6">{items}</div></div>')} if has_list else {})  # fmt: skip


def squarespace(*, has_list: bool) -> Pages:
    """A section of a list, with the same items once more as JSON in an attribute."""

    def page(title: str, content: str) -> str:
        list_item = (
            '<div class="header-nav-item header-nav-item--collection"><a href="/members">Members</a></div>' if has_list else ""
        )
        return f"""<!doctype html><html xmlns:og="http://opengraphprotocol.org/schema/" lang="en-GB"><head><meta charset="utf-8"><!-- This is Squarespace. --><title>{title} &mdash; {OWNER}</title></head>
<body id="collection-65" class="primary-button-style-solid tweak-global-animations-enabled"><div id="siteWrapper" class="clearfix site-wrapper"><header data-test="header" id="header" class="header theme-col--primary"><a href="#page" class="header-skip-link sqs-button-element--primary">Skip to Content</a>
<div class="header-title"><div class="header-title-text"><a id="site-title" href="/">{OWNER}</a></div></div><div class="header-nav"><nav class="header-nav-list"><div class="header-nav-item"><a href="/">{MENU["en"][0]}</a></div>{list_item}<div class="header-nav-item"><a href="/about">{MENU["en"][1]}</a></div><div class="header-nav-item"><a href="/contact">{MENU["en"][2]}</a></div></nav></div></header>
<main id="page" class="container" role="main"><article class="sections" id="sections"><section data-test="page-section" data-section-theme="" class="page-section user-items-list-section layout-engine-section"><div class="section-border"></div><div class="content-wrapper"><div class="content">{content}</div></div></section></article></main>
<footer class="sections" id="footer-sections" data-footer-sections><section class="page-section"><div class="sqs-block newsletter-block"><h2>{NEWSLETTER}</h2></div><div class="sqs-html-content"><p>{RIGHTS}</p><p>{FUNDER}</p></div></section></footer></div>
<div class="gdpr-cookie-banner sqs-cookie-banner-v2"><p>{COOKIES}</p></div></body></html>"""

    data = [{"title": entry.en, "description": f"<p>{entry.en_text}</p>", "button": {"buttonText": "Website", "buttonLink": entry.website, "buttonNewWindow": True}} for entry in ENTRIES]  # fmt: skip
    context = (
        json.dumps({"userItems": data, "styles": {"imageFocalPoint": {"x": 0.5, "y": 0.5}}})
        .replace("&", "&amp;")
        .replace('"', "&quot;")
    )
    items = "".join(
        f'<li class="list-item" data-is-card-enabled="false"><div class="list-item-content"><div class="list-item-content__text-wrapper"><h2 class="list-item-content__title">{entry.en}</h2><div class="list-item-content__description"><p>{entry.en_text}</p></div></div>'
        f'<div class="list-item-content__button-wrapper"><div class="list-item-content__button-container"><a class="list-item-content__button sqs-block-button-element" href="{entry.website}" target="_blank">Website</a></div></div></div></li>'
        for entry in ENTRIES
    )
    listing = f'<div class="user-items-list"><div class="list-section-title"><p>Our members</p></div><ul class="user-items-list-item-container user-items-list-simple" data-controller="UserItemsListSimple" data-num-columns="3" data-current-context="{context}">{items}</ul></div>'  # fmt: skip
    about = sections(
        tuple(
            (f"Our value {number}", "We trust each other and try again when something failed the first time.")
            for number in range(1, 5)
        )
    )
    pages: Pages = {"": page("Home", "<p>An association of people who care, meet, learn from each other and speak to the city together.</p>"), "about": page("About us", about), "contact": page("Contacts", "<p>Riga</p>")}  # fmt: skip
    return pages | ({"members": page("Members", listing)} if has_list else {})


def webflow(*, has_list: bool) -> Pages:
    """A collection with a page for each item; what an item lacks stays in the page, hidden by a class."""

    def page(title: str, content: str) -> str:
        list_item = '<a href="/members" class="nav-link w-nav-link">Members</a>' if has_list else ""
        return f"""<!DOCTYPE html><html data-wf-domain="partner.example" data-wf-page="66aa" data-wf-site="66bb" lang="en"><head><meta charset="utf-8"><title>{title}</title><meta content="Webflow" name="generator"></head><body>
<div data-collapse="medium" role="banner" class="navbar w-nav"><div class="container w-container"><a href="/" class="brand w-nav-brand">{OWNER}</a><nav role="navigation" class="nav-menu w-nav-menu"><a href="/" class="nav-link w-nav-link">{MENU["en"][0]}</a>{list_item}<a href="/about" class="nav-link w-nav-link">{MENU["en"][1]}</a><a href="/contact" class="nav-link w-nav-link">{MENU["en"][2]}</a></nav></div></div>
<div class="section"><div class="w-layout-blockcontainer container w-container">{content}</div></div><div class="footer"><div class="container w-container"><p>{RIGHTS}</p><p>{FUNDER}</p><div class="newsletter w-form"><h4>{NEWSLETTER}</h4></div></div></div>
<div fs-cc="banner" class="cookie-banner"><p>{COOKIES}</p></div></body></html>"""

    items = "".join(
        f'<div role="listitem" class="collection-item w-dyn-item"><a href="/members/{entry.slug}" class="member-card w-inline-block"><img loading="lazy" alt="" src="" class="w-dyn-bind-empty"><h3 class="heading-3">{entry.en}</h3><p class="paragraph-2">{entry.en_text[:70]}…</p><div class="tag w-condition-invisible">New</div></a></div>'
        for entry in ENTRIES
    )
    listing = f'<h1>Members</h1><div class="w-dyn-list"><div role="list" class="w-dyn-items">{items}</div><div role="navigation" class="w-pagination-wrapper"></div></div>'
    about = sections(
        tuple(
            (f"Our value {number}", "We trust each other and try again when something failed the first time.")
            for number in range(1, 5)
        )
    )
    pages: Pages = {"": page(OWNER, "<p>An association of people who care, meet, learn from each other and speak to the city together.</p>"), "about": page("About us", about), "contact": page("Contacts", "<p>Riga</p>")}  # fmt: skip
    if has_list:
        pages["members"] = page("Members", listing)
        pages |= {
            f"members/{entry.slug}": page(
                entry.en,
                f'<h1>{entry.en}</h1><div class="rich-text-block w-richtext"><p>{entry.en_text}</p></div><a href="#" class="button w-condition-invisible w-button">Donate</a><a href="{entry.website}" target="_blank" class="button w-button">Website</a>',
            )
            for entry in ENTRIES
        }
    return pages


def app(framework: str, *, has_list: bool) -> Pages:
    """An application whose pages are empty without its scripts: the members are only in the state for them."""
    members = [{"id": f"m-{number}", "name": entry.en, "country": "LV", "website": entry.website, "description": entry.en_text} for number, entry in enumerate(ENTRIES if has_list else ())]  # fmt: skip
    menu = [{"title": name, "href": href} for name, href in zip(MENU["en"], ("/", "/about", "/contact"), strict=True)]
    if framework == "next":
        rows = f'0:["$","$L1",null,{{"nav":{json.dumps(menu)},"children":"$2"}}]\n1:I[7,["7"],"Shell"]\n2:["$","$L3",null,{{"members":{json.dumps(members)}}}]\n'
        state = f"<script>self.__next_f.push([1,{json.dumps(rows)}])</script>"
    else:
        flat: list[object] = [["ShallowReactive", 1], {"data": 2}, {"members": 3}, []]
        places = flat[3]
        for member in members:
            places.append(len(flat))  # type: ignore[attr-defined]
            flat.append({name: len(flat) + 1 + number for number, name in enumerate(member)})
            flat += member.values()
        state = f'<script type="application/json" id="__NUXT_DATA__" data-ssr="true">{json.dumps(flat)}</script>'
    shell = f'<!DOCTYPE html><html lang="en"><head><title>Our members</title></head><body><div id="__{framework}"><div class="spinner"></div></div>{state}</body></html>'
    return {"": shell}
