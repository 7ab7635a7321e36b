"""What is a mail address: one rule for forms, commands, imports and crawls."""

from __future__ import annotations

import pytest

from crawlers.values.email_addresses import is_email, organisations_email


@pytest.mark.parametrize(
    "text",
    [
        "info@x.lv",
        "Info@X.LV",
        "anna.kalna@x.lv",
        "a+b@x.lv",
        "info@x.example",
        "info@x.test",
        "a@b.c.x.lv",
        "jānis@x.lv",
        "info@ķekava.lv",
    ],
)
def test_these_are_mail_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "x", "@x.lv", "a@", "a@b", "a@localhost", "a@x.local", "a@x..lv", "a..b@x.lv", ".a@x.lv", "a.@x.lv", "a b@x.lv", "a@x lv", "a@b@x.lv",
     " a@x.lv", "a@x.lv\n", "a@x.lv\nBcc: b@x.lv", "Anna <a@x.lv>", "mailto:a@x.lv", "a@127.0.0.1", "a@[127.0.0.1]", '"a b"@x.lv', "a@x_y.lv",
     f"a@{'b' * 250}.lv", "\ud800@x.lv", "a@x.lv\x00"],
)  # fmt: skip
def test_these_are_none(text: str) -> None:
    assert not is_email(text)


def test_what_is_read_from_a_text_obeys_the_rule() -> None:
    assert organisations_email("info..x@vieta.lv; birojs@vieta_x.lv; pasts@vieta.lv") == "pasts@vieta.lv"
    assert organisations_email("birojs@vieta_x.lv") is None
