"""What is wrong with an answer, a mail or a log, whatever was asked: in words, empty where nothing is."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
from lxml import etree

from tests.scanning.browsing import Answer
from tests.scanning.values import MARK, PRODUCT

_SCRIPTING = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20]")
_ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data")
_EXECUTABLE_CELL = re.compile(r"^[=+@\t\r]|^-(?![\d.,\s–-]*$)")
TRACE = "Traceback (most recent call last)"
SECRET_LINE = "root:x:0:"


def of_answer(answer: Answer, base_url: str, target: str) -> Iterator[str]:
    """What no answer of the site may be."""
    if answer.status >= 500 and answer.status != 503:
        yield f"status {answer.status}"
    if answer.status == 503 and not answer.header("Retry-After"):
        yield "status 503 without Retry-After"
    names = {name.lower() for name, _ in answer.headers}
    if f"x-{MARK}" in names or any(name.lower() == "set-cookie" and value.startswith(MARK) for name, value in answer.headers):
        yield "a header of the visitor's making"
    yield from _of_redirect(answer, base_url, target)
    text = answer.text
    if TRACE in text:
        yield "a traceback on the page"
    if SECRET_LINE in text:
        yield "a file of the machine"
    if PRODUCT in text:
        yield "a template that was run"
    yield from _of_content(answer, text)


def _of_redirect(answer: Answer, base_url: str, target: str) -> Iterator[str]:
    for name, value in answer.headers:
        if name.lower() in ("location", "content-location", "refresh") and value:
            led = urlsplit(urljoin(base_url + target, value.replace("\\", "/")))
            if f"{led.scheme}://{led.netloc}" != base_url:
                yield f"a redirect to another host: {value!r}"


def _of_content(answer: Answer, text: str) -> Iterator[str]:
    type_ = answer.header("Content-Type").partition(";")[0]
    if answer.body and not type_:
        yield "a body without a type"
    if "x-content-type-options" not in {name.lower() for name, _ in answer.headers} and answer.body:
        yield "a body whose type a browser may guess"
    yield from _of_syntax(type_, answer.body)
    if MARK not in text.lower():
        return
    if type_ in ("text/html", "application/xhtml+xml"):
        yield from of_markup(text)
    elif type_ == "image/svg+xml" and re.search(rf"<{MARK}\b", text, re.IGNORECASE):
        yield "an element of the visitor's making in a picture"
    elif type_ == "text/csv":
        yield from _of_cells(text)


def _of_syntax(type_: str, body: bytes) -> Iterator[str]:
    """What a program that reads the body would stumble over."""
    try:
        if body and (type_ == "application/json" or type_.endswith("+json")):
            json.loads(body)
        elif body and (type_ in ("application/xml", "text/xml") or type_.endswith("+xml")) and type_ != "application/xhtml+xml":
            etree.fromstring(body)
    except (ValueError, etree.XMLSyntaxError) as error:
        yield f"malformed {type_}: {str(error)[:80]}"


def of_markup(text: str) -> Iterator[str]:
    """Elements, attributes and addresses that come from a hostile value, as a browser parses the page."""
    for element in html5lib.parse(text, namespaceHTMLElements=False).iter():
        own_text = MARK in (element.text or "")
        if not isinstance(element.tag, str):
            if own_text:
                yield "a comment with a visitor's text"
            continue
        tag = _local(element.tag)
        if tag.startswith(MARK):
            yield "an element of the visitor's making"
        if tag == "script" and element.get("type") != "application/ld+json" and own_text:
            yield "a script with a visitor's text"
        yield from _of_attributes(tag, {_local(str(name)): str(value) for name, value in element.attrib.items()})


def _of_attributes(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        if name.startswith(MARK) or (name.startswith("on") and MARK in value):
            yield f"an attribute of the visitor's making at {tag}"
        if name in _ADDRESSES and MARK in value and _SCRIPTING.match(_INVISIBLE.sub("", value)):
            yield f"an address that is a script at {tag}"
        if MARK in value and (name == "style" or (name == "content" and "http-equiv" in attributes)):
            yield f"an order to the browser with a visitor's text at {tag}"


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _of_cells(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")):
        for cell in row:
            if MARK in cell and _EXECUTABLE_CELL.match(cell):
                yield "a cell that a spreadsheet would run"


def of_mail(content: bytes) -> Iterator[str]:
    """Headers and markup in a mail that come from a hostile value."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    if mail.defects:
        yield f"a mail with {type(mail.defects[0]).__name__}"
    if mail["X-Zqx"] or mail["Bcc"]:
        yield "a header of the visitor's making in a mail"
    if len(mail.get_all("To", [])) != 1 or len(mail["To"].addresses) != 1:
        yield "a mail to several"
    part = mail.get_body(("html",))
    if part is not None:
        yield from (f"in a mail: {problem}" for problem in of_markup(str(part.get_content())))


def stored(database: Path, text: str) -> list[str]:
    """The statements that would restore rows which hold a text."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.text_factory = lambda content: content.decode("utf-8", "replace")
        return [line[:300] for line in connection.iterdump() if text in line]


def links_of_mail(content: bytes) -> Iterator[str]:
    """The paths of the links to a site on this machine in a mail's text."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("plain",))
    if part is not None:
        yield from re.findall(r"https?://127\.0\.0\.1:\d+(/[\x21-\x7e]*)", str(part.get_content()))
