"""Links and forms of a page, as a browser would see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

TOKEN = "csrf_token"
TAKE_NO_TOKEN = ("/clicks", "/api/")
_ID = re.compile(r"(?<=/)([a-z0-9]{10})(?=/|$)")
_LONG = re.compile(r"(?<=/)[\w-]{20,}(?=[/.]|$)")
_NUMBER = re.compile(r"\d+")
_SLUG = re.compile(r"(?<=/#/)[\w.-]*-[\w-]*")


@dataclass(frozen=True, slots=True)
class Field:
    """One control with a name: its kind (the type of an input, or select, textarea, button), value and choices."""

    name: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: `action` is a path of this site with its query, `page` the path that it stands on."""

    page: str
    action: str
    method: str
    is_multipart: bool
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What forms that do the same have in common."""
        return self.method, shape(self.action), tuple(sorted({field.name for field in self.fields}))

    @property
    def has_token(self) -> bool:
        return any(field.name == TOKEN for field in self.fields)

    @property
    def needs_token(self) -> bool:
        """Whether it has to be sent with its token; not where mail programs send, too, and a secret address stands for the person."""
        return not shape(self.action).startswith(TAKE_NO_TOKEN) and not shape(self.action).endswith(
            ("/secret/end", "/secret/end-urgent")
        )


def shape(target: str) -> str:
    """The address without what names one thing or another: ids, numbers, secrets, slugs and the values of its query."""
    parts = urlsplit(target)
    path = _SLUG.sub("slug", _NUMBER.sub("0", _ID.sub("#", _LONG.sub("secret", parts.path))))
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&")} - {""})
    return path + (f"?{'&'.join(names)}" if names else "")


def links(base_url: str, page: str, tree: html.HtmlElement) -> Iterator[str]:
    """The paths, with their queries, of this site that a page links to, in its order."""
    for element in tree.xpath("//a[@href] | //link[@href] | //script[@src] | //img[@src] | //iframe[@src]"):
        path = own_path(base_url, page, element.get("href") or element.get("src") or "")
        if path is not None:
            yield path


def own_path(base_url: str, page: str, address: str) -> str | None:
    """The path and query that an address of a page leads to; None for another site."""
    try:
        absolute = urlsplit(urljoin(base_url + page, address))
    except ValueError:
        return None
    if f"{absolute.scheme}://{absolute.netloc}" != base_url or not absolute.path.isascii() or not absolute.query.isascii():
        return None
    return absolute.path + (f"?{absolute.query}" if absolute.query else "")


def forms(base_url: str, page: str, tree: html.HtmlElement) -> Iterator[Form]:
    """The forms of a page that this site takes, with the controls that stand elsewhere but name their form."""
    for element in tree.xpath("//form"):
        name = element.get("id")
        controls = element.xpath(".//input | .//select | .//textarea | .//button")
        if name:
            controls += [one for one in tree.xpath("//*[@form]") if one.get("form") == name and one not in controls]
        fields = tuple(field for control in controls for field in _fields(control))
        targets = {own_path(base_url, page, one.get("formaction")) for one in controls if one.get("formaction")}
        targets.add(own_path(base_url, page, element.get("action") or page))
        for target in sorted(target for target in targets if target is not None):
            method = (element.get("method") or "get").upper()
            yield Form(page, target, method, element.get("enctype") == "multipart/form-data", fields)


def _fields(control: html.HtmlElement) -> Iterator[Field]:
    name = control.get("name")
    if not name:
        return
    is_hidden = control.get("type") == "hidden" or bool(control.xpath("ancestor::*[@hidden]"))
    if control.tag == "select":
        options = tuple(str(one.get("value", one.text or "")) for one in control.xpath(".//option"))
        chosen = [str(one.get("value", one.text or "")) for one in control.xpath(".//option[@selected]")]
        yield Field(name, "select", chosen[0] if chosen else "", options, is_hidden)
    elif control.tag == "textarea":
        yield Field(name, "textarea", control.text or "", (), is_hidden)
    else:
        kind = control.get("type") or ("button" if control.tag == "button" else "text")
        yield Field(name, "button" if kind == "submit" else kind, control.get("value") or "", (), is_hidden)
