"""What looks at answers for harm sees it, and takes none where there is none."""

from __future__ import annotations

import pytest

from tests.scanning.browsing import Answer
from tests.scanning.checks import of_answer, of_mail

BASE_URL = "http://127.0.0.1:1"
HTML = ("Content-Type", "text/html; charset=utf-8")


def problems(body: str = "", *headers: tuple[str, str], status: int = 200) -> list[str]:
    sent = (*headers, ("X-Content-Type-Options", "nosniff"))
    return list(of_answer(Answer(status, sent, body.encode()), BASE_URL, "/lv/search"))


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ("<p>&lt;zqx&gt; javascript:zqx()</p>", "text/html"),
        ('<input value="&#34; onclick=zqx">', "text/html"),
        ('<a href="/lv/search?q=javascript:zqx()">x</a>', "text/html"),
        ('<meta name="description" content="javascript:zqx()">', "text/html"),
        ('{"a": "<zqx>"}', "application/json"),
        ("<a>&lt;zqx&gt;</a>", "application/atom+xml"),
        ("a,'=zqx\n-5,zqx", "text/csv"),
    ],
)
def test_what_is_escaped_is_no_find(body: str, type_: str) -> None:
    assert problems(body, ("Content-Type", type_)) == []


@pytest.mark.parametrize(
    ("body", "type_", "says"),
    [
        ("<p><zqx>", "text/html", "an element"),
        ("<svg><zqx>", "text/html", "an element"),
        ('<p zqx="1">', "text/html", "an attribute"),
        ("<img onerror=zqx()>", "text/html", "an attribute"),
        ('<a href=" java\nscript:zqx()">', "text/html", "a script"),
        ('<a href="data:text/html,zqx">', "text/html", "a script"),
        ("<script>a = 'zqx'</script>", "text/html", "a script"),
        ("<p><!-- zqx --></p>", "text/html", "a comment"),
        ('<meta http-equiv="refresh" content="0;url=zqx">', "text/html", "an order"),
        ("1787569", "text/plain", "a template"),
        ("Traceback (most recent call last):", "text/plain", "a traceback"),
        ("root:x:0:0", "text/plain", "a file"),
        ('{"a": ', "application/problem+json", "malformed"),
        ("<a>\x01</a>", "application/atom+xml", "malformed"),
        ("a\n=zqx", "text/csv", "a cell"),
    ],
)
def test_what_is_not_is_one(body: str, type_: str, says: str) -> None:
    assert [says in problem for problem in problems(body, ("Content-Type", type_))] == [True]


@pytest.mark.parametrize(
    ("location", "is_find"),
    [
        ("/lv/desk/", False),
        (f"{BASE_URL}/lv/", False),
        ("", False),
        ("//zqx.example/", True),
        ("/\\zqx.example/", True),
        ("https://zqx.example/", True),
        ("http://127.0.0.1:2/", True),
    ],
)
def test_a_redirect_may_lead_to_this_site_alone(location: str, is_find: bool) -> None:
    assert bool(problems("", ("Location", location), status=302)) is is_find


def test_statuses_and_headers() -> None:
    assert problems("", status=500) == ["status 500"]
    assert problems("", status=503) == ["status 503 without Retry-After"]
    assert problems("", ("Retry-After", "5"), status=503) == []
    assert problems("", ("X-Zqx", "1")) == ["a header of the visitor's making"]
    assert problems("a") == ["a body without a type"]


def test_a_mail_has_one_recipient_and_no_header_of_the_visitors_making() -> None:
    mail = "From: a@b.example\nTo: c@d.example\nSubject: zqx\n{}Content-Type: text/plain\n\nzqx\n"
    assert list(of_mail(mail.format("").encode())) == []
    assert list(of_mail(mail.format("Bcc: zqx@x.example\n").encode())) == ["a header of the visitor's making in a mail"]
    assert list(of_mail(mail.format("").replace("d.example", "d.example, e@x.example").encode())) == ["a mail to several"]
