"""Mail over a real SMTP server: it arrives once, whole, and waits while nobody takes it."""

from __future__ import annotations

from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest
import time_machine

from platforma.catalogue.column_types import utc_now
from platforma.mail.delivery import LOCAL_DOMAIN, message_id_domain
from platforma.settings import load_settings
from tests.people.inbox import Inbox, text_of
from tests.people.post import ANNA, AWAY, Post


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_a_mail_arrives_once_with_its_latvian_letters(inbox: Inbox, post: Post) -> None:
    post.put(subject="Jūsu ienākšanas saite")
    assert (post.deliver(inbox.url), post.deliver(inbox.url)) == (1, 0)
    ((recipients, mail),) = inbox.mails
    assert recipients == [ANNA]
    assert str(make_header(decode_header(mail["Subject"]))) == "Jūsu ienākšanas saite"
    assert (mail["From"], mail["Content-Language"]) == ("platforma@sic.example", "lv")
    assert "šeit ir saite" in text_of(mail)


def test_no_header_can_be_added_by_subject_or_address(inbox: Inbox, post: Post) -> None:
    post.put(subject="Saite\r\nBcc: cits@partneris.example")
    post.put(to=f"{ANNA},\r\ncits@partneris.example")
    post.deliver(inbox.url)
    assert inbox.recipients[0] == ANNA and "cits@partneris.example" not in inbox.recipients
    assert all(mail["Bcc"] is None for _to, mail in inbox.mails)


def test_a_server_that_is_away_loses_nothing(inbox: Inbox, post: Post) -> None:
    post.put()
    assert post.deliver(AWAY) == 0
    with time_machine.travel(utc_now() + timedelta(days=2, hours=23)):
        assert post.deliver(inbox.url) == 1
    assert inbox.recipients == [ANNA]


def test_a_domain_in_latvian_is_written_as_every_server_takes_it(inbox: Inbox, post: Post) -> None:
    post.put(to="info@dārzs.example")
    assert post.deliver(inbox.url) == 1
    assert inbox.recipients == ["info@xn--drzs-qsa.example"]


@pytest.mark.parametrize(
    ("mail_from", "base_url", "domain"),
    [
        ("platforma@sic.lv", "https://katalogs.lv", "sic.lv"),
        ("Platforma <platforma@sic.lv>", "https://katalogs.lv", "sic.lv"),
        ("platforma@DĀRZS.lv", "https://katalogs.lv", "xn--drzs-qsa.lv"),
        ("platforma@localhost", "https://katalogs.lv:8443/x", "katalogs.lv"),
        ("platforma", "https://www.katalogs.lv", "www.katalogs.lv"),
        ("platforma@[192.0.2.7]", "https://katalogs.lv", "katalogs.lv"),
        ("platforma@192.0.2.7", "http://127.0.0.1:8000", LOCAL_DOMAIN),
        ("platforma@localhost", "http://[::1]:8000", LOCAL_DOMAIN),
        ("", "http://localhost", LOCAL_DOMAIN),
    ],
)
def test_message_ids_are_of_the_sender_s_domain_else_of_the_site_s(mail_from: str, base_url: str, domain: str) -> None:
    assert message_id_domain(load_settings(mail_from=mail_from, base_url=base_url)) == domain


def test_every_attempt_carries_the_same_message_id(inbox: Inbox, post: Post) -> None:
    inbox.answers_to_content[ANNA] = "451 later"
    for hours in (0, 2, 4):
        with time_machine.travel(utc_now() + timedelta(hours=hours)):
            if hours == 0:
                post.put()
                post.put(to="cits@partneris.example")
            inbox.answers_to_content.pop(ANNA, None) if hours == 4 else None
            post.deliver(inbox.url)
    message_ids = [str(mail["Message-ID"]) for _to, mail in inbox.mails]
    assert len(set(message_ids)) == 2 and all(id.endswith("@sic.example>") for id in message_ids)


@pytest.mark.parametrize(
    "only_to", ["cits@partneris.example", " SIC.example , cits@partneris.example", "@sic.example,Cits@Partneris.example"]
)
def test_an_installation_that_is_tried_out_mails_those_it_names_and_writes_files_for_others(
    inbox: Inbox, post: Post, only_to: str
) -> None:
    post.settings = post.settings.model_copy(update={"mail_only_to": only_to})
    others = ("cits@partneris.example.evil.example", "x@notsic.example", "x@sub.sic.example")
    for to in (ANNA, "cits@partneris.example", *others):
        post.put(to=to)
    assert post.deliver(inbox.url) == 5
    assert inbox.recipients == ["cits@partneris.example"]
    assert set(post.states().values()) == {"sent"}
    written = [path.read_text() for path in sorted((post.settings.data_dir / "mails").glob("*.eml"))]
    assert [f"To: {to}" in text for to, text in zip((ANNA, *others), written, strict=True)] == [True] * 4


def test_a_mail_says_the_same_as_text_and_as_html(inbox: Inbox, post: Post) -> None:
    post.put(subject="Jūsu <saite>")
    post.deliver(inbox.url)
    ((_to, mail),) = inbox.mails
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "šeit ir saite" in html.get_content() and "<title>Jūsu &lt;saite&gt;</title>" in html.get_content()


def test_twenty_mails_each_arrive_once_while_the_server_is_away_defers_and_hangs_up(inbox: Inbox, post: Post) -> None:
    people = [f"lasitajs{number}@partneris.example" for number in range(20)]
    for person in people:
        post.put(to=person)
    deferred, full = people[3], people[7]
    inbox.answers[deferred], inbox.answers_to_content[full] = "450 later", "452 full"
    for hours, server in ((0, AWAY), (1, inbox.url), (2, inbox.url), (5, inbox.url), (8, inbox.url)):
        with time_machine.travel(utc_now() + timedelta(hours=hours)):
            if hours == 5:
                assert sorted(inbox.recipients) == sorted(set(people) - {deferred, full})
                del inbox.answers[deferred], inbox.answers_to_content[full]
            post.deliver(server)
    assert sorted(inbox.recipients) == sorted(people)
    assert set(post.states().values()) == {"sent"}
