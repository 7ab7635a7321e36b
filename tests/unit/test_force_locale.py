"""A language that is forced holds with and without a web application, and ends where its block ends."""

from __future__ import annotations

import threading
from pathlib import Path

from flask import Flask

from platforma import i18n
from platforma.mail.mail_text import render_mail
from platforma.settings import load_settings

FAILED = "Failed: %(title)s could not be read"
SETTINGS = load_settings(data_dir=Path("unused"))


def test_outside_an_application_messages_are_in_the_forced_language() -> None:
    with i18n.force_locale("lv", SETTINGS.translations_dir):
        assert i18n.gettext(FAILED, title="X") == "Neizdevās nolasīt: X"
        with i18n.force_locale("en", SETTINGS.translations_dir):
            assert i18n.gettext(FAILED, title="X") == "Failed: X could not be read"
        assert i18n.current_language() == "lv"


def test_no_language_and_an_unknown_one_stand_for_the_default() -> None:
    for lang in (None, "xx"):
        with i18n.force_locale(lang, SETTINGS.translations_dir):
            assert i18n.current_language() == "lv"


def test_a_forced_language_goes_before_the_readers() -> None:
    app = Flask("test")
    i18n.init_app(app, SETTINGS.translations_dir, "UTC")
    with app.test_request_context("/en/x"):
        with i18n.force_locale("lv"):
            assert i18n.gettext(FAILED, title="X") == "Neizdevās nolasīt: X"
        assert i18n.current_language() == "en"


def test_another_thread_keeps_its_own_language() -> None:
    languages = []
    with i18n.force_locale("en", SETTINGS.translations_dir):
        thread = threading.Thread(target=lambda: languages.append(i18n.current_language()))
        thread.start()
        thread.join()
    assert languages == ["lv"]


def test_a_mail_is_rendered_without_escapes_in_the_language_in_force() -> None:
    values = {"url": "https://x.example/?a=1&b=2", "by": "a'b@x.example", "link": "https://l.example/"}
    with i18n.force_locale("en", SETTINGS.translations_dir):
        text = render_mail(SETTINGS.templates_dir, "platform_proposed.txt", **values)
    assert "a'b@x.example proposed https://x.example/?a=1&b=2 for the directory" in text
