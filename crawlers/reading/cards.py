"""Cards: reading one initiative from a part of a page, by its name, text, labelled facts and links."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from crawlers.markup import Html
from crawlers.markup.elements import Element, markup_of, text_within
from crawlers.reading.json_objects import with_title
from crawlers.reading.lines import country_in, country_of_known_place, place_after
from crawlers.reading.moments import is_about_event, moments_of
from crawlers.reading.own_website import own_website
from crawlers.texts.clean import one_line
from crawlers.values.addresses import same_site, web_address
from crawlers.values.dates import parse_period
from crawlers.values.event_words import is_of_page_itself
from crawlers.values.labels import field_of, map_fields
from vocabulary import load

MAX_NAME_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 2_000
"""The text of an element with more, white space included, is no name and no value of a field."""
_NAME_WORDS = "title|name|heading|nosaukums|virsraksts|nimi|pavadinimas|nazwa|titel|navn"
NAME_CLASS = re.compile(rf"(^|[-_\s])({_NAME_WORDS})($|[-_\s])", re.IGNORECASE)
_CLASS_PREFIX = re.compile(
    r"^(field|fld|card|item|entry|member|project|post|info|meta|js|c|is|has|wp|views?|node|org|company|initiative)-+(name-)?"
)
_READ_MORE = re.compile(
    r"^\W*((read|learn|find out|see|view|show|discover|go to|visit)( the| our| their| its)?"
    r"( more\b.{0,40}| all| details| project| profile| page| (web)?site| homepage)"
    r"|read|more|details?|more info(rmation)?|web ?site|home ?page|link"
    r"|(lasīt|uzzināt|skatīt|apskatīt|atvērt)( (vairāk|tālāk|visu|visus|projektu|profilu|lapu)\b.{0,40})?"
    r"|vairāk( informācijas)?|mājas ?lapa|tīmekļa vietne|vietne|(loe|vaata)( edasi| lähemalt| rohkem)?|rohkem|koduleht"
    r"|(skaityti|plačiau|sužinoti)( daugiau| plačiau)?|daugiau|svetainė|(czytaj|dowiedz się|zobacz)( więcej| dalej)?|więcej"
    r"|strona( internetowa)?|(læs|läs|les|lue|mehr)( mere| mer| lisää| erfahren| lesen)?|hjemmeside|webbplats"
    r"|www\b.*|https?:.*)\W*$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]{1,10}\)){3,60})\)[\s.]*(?:www)?$")
_FILE_HINT = re.compile(r"[(–,-] ?(pdf|csv|xlsx?|docx?|zip|json|excel)\b|\d ?[km]b\)", re.IGNORECASE)
_FIELDS_BY_CLASS = {
    *("country", "place", "region", "address", "website", "email", "phone", "themes", "kind", "sectors", "legal_form"),
    *("registration", "organisation", "start_date", "end_date"),
}
_DAYS = ("start_date", "end_date")
_MERE_DATES = frozenset(
    {
        "date",
        "datums",
        "data",
        "datum",
        "dato",
        "kuupaev",
        "paivamaara",
        "kuupäev",
        "päivämäärä",
        "when",
        "kad",
        "kada",
        "from",
        "to",
        "until",
    }
)
"""Classes of dates that do not say what begins or ends on them."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "caption")
_LINE_TAGS = ("span", "p", "div", "li", "td", "small", "em", "i", "dd", "a", "strong", "address", "time")
_QUOTES = ("blockquote", "q", "cite", "figcaption")
_FLAG = re.compile(r"(^|[\W_])(flags?|karogs?)([\W_]|$)", re.IGNORECASE)
_FRAME_TAGS = ("nav", "header", "footer", "aside", "form", "script", "style", "template", "noscript", "select")


def name_element(part: Element) -> Element | None:
    """The element (lxml) with the name of a part: a heading, else one classed as a name, in bold, or a link; None without one."""
    candidates = [
        part.iter(*_HEADINGS),
        (element for element in part.iter() if _is_classed_as_name(element)),
        part.iter("strong", "b"),
        part.iter("a"),
    ]
    headings, *others = (
        [element for element in group if is_name(one_line(text_within(element, MAX_TEXT_CHARACTERS)))] for group in candidates
    )
    first = next((element for element in part.iter(*_HEADINGS)), None)
    if not headings and first is not None and _is_opening_label(first, part):
        return first
    return next((element for group in (headings, *others) for element in group), None)


def _is_classed_as_name(element: Element) -> bool:
    return isinstance(element.tag, str) and bool(NAME_CLASS.search(element.get("class") or element.get("itemprop") or ""))


def _is_opening_label(heading: Element, part: Element) -> bool:
    """Whether a heading that reads like a label ("Locality") is the name of its part: the only one, before all other text."""
    text = one_line(heading.text_content())
    is_only = sum(1 for _ in part.iter(heading.tag)) == 1
    return is_only and field_of(text) is not None and not text.endswith(":") and one_line(part.text_content()).startswith(text)


def is_name(text: str) -> bool:
    """Whether a text may be the name of something: no label, no "read more" and no description of a file."""
    is_label = text.endswith(":") or field_of(text) is not None
    is_no_name = is_label or _READ_MORE.match(text) or _FILE_HINT.search(text)
    return 1 < len(text) <= MAX_NAME_CHARACTERS and any(c.isalpha() for c in text) and not is_no_name


def read_card(markup: str, url: str, mapping: dict[str, str], *, is_page: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
    """Our fields from the markup of a part of a page (by labelled facts, classes, links, lines that name a country); the facts.

    `mapping` is that of the recipe, our field to the source's label. `is_page`: the markup is that of a whole page, whose
    sentences name countries that are not its own.
    """
    page = Html(url, f"<div>{markup}</div>")
    name = name_element(page.root)
    facts = dict(page.facts)
    if name is not None:
        facts.pop(one_line(name.text_content()), None)
    moments = moments_of(page.root, url, name)
    fields = dict(map_fields({label: value for label, value in facts.items() if not _is_told_by(moments, label, value)}, mapping))
    if not web_address(str(fields.get("website") or ""), page.base):
        fields.pop("website", None)
    is_event = is_about_event(page.root, url)
    for ours, value in (*moments.items(), *_fields_of_classes(page.root, name, is_event=is_event), *_fields_of_links(page, name)):
        fields.setdefault(ours, value)
    if "country" not in fields and name is not None:
        fields = place_after(name) | fields
    if "country" not in fields:
        fields = _with_country(fields, page.root, name, is_page=is_page)
    if name is not None:
        fields.setdefault("title", one_line(name.text_content()))
    fields = with_title(fields)
    fields.setdefault("description", _remaining_markup(page.root, name, frozenset(mapping.values())))
    return dict(fields), facts


def _is_told_by(moments: dict[str, str], label: str, value: str) -> bool:
    """Whether a labelled day is not understood as it is shown, while the page's markup tells it."""
    return field_of(label) in moments and not any(parse_period(value))


def _with_country(fields: dict[str, Any], root: Element, name: Element | None, *, is_page: bool) -> dict[str, Any]:
    """The fields with the country that the place names, else one that a short text of the part names."""
    if country_and_place := country_in(str(fields.get("place") or "").rstrip("."), is_place=True):
        country, place = country_and_place
        return fields | {"country": country, "place": place}
    unlabelled = _unlabelled_country(root, name, is_page=is_page)
    return fields | {field: value for field, value in unlabelled.items() if field not in fields}


def own_link(markup: str, url: str) -> str | None:
    """The address of the only other page on the same site that a card links to; None where it links to none, or several."""
    page = Html(url, f"<div>{markup}</div>")
    links = [link for link in page.links if same_site(link, url) and link.rstrip("/") != url.rstrip("/")]
    return links[0] if len(set(links)) == 1 else None


def main_part(page: Html) -> Element:
    """A copy (lxml) of the page's content without menus, headers and footers: its main element, only article, or the page."""
    root = copy.deepcopy(page.root)
    for element in list(root.iter(*_FRAME_TAGS)):
        if element.find(".//h1") is None and element.getparent() is not None:
            element.drop_tree()
    for path in ("//main", "//*[@role='main']", "//article"):
        elements = root.xpath(path)
        if len(elements) == 1:
            return elements[0]
    return root


def _fields_of_links(page: Html, name: Element | None) -> Iterator[tuple[str, str]]:
    """Website, email and phone, as the links of a part give them."""
    if website := own_website(page, name):
        yield "website", website
    for link in page.root.iter("a"):
        scheme, _, rest = (link.get("href") or "").partition(":")
        if scheme in ("mailto", "tel") and rest:
            yield ("email" if scheme == "mailto" else "phone"), rest.split("?")[0]


_MEANINGLESS_CLASSES = frozenset({"field", "area", "body", "content", "text", "item", "label", "title", "link"})
"""Classes that any part of a page may have, although they name fields elsewhere."""


def _fields_of_classes(root: Element, name: Element | None, *, is_event: bool) -> Iterator[tuple[str, str]]:
    """Field and text of short elements whose class names a field, such as `<span class="card-country">`.

    A mere date, as cards of news have one, is the start of nothing but an event.
    """
    for element in root.iter():
        if not isinstance(element.tag, str) or element is name or len(element) > 2:
            continue
        classes = element.get("class") or ""
        for word in {*classes.split()} - _MEANINGLESS_CLASSES:
            label = _CLASS_PREFIX.sub("", word.lower().replace("_", "-")).replace("-", " ")
            ours = None if label in _MERE_DATES and not is_event else field_of(label)
            text = one_line(text_within(element, MAX_TEXT_CHARACTERS)) if ours in _FIELDS_BY_CLASS else ""
            if ours and 0 < len(text) <= 120 and ":" not in text and not (ours in _DAYS and is_of_page_itself(classes)):
                yield ours, text


def _unlabelled_country(root: Element, name: Element | None, *, is_page: bool) -> dict[str, str]:
    """Country, and place if there is one, from the short texts of a part, or from brackets at the end of its text.

    Empty where two countries are named. Names (`name`, whole headings) are not read: an initiative may be named like a country.
    Of a page only lines count that are nothing but a place that is known, or a country.
    """
    matches: dict[str, tuple[str, str]] = {}
    name_text = one_line(name.text_content()) if name is not None else ""
    for text in _short_texts(root):
        if text == name_text:
            continue
        brackets = [] if is_page else _IN_BRACKETS.findall(text)
        whole = country_of_known_place(text) if is_page else country_in(text)
        for match in (whole, *(country_in(part, is_place=True) for part in brackets)):
            if match:
                matches[load().find_country(match[0]) or ""] = match
    last = None if is_page else _IN_BRACKETS.search(one_line(root.text_content()))
    if not matches and last and (match := country_in(last[1], is_place=True)):
        matches[match[0]] = match
    if len(matches) != 1:
        return {}
    country, place = next(iter(matches.values()))
    return {"country": country} | ({"place": place} if place else {})


def _short_texts(root: Element) -> Iterator[str]:
    """The lines of elements without children but br, except whole headings and quotes; and the alternative texts of flags."""
    for element in root.iter(*_LINE_TAGS, "img"):
        if element.tag == "img":
            names = f"{element.get('class') or ''} {element.get('src') or ''}"
            yield from (text for name in ("alt", "title") if _FLAG.search(names) and (text := element.get(name)))
        elif all(child.tag == "br" for child in element):
            lines = map(one_line, (element.text or "", *(child.tail or "" for child in element)))
            whole = one_line(element.text_content())
            if not any(above.tag in _QUOTES or _is_heading_of(above, whole) for above in element.iterancestors()):
                yield from (line for line in lines if line)


def _is_heading_of(element: Element, text: str) -> bool:
    """Whether an element is a heading with exactly this text."""
    return element.tag in _HEADINGS and one_line(text_within(element, MAX_TEXT_CHARACTERS)) == text


def breadcrumb_country(page: Html) -> str | None:
    """The text in a page's breadcrumb, the page itself left out, that names a country; None for none or several."""
    crumbs = page.root.xpath(
        "//*[contains(@class, 'breadcrumb') or contains(@class, 'crumbs') or @aria-label='breadcrumb']//*[not(*)]"
    )
    texts = {text for crumb in crumbs if load().find_lone_country(text := one_line(crumb.text_content()))} - {page.title}
    return texts.pop() if len(texts) == 1 else None


def _remaining_markup(root: Element, name: Element | None, mapped: frozenset[str]) -> str:
    """The markup of a part without its name, labelled facts (also the `mapped` ones) and "read more" links; the tree changes."""
    removed = [name] if name is not None else []
    if name is not None and name.tail:
        name.tail = re.sub(r"^\s*[–—:,-]+\s*", " ", name.tail)
    for term in root.iter("dt", "tr"):
        if term is name:
            continue
        label = one_line((term if term.tag == "dt" else term[0] if len(term) else term).text_content())
        if field_of(label) or label in mapped:
            value = term.getnext() if term.tag == "dt" else None
            removed += [term] if value is None else [term, value]
    removed += [link for link in root.iter("a", "button") if _READ_MORE.match(one_line(link.text_content()) or "www")]
    for element in removed:
        if element.getparent() is not None:
            element.drop_tree()
    return markup_of(root)
