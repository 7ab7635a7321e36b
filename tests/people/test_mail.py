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
