"""Content systems with a page for each entry: Drupal, Joomla, TYPO3, and WordPress without its interface, with Polylang or WPML."""

from __future__ import annotations

from tests.crawlers.builders.content import ABOUT, COOKIES, ENTRIES, FUNDER, MENU, NEWSLETTER, OWNER, PRIVACY, RIGHTS, SECTIONS
from tests.crawlers.memory_site import BASE, Body

Pages = dict[str, Body]


def drupal(*, has_list: bool) -> Pages:
    """A view of teasers with a pager, fields with labels, aliases of paths, and a block with links to both languages."""

    def page(lang: str, path: str, title: str, content: str, other: str) -> str:
        home, about, contacts = MENU[lang]
        members = ("Biedri" if lang == "lv" else "Members") if has_list else None
        items = [(home, f"/{lang}"), *([(members, f"/{lang}/biedri")] if members else []), (about, f"/{lang}/par"), (contacts, f"/{lang}/kontakti")]  # fmt: skip
        menu = "".join(f'<li class="menu-item"><a href="{href}" data-drupal-link-system-path="x">{name}</a></li>' for name, href in items)  # fmt: skip
        return f"""<!DOCTYPE html><html lang="{lang}" dir="ltr" prefix="og: https://ogp.me/ns#"><head><meta charset="utf-8">
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)"><link rel="alternate" hreflang="lv" href="{BASE}{path if lang == "lv" else other}">
<link rel="alternate" hreflang="en" href="{BASE}{other if lang == "lv" else path}"><link rel="canonical" href="{BASE}{path}">
<title>{title} | {OWNER}</title></head><body class="path-node page-node-type-page">
<a href="#main-content" class="visually-hidden focusable skip-link">Pārlekt uz galveno saturu</a>
<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><div class="layout-container">
<header role="banner"><div class="region region-header"><div id="block-branding" class="block block-system"><a href="/{lang}" rel="home">{OWNER}</a></div>
<nav role="navigation" id="block-main-menu" class="block block-menu navigation"><ul class="menu">{menu}</ul></nav>
<div class="language-switcher-language-url block block-language" role="navigation"><ul class="links"><li hreflang="lv" class="lv">
<a href="/{path if lang == "lv" else other}" class="language-link" hreflang="lv">Latviešu</a></li><li hreflang="en" class="en">
<a href="/{other if lang == "lv" else path}" class="language-link" hreflang="en">English</a></li></ul></div></div></header>
<main role="main"><a id="main-content" tabindex="-1"></a><div class="layout-content"><div class="region region-content">
<div data-drupal-messages-fallback class="hidden"></div><div id="block-page-title" class="block block-core block-page-title-block">
<h1><span class="field field--name-title field--type-string field--label-hidden">{title}</span></h1></div>
<div id="block-content" class="block block-system block-system-main-block">{content}</div></div></div></main>
<footer role="contentinfo"><div class="region region-footer"><p>{RIGHTS}</p><p>{FUNDER}</p>
<span>Powered by <a href="https://www.drupal.org">Drupal</a></span></div></footer></div></div>
<div role="alertdialog" aria-labelledby="popup-text" class="eu-cookie-compliance-banner"><div class="popup-content info">
<div id="popup-text"><h2>{COOKIES}</h2><button type="button">Piekrītu</button></div></div></div></body></html>"""

    def teaser(lang: str, number: int) -> str:
        entry = ENTRIES[number]
        more = "Lasīt vairāk" if lang == "lv" else "Read more"
        href = f"/{lang}/biedri/{entry.slug}"
        return f"""<div class="views-row"><article about="{href}" class="node node--type-biedrs node--view-mode-teaser"><h2 class="node__title">
<a href="{href}" rel="bookmark"><span class="field field--name-title field--type-string field--label-hidden">{entry.title(lang)}</span></a></h2>
<div class="node__content"><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">
<p>{entry.text(lang)[:60]}…</p></div><div class="node__links"><ul class="links inline"><li class="node-readmore">
<a href="{href}" rel="tag" title="{entry.title(lang)}" hreflang="{lang}">{more}<span class="visually-hidden"> {entry.title(lang)}</span></a>
</li></ul></div></div></article></div>"""

    def view(lang: str, number: int) -> str:
        rows = "".join(teaser(lang, place) for place in range(number * 4, min(number * 4 + 4, len(ENTRIES))))
        names = ("Nākamā lapa", "Iepriekšējā lapa") if lang == "lv" else ("Next page", "Previous page")
        link = f'<li class="pager__item pager__item--{("next", "previous")[number]}"><a href="?page={1 - number}" title="{names[number]}" rel="{("next", "prev")[number]}"><span class="visually-hidden">{names[number]}</span><span aria-hidden="true">{"›‹"[number]}</span></a></li>'  # fmt: skip
        pager = f'<nav class="pager" role="navigation"><ul class="pager__items js-pager__items"><li class="pager__item is-active">{number + 1}</li>{link}</ul></nav>'  # fmt: skip
        return f'<div class="views-element-container"><div class="view view-biedri view-id-biedri js-view-dom-id-2f8a"><div class="view-content">{rows}</div>{pager}</div></div>'  # fmt: skip

    def entry_content(lang: str, number: int) -> str:
        entry = ENTRIES[number]
        label = "Mājaslapa" if lang == "lv" else "Website"
        return f"""<article about="/{lang}/biedri/{entry.slug}" class="node node--type-biedrs node--view-mode-full"><div class="node__content">
<div class="clearfix text-formatted field field--name-body field--label-hidden field__item"><p>{entry.text(lang)}</p></div>
<div class="field field--name-field-majaslapa field--type-link field--label-inline clearfix"><div class="field__label">{label}</div>
<div class="field__item"><a href="{entry.website}">{entry.slug}.example</a></div></div></div></article>"""

    pages: Pages = {}
    for lang, other in (("lv", "en"), ("en", "lv")):
        pages[lang] = page(lang, lang, MENU[lang][0], f'<article class="node">{ABOUT}</article>', other)
        pages[f"{lang}/par"] = page(lang, f"{lang}/par", MENU[lang][1], sections(SECTIONS), f"{other}/par")
        pages[f"{lang}/kontakti"] = page(
            lang, f"{lang}/kontakti", MENU[lang][2], "<p>Ganību dambis 1, Rīga</p>", f"{other}/kontakti"
        )
        if has_list:
            title = "Mūsu biedri" if lang == "lv" else "Our members"
            for number in (0, 1):
                query = f"?page={number}" if number else ""
                pages[f"{lang}/biedri{query}"] = page(lang, f"{lang}/biedri", title, view(lang, number), f"{other}/biedri")
            pages[f"{lang}/biedri?page=0"] = pages[f"{lang}/biedri"]
            for number, entry in enumerate(ENTRIES):
                path = f"biedri/{entry.slug}"
                pages[f"{lang}/{path}"] = page(
                    lang, f"{lang}/{path}", entry.title(lang), entry_content(lang, number), f"{other}/{path}"
                )
    return pages | {"": pages["lv"]}


def joomla(*, has_list: bool) -> Pages:
    """A blog of a category under `index.php`, with the details, hits and links to neighbours around each article."""

    def page(title: str, content: str) -> str:
        list_item = '<li class="nav-item item-103"><a href="/index.php/biedri">Biedri</a></li>' if has_list else ""
        return f"""<!DOCTYPE html><html lang="lv-lv" dir="ltr"><head><meta charset="utf-8">
<meta name="generator" content="Joomla! - Open Source Content Management"><title>{title}</title></head>
<body class="site com_content wrapper-static view-category layout-blog no-task itemid-103 has-sidebar-left">
<header class="header container-header full-width"><div class="grid-child"><div class="navbar-brand"><a class="brand-logo" href="/">{OWNER}</a></div></div>
<div class="grid-child container-nav"><nav class="navbar navbar-expand-lg"><ul class="mod-menu mod-list nav"><li class="nav-item item-101 default">
<a href="/index.php">{MENU["lv"][0]}</a></li><li class="nav-item item-102"><a href="/index.php/par-mums">{MENU["lv"][1]}</a></li>{list_item}
<li class="nav-item item-104"><a href="/index.php/kontakti">{MENU["lv"][2]}</a></li></ul></nav></div></header>
<div class="site-grid"><div class="grid-child container-sidebar-left"><div class="sidebar-left card"><h3 class="card-header">Populārākie raksti</h3>
<div class="card-body"><ul class="mod-articlespopular mostread"><li><a href="/index.php/par-mums">Statūti</a></li><li><a href="/index.php/kontakti">Rekvizīti</a></li>
<li><a href="/index.php/privatums">Privātuma politika</a></li></ul></div></div></div><div class="grid-child container-component"><nav class="mod-breadcrumbs__wrapper"><ol class="mod-breadcrumbs breadcrumb">
<li class="mod-breadcrumbs__item breadcrumb-item"><a href="/index.php" class="pathway"><span>{MENU["lv"][0]}</span></a></li></ol></nav>
<main>{content}</main></div></div><footer class="container-footer footer full-width"><div class="grid-child"><p>{RIGHTS}</p><p>{FUNDER}</p></div></footer>
<div id="cookiehint" class="alert"><p>{COOKIES}</p><a class="btn">Labi</a></div></body></html>"""

    def item(number: int) -> str:
        entry = ENTRIES[number]
        href = f"/index.php/biedri/{12 + number}-{entry.slug}"
        return f"""<div class="com-content-category-blog__item blog-item" itemprop="blogPost" itemscope itemtype="https://schema.org/BlogPosting">
<div class="item-content"><div class="page-header"><h2 itemprop="name"><a href="{href}" itemprop="url">{entry.lv}</a></h2></div>
<dl class="article-info text-muted"><dt class="article-info-term">Informācija</dt><dd class="createdby">Sarakstījis Administrators</dd>
<dd class="hits"><meta itemprop="interactionCount" content="UserPageVisits:12"> Skatīts: 12</dd></dl><p>{entry.lv_text}</p>
<p class="readmore"><a class="btn btn-secondary" href="{href}" aria-label="Lasīt vairāk: {entry.lv}">Lasīt vairāk: {entry.lv}</a></p></div></div>"""

    def article(number: int) -> str:
        entry = ENTRIES[number]
        next_entry = ENTRIES[(number + 1) % len(ENTRIES)]
        place = (number + 1) % len(ENTRIES)
        return f"""<div class="com-content-article item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h1 itemprop="headline">{entry.lv}</h1></div>
<dl class="article-info text-muted"><dt class="article-info-term">Informācija</dt><dd class="createdby" itemprop="author">Sarakstījis <span itemprop="name">Administrators</span></dd>
<dd class="category-name">Kategorija: <a href="/index.php/biedri">Biedri</a></dd><dd class="hits">Skatīts: {30 + number}</dd></dl>
<div itemprop="articleBody" class="com-content-article__body"><p>{entry.lv_text}</p><p>Mājaslapa: <a href="{entry.website}" target="_blank" rel="noopener noreferrer">{entry.website}</a></p></div>
<nav class="pagenavigation" aria-label="Lapu navigācija"><span class="pagination ms-0"><a class="btn btn-sm btn-secondary next" href="/index.php/biedri/{12 + place}-{next_entry.slug}" rel="next">
<span class="visually-hidden">Nākamais raksts: {next_entry.lv}</span><span aria-hidden="true">Nākamais</span></a></span></nav></div>"""

    blog = "".join(f'<div class="blog-items columns-2">{item(number)}</div>' for number in range(len(ENTRIES)))
    pages: Pages = {
        "": page(OWNER, f'<div class="item-page">{ABOUT}</div>'),
        "index.php/par-mums": page(MENU["lv"][1], f'<div class="item-page">{sections(SECTIONS)}</div>'),
        "index.php/kontakti": page(MENU["lv"][2], "<p>Ganību dambis 1, Rīga</p>"),
        "index.php/privatums": page("Privātuma politika", f'<div class="item-page">{sections(PRIVACY)}</div>'),
    }
    pages["index.php"] = pages[""]
    if has_list:
        heading = '<div class="com-content-category-blog blog"><div class="page-header"><h1>Biedri</h1></div>'
        pages["index.php/biedri"] = page("Biedri", f"{heading}{blog}</div>")
        pages |= {
            f"index.php/biedri/{12 + number}-{entry.slug}": page(entry.lv, article(number))
            for number, entry in enumerate(ENTRIES)
        }
    return pages


def typo3(*, has_list: bool) -> Pages:
    """Frames of content elements; a list of the extension for news, whose entries are members, with a page for each."""

    def page(title: str, content: str) -> str:
        list_item = '<li><a href="/biedri/" title="Biedri"><span>Biedri</span></a></li>' if has_list else ""
        return f"""<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><!-- This website is powered by TYPO3 - inspiring people to share! -->
<meta name="generator" content="TYPO3 CMS"><title>{title} - {OWNER}</title></head><body id="p12" class="page-12 pagelevel-1 language-0 backendlayout-default">
<div id="top"></div><header id="page-header" class="bp-page-header navbar"><div class="container"><a class="navbar-brand" href="/">{OWNER}</a>
<nav aria-label="Main navigation" id="mainnavigation"><ul class="nav navbar-nav navbar-main"><li><a href="/" title="{MENU["lv"][0]}"><span>{MENU["lv"][0]}</span></a></li>
{list_item}<li><a href="/par-mums/"><span>{MENU["lv"][1]}</span></a></li><li><a href="/kontakti/"><span>{MENU["lv"][2]}</span></a></li></ul></nav></div></header>
<nav class="breadcrumb-section" aria-label="Breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">{MENU["lv"][0]}</a></li></ol></nav>
<div id="page-content" class="bp-page-content main-section"><!--TYPO3SEARCH_begin--><div class="section section-default">{content}</div><!--TYPO3SEARCH_end--></div>
<footer id="page-footer" class="bp-page-footer"><section class="section footer-section-content"><div class="frame frame-default frame-type-text"><p>{FUNDER}</p></div></section>
<section class="footer-section footer-section-meta"><p>{RIGHTS}</p></section></footer><div class="cookie-bar"><p>{COOKIES}</p><button>Sapratu</button></div></body></html>"""

    def frame(number: int, content: str, kind: str = "textmedia") -> str:
        return f"""<div id="c{number}" class="frame frame-size-default frame-default frame-type-{kind} frame-layout-default frame-background-none">
<div class="frame-group-container"><div class="frame-group-inner"><div class="frame-container frame-container-default"><div class="frame-inner">{content}</div></div></div></div></div>"""

    def listed(number: int) -> str:
        entry = ENTRIES[number]
        href = f"/biedri/biedrs/{entry.slug}/"
        return f"""<div class="article articletype-0 topnews" itemscope="itemscope" itemtype="http://schema.org/Article"><div class="header"><h3>
<a itemprop="url" title="{entry.lv}" href="{href}"><span itemprop="headline">{entry.lv}</span></a></h3></div><div class="teaser-text">
<div itemprop="description"><p class="bodytext">{entry.lv_text[:70]}…</p></div><a class="more" title="{entry.lv}" href="{href}">Vairāk</a></div></div>"""

    def detail(number: int) -> str:
        entry = ENTRIES[number]
        return f"""<div class="news news-single"><div class="article" itemscope="itemscope" itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">{entry.lv}</h1></div>
<div class="news-text-wrap" itemprop="articleBody"><p class="bodytext">{entry.lv_text}</p></div><div class="news-related-wrap"><div class="news-related news-related-links"><h4>Saites</h4>
<ul><li><a href="{entry.website}" title="Mājaslapa" target="_blank">Mājaslapa</a></li></ul></div></div><div class="news-backlink-wrap"><a href="/biedri/">Atpakaļ</a></div></div></div>"""

    pages: Pages = {
        "": page(OWNER, frame(1, ABOUT)),
        "par-mums/": page(MENU["lv"][1], "".join(frame(20 + number, f"<h2>{name}</h2><p class=bodytext>{text}</p>") for number, (name, text) in enumerate(SECTIONS))),
        "kontakti/": page(MENU["lv"][2], frame(9, "<p>Ganību dambis 1, Rīga</p>")),
    }  # fmt: skip
    if has_list:
        rows = "".join(map(listed, range(len(ENTRIES))))
        listing = f'<h1 class="element-header">Biedri</h1><div class="news"><div class="news-list-view" id="news-container-5">{rows}</div></div>'
        pages["biedri/"] = page("Biedri", frame(5, listing, "news_pi1"))
        pages |= {f"biedri/biedrs/{entry.slug}/": page(entry.lv, frame(6, detail(number), "news_newsdetail")) for number, entry in enumerate(ENTRIES)}  # fmt: skip
    return pages


def wordpress(plugin: str, *, has_list: bool) -> Pages:
    """Pages of WordPress whose interface is closed, in pairs of languages as Polylang or WPML declares them."""

    def switcher(lv: str, en: str) -> str:
        if plugin == "polylang":
            return (
                f'<li class="lang-item lang-item-2 lang-item-lv menu-item"><a href="{BASE}{lv}" hreflang="lv" lang="lv">Latviešu</a></li>'
                f'<li class="lang-item lang-item-5 lang-item-en menu-item"><a href="{BASE}{en}" hreflang="en-GB" lang="en-GB">English</a></li>'
            )
        return (
            f'<li class="menu-item wpml-ls-slot-2 wpml-ls-item wpml-ls-item-lv wpml-ls-menu-item"><a href="{BASE}{lv}" title="Latviešu">'
            f'<span class="wpml-ls-native" lang="lv">Latviešu</span></a></li><li class="menu-item wpml-ls-item wpml-ls-item-en"><a href="{BASE}{en}">'
            '<span class="wpml-ls-native" lang="en">English</span><span class="wpml-ls-display"><span class="wpml-ls-bracket"> (</span>Angļu<span class="wpml-ls-bracket">)</span></span></a></li>'
        )

    def page(lang: str, title: str, content: str, lv: str, en: str) -> str:
        home, about, contacts = MENU[lang]
        prefix = "" if lang == "lv" else "en/"
        members = f'<li class="menu-item menu-item-type-post_type"><a href="{BASE}{prefix}{FOLDERS[lang]}/">{"Biedri" if lang == "lv" else "Members"}</a></li>' if has_list else ""  # fmt: skip
        return f"""<!DOCTYPE html><html lang="{"lv" if lang == "lv" else "en-GB"}"><head><meta charset="UTF-8"><title>{title} - {OWNER}</title>
<link rel="alternate" href="{BASE}{lv}" hreflang="lv"><link rel="alternate" href="{BASE}{en}" hreflang="en"><link rel="alternate" href="{BASE}{lv}" hreflang="x-default">
<meta name="generator" content="WordPress 6.8"></head><body class="wp-singular page-template-default"><div id="page" class="hfeed site">
<header id="masthead" class="site-header"><p class="site-title"><a href="{BASE}" rel="home">{OWNER}</a></p><nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">
<li class="menu-item"><a href="{BASE}{prefix}">{home}</a></li>{members}<li class="menu-item"><a href="{BASE}{prefix}par/">{about}</a></li>
<li class="menu-item"><a href="{BASE}{prefix}kontakti/">{contacts}</a></li>{switcher(lv, en)}</ul></nav></header>
<div id="content" class="site-content"><main id="primary" class="site-main"><article class="post page type-page status-publish hentry"><header class="entry-header"><h1 class="entry-title">{title}</h1></header>
<div class="entry-content">{content}</div></article></main><aside id="secondary" class="widget-area"><section class="widget"><h2 class="widget-title">{NEWSLETTER}</h2><form><input type="email"></form></section></aside></div>
<footer id="colophon" class="site-footer"><p>{RIGHTS}</p><p>{FUNDER}</p></footer></div>
<div id="cookie-law-info-bar"><span>{COOKIES}<a role="button" class="cli-plugin-main-button">Piekrītu</a></span></div></body></html>"""

    def card(lang: str, number: int) -> str:
        entry = ENTRIES[number]
        prefix = "" if lang == "lv" else "en/"
        return f"""<li class="wp-block-post post-{40 + number} biedrs type-biedrs status-publish hentry"><h3 class="wp-block-post-title">
<a href="{BASE}{prefix}{FOLDERS[lang]}/{entry.slug}-{lang}/" target="_self">{entry.title(lang)}</a></h3><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">{entry.text(lang)[:80]}…</p></div></li>"""

    def entry_content(lang: str, number: int) -> str:
        entry = ENTRIES[number]
        label = "Apmeklēt mājaslapu" if lang == "lv" else "Visit website"
        return f'<p>{entry.text(lang)}</p><div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" href="{entry.website}">{label}</a></div></div>'  # fmt: skip

    pages: Pages = {}
    for lang, prefix in (("lv", ""), ("en", "en/")):
        pages[prefix] = page(lang, MENU[lang][0], ABOUT, "", "en/")
        pages[f"{prefix}par/"] = page(lang, MENU[lang][1], sections(SECTIONS), "par/", "en/par/")
        pages[f"{prefix}kontakti/"] = page(lang, MENU[lang][2], "<p>Ganību dambis 1, Rīga</p>", "kontakti/", "en/kontakti/")
        if has_list:
            cards = "".join(card(lang, number) for number in range(len(ENTRIES)))
            listing = f'<div class="wp-block-query"><ul class="wp-block-post-template">{cards}</ul></div>'
            pair = (f"{FOLDERS['lv']}/", f"en/{FOLDERS['en']}/")
            pages[f"{prefix}{FOLDERS[lang]}/"] = page(lang, "Mūsu biedri" if lang == "lv" else "Our members", listing, *pair)
            for number, entry in enumerate(ENTRIES):
                versions = (f"{pair[0]}{entry.slug}-lv/", f"{pair[1]}{entry.slug}-en/")
                pages[versions[lang == "en"]] = page(lang, entry.title(lang), entry_content(lang, number), *versions)
    return pages


FOLDERS = {"lv": "biedri", "en": "members"}


def sections(parts: tuple[tuple[str, str], ...]) -> str:
    """A page of headings with a text each."""
    return "".join(f"<h2>{name}</h2><p>{text}</p>" for name, text in parts)
