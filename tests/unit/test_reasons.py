"""Messages: a message id with values becomes what is wrong and what to do, in the reader's language."""

from __future__ import annotations

import pytest

from crawlers.reasons import Reason, explain

LATVIAN = {"%(found)s were found; look why": "atrasti %(found)s; paskatieties, kāpēc"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no answer; try again", Reason("No answer.", "Try again.")),
        ("No answer.", Reason("No answer.")),
        ("no answer.; ", Reason("No answer.")),
        ("a; b; c", Reason("A.", "B; c.")),
        ("ā;b", Reason("Ā;b.")),
        ("https://v.example/: no answer; http://w.example", Reason("https://v.example/: no answer.", "http://w.example.")),
        ("", Reason("")),
        (" ", Reason("")),
    ],
)
def test_a_text_is_parted_into_two_sentences(text: str, reason: Reason) -> None:
    assert Reason.from_text(text) == reason


def test_a_message_is_translated_before_it_is_filled_and_parted() -> None:
    reason = explain("%(found)s were found; look why", {"found": "3"}, lambda message: LATVIAN[message])
    assert reason == Reason("Atrasti 3.", "Paskatieties, kāpēc.")


@pytest.mark.parametrize("values", [{}, {"known": "3"}])
def test_a_message_that_cannot_be_filled_is_left_as_it_is(values: dict[str, str]) -> None:
    assert explain("%(found)s were found; look why", values, str) == Reason("%(found)s were found.", "Look why.")


def test_a_percent_sign_is_no_placeholder_where_there_are_no_values() -> None:
    assert explain("100 % vanished; look", {}, str) == Reason("100 % vanished.", "Look.")
    assert explain("100 % vanished; look", {"url": "x"}, str) == Reason("100 % vanished.", "Look.")


@pytest.mark.parametrize("message", [None, ""])
def test_no_message_gives_an_empty_reason_and_is_not_translated(message: str | None) -> None:
    assert explain(message, {"url": "https://v.example/"}, lambda text: LATVIAN[text]) == Reason("")


def test_a_reason_names_the_address_that_it_is_about() -> None:
    about = Reason("No answer.", "Try again.").about("https://v.example/")
    assert about == Reason("No answer (https://v.example/).", "Try again.")
