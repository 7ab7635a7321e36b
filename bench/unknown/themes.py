"""The chrome of pages as site builders print it: menus, cookie banners, footers, sidebars, in six manners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.unknown.site import Site


@dataclass(frozen=True, slots=True)
class Page:
    """What a theme puts its chrome around; titles are plain text, `content` and `head` are HTML."""

    path: str
    title: str
    content: str
    head: str
    crumbs: Sequence[tuple[str, str]]
    lang: str


def render(site: Site, page: Page) -> str:
    return THEMES[site.theme](site, page)


def form(site: Site) -> str:
    return f'<form action="/search" method="get"><label>{site.word("search")} <input name="q"></label><button>{site.word("search")}</button></form>'


def _menu(site: Site, item: str = '<li><a href="{1}">{0}</a></li>') -> str:
    own = [(site.words["home"], "/"), (site.words["about"], "/about/"), (site.words["team"], "/team/")]
    items = [*own, *site.menu, (site.words["news"], "/news/"), (site.words["contact"], "/contact/")]
    return "".join(item.format(escape(name), href) for name, href in items)


def _crumbs(site: Site, page: Page, mark: str = " › ") -> str:
    links = [f'<a href="{href}">{escape(name)}</a>' for name, href in ((site.words["home"], "/"), *page.crumbs)]
    return mark.join([*links, f"<span>{escape(page.title)}</span>"])


def _news(site: Site) -> str:
    return "".join(
        f'<li><a href="{site.news_address(title)}">{escape(title)}</a></li>' for title, _ in site.words["news_items"][:3]
    )


def _cookies(site: Site) -> str:
    return f"<p>{site.word('cookies')}</p><button>{site.word('accept')}</button> <button>{site.word('decline')}</button>"


def _head(site: Site, page: Page, separator: str) -> str:
    title = separator.join([page.title, site.name])
    social = f'<meta property="og:site_name" content="{escape(site.name)}"><meta property="og:title" content="{escape(title)}">'
    return f'<meta charset="utf-8"><title>{escape(title)}</title>{social if len(site.name) % 2 else ""}{site.head}{page.head}'


def block_theme(site: Site, page: Page) -> str:
    return f"""<!DOCTYPE html>
<html lang="{page.lang}"><head>{_head(site, page, " – ")}<meta name="viewport" content="width=device-width">
<meta name="generator" content="WordPress 6.5.2"></head>
<body class="wp-singular page-template wp-embed-responsive"><a class="skip-link screen-reader-text" href="#wp--skip-link--target">Skip</a>
<div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/">{escape(site.name)}</a></p>
<nav class="wp-block-navigation"><ul class="wp-block-navigation__container">{_menu(site)}</ul></nav></header>
<main class="wp-block-group" id="wp--skip-link--target"><h1 class="wp-block-post-title">{escape(page.title)}</h1>
<div class="entry-content wp-block-post-content is-layout-constrained">{page.content}</div></main>
<footer class="wp-block-template-part"><h2 class="wp-block-heading">{site.word("newsletter")}</h2><p>{site.word("address")}</p>
<p><a href="/privacy/">{site.word("privacy")}</a></p></footer></div>
<div id="cookie-law-info-bar" role="dialog">{_cookies(site)}</div>{site.everywhere}</body></html>"""


def bootstrap(site: Site, page: Page) -> str:
    return f"""<!doctype html>
<html lang="{page.lang}"><head>{_head(site, page, " | ")}<link href="/css/bootstrap.min.css" rel="stylesheet"></head><body>
<nav class="navbar navbar-expand-lg navbar-light bg-light"><div class="container"><a class="navbar-brand" href="/">{site.logo}</a>
<ul class="navbar-nav">{_menu(site, '<li class="nav-item"><a class="nav-link" href="{1}">{0}</a></li>')}</ul>{
        form(site)
    }</div></nav>
<div class="container"><nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item">{
        _crumbs(site, page, '</li><li class="breadcrumb-item">')
    }</li></ol></nav>
<div class="row"><div class="col-md-8"><h1>{escape(page.title)}</h1>{page.content}</div>
<aside class="col-md-4"><h4>{site.word("news")}</h4><ul class="list-unstyled">{_news(site)}</ul>
<h4>{site.word("newsletter")}</h4><form><input type="email"></form></aside></div></div>
<div class="cookie-consent alert alert-dark">{_cookies(site)}</div>
<footer class="bg-dark text-white"><div class="container"><div class="row"><div class="col"><h5>{site.word("contact")}</h5><p>{
        site.word("address")
    }</p></div>
<div class="col"><h5>{site.word("share")}</h5><a href="https://www.facebook.com/network">Facebook</a></div>
<div class="col"><a href="/privacy/">{site.word("privacy")}</a></div></div></div></footer>{site.everywhere}</body></html>"""


def drupal(site: Site, page: Page) -> str:
    return f"""<!DOCTYPE html>
<html lang="{page.lang}" dir="ltr"><head>{_head(site, page, " | ")}<meta name="Generator" content="Drupal 10 (https://www.drupal.org)"></head>
<body class="path-node"><div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><div class="layout-container">
<header role="banner"><div class="region region-header"><div id="block-site-branding" class="block block-system"><a href="/" rel="home">{escape(site.name)}</a></div>
<nav role="navigation" id="block-main-menu"><h2 class="visually-hidden">Main navigation</h2><ul>{_menu(site)}</ul></nav></div></header>
<div class="region region-breadcrumb"><nav class="breadcrumb" role="navigation">{_crumbs(site, page, " » ")}</nav></div>
<main role="main"><a id="main-content" tabindex="-1"></a><div class="layout-content"><div class="region region-content">
<div id="block-page-title" class="block block-core"><h1 class="page-title"><span class="field field--name-title">{escape(page.title)}</span></h1></div>
<div id="block-system-main" class="block block-system"><article class="node node--view-mode-full"><div class="node__content">{page.content}</div></article></div>
</div></div></main><footer role="contentinfo"><div class="region region-footer"><div class="block"><h2>{site.word("news")}</h2><ul>{_news(site)}</ul></div>
<div class="block"><p>{site.word("address")}</p><a href="/privacy/">{site.word("privacy")}</a></div></div></footer></div></div>
<div class="eu-cookie-compliance-banner">{_cookies(site)}</div>{site.everywhere}</body></html>"""


def tables(site: Site, page: Page) -> str:
    content = page.content.replace("</p>", "").replace("</li>", "")
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><head><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1257"><TITLE>{escape(site.name)} :: {
        escape(page.title)
    }</TITLE>{site.head}{page.head}</head>
<BODY BGCOLOR="#ffffff"><TABLE WIDTH="900" ALIGN="center"><TR><TD COLSPAN="3"><h1><font color="green">{
        escape(site.name)
    }</font></h1></TD></TR>
<TR><TD VALIGN="top" WIDTH="180">{_menu(site, '<a href="{1}"><b>{0}</b></a><br>')}<p><b>{site.word("news")}</b><ul>{
        _news(site)
    }</ul></TD>
<TD VALIGN="top"><h2>{escape(page.title)}</h2>{content}<p><span></TD>
<TD WIDTH="120" VALIGN="top">{form(site)}</TD></TR>
<TR><TD COLSPAN="3" ALIGN="center"><hr><small>{site.word("address")} | <a href="/privacy/">{
        site.word("privacy")
    }</a></small></TD></TR></TABLE>
<div style="position:fixed;bottom:0">{_cookies(site)}</div>{site.everywhere}</BODY></HTML>"""


def builder(site: Site, page: Page) -> str:
    return f"""<!DOCTYPE html><html lang="en-US"><head>{_head(site, page, " - ")}</head><body>
<div id="SITE_CONTAINER"><div class="_2Hij5"><div class="_3bcaz"><div class="top-bar"><div class="gM1h">{
        _cookies(site)
    }</div></div>
<div class="x7fa header-wrap"><h1 class="site-heading"><a href="/">{escape(site.name)}</a></h1><div class="x8">{
        _menu(site, '<div class="mi"><a href="{1}"><p class="mi-t">{0}</p></a></div>')
    }</div></div>
<div class="sec"><div class="c1 inl"><div class="rich"><h2 class="font_2">{escape(page.title)}</h2></div><div class="rich t2">{
        page.content
    }</div></div></div>
<div class="sec bottom"><div class="c1"><h3>{site.word("contact")}</h3><p class="font_8">{
        site.word("address")
    }</p><p class="font_8">© 2024 {escape(site.name)}</p>
<a href="/privacy/">{site.word("privacy")}</a></div></div></div></div></div>{site.everywhere}</body></html>"""


def joomla(site: Site, page: Page) -> str:
    return f"""<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" lang="{page.lang}"><head>{_head(site, page, " - ")}
<meta name="generator" content="Joomla! - Open Source Content Management"></head>
<body class="site com_content view-article"><div class="body"><div class="container"><header class="header">{
        site.logo
    }<div class="header-search">{form(site)}</div></header>
<nav class="navigation"><ul class="nav menu nav-pills">{_menu(site, '<li class="item"><a href="{1}">{0}</a></li>')}</ul></nav>
<div class="row-fluid"><div id="aside" class="span3"><div class="well"><h3 class="page-header">{
        site.word("news")
    }</h3><ul class="latestnews">{_news(site)}</ul></div></div>
<main id="content" class="span9"><ul class="breadcrumb"><li>{_crumbs(site, page, "</li><li>")}</li></ul>
<div class="item-page"><div class="page-header"><h2>{
        escape(page.title)
    }</h2></div><div class="icons"><a href="#" onclick="window.print()">{site.word("share")}</a></div>
<div class="articleBody">{page.content}</div></div></main></div></div></div>
<footer class="footer"><div class="container"><p>© 2024 {escape(site.name)}. {site.word("address")}</p><p><a href="/privacy/">{
        site.word("privacy")
    }</a></p></div></footer>
<div class="cookiehint">{_cookies(site)}</div>{site.everywhere}</body></html>"""


THEMES: dict[str, Callable[[Site, Page], str]] = {
    "block_theme": block_theme,
    "bootstrap": bootstrap,
    "drupal": drupal,
    "tables": tables,
    "builder": builder,
    "joomla": joomla,
}
