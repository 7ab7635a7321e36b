"""The language of a visitor whose address names none: what the browser asks for, else English."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

HEADERS = [
    (None, "en"), ("", "en"), ("ja", "en"), ("ru", "en"), ("fi,sv;q=0.8", "en"), ("de-DE,de;q=0.9", "en"), ("lt,pl;q=0.7", "en"),
    ("lv", "lv"), ("lv-LV", "lv"), ("LV", "lv"), ("lv-LV,lv;q=0.9,en;q=0.8", "lv"), ("ja,lv;q=0.5", "lv"), ("ru-LV,ru;q=0.9,lv;q=0.8,en;q=0.7", "lv"),
    ("en", "en"), ("en-GB,en;q=0.9,lv;q=0.8", "en"), ("ja-JP,ja;q=0.9,en;q=0.8,lv;q=0.1", "en"),
    ("lv;q=0.5,en;q=0.6", "en"), ("lv;q=0.6,en;q=0.5", "lv"), ("en;q=0.5,lv;q=0.5", "en"), ("lv;q=0.5,en;q=0.5", "lv"),
    ("*", "en"), ("lv,*;q=0.5", "lv"), ("*,lv;q=0.1", "en"), ("ja,*;q=0.5", "en"), ("en;q=0,*", "lv"), ("lv;q=0", "en"), ("en;q=0", "en"), ("en;q=0,lv;q=0.1", "lv"),
    ("lvs", "en"), ("x-lv", "en"), ("lv;q=abc", "en"), (";;,,=,q", "en"), ("lv;q=2", "en"), ("\x7f", "en"), ("a" * 4000, "en"), ("lv_LV", "lv"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "lang"), HEADERS)
def test_a_browser_gets_the_language_it_likes_best_and_others_get_english(
    client: FlaskClient, header: str | None, lang: str
) -> None:
    answer = client.get("/", headers={} if header is None else {"Accept-Language": header})
    assert answer.location == f"/{lang}/"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_page_that_is_not_there_speaks_as_its_address_else_as_the_browser(client: FlaskClient) -> None:
    for path, header, lang in (("/lv/nav", "en", "lv"), ("/nav", "lv", "lv"), ("/nav", "ja", "en"), ("/nav", None, "en")):
        answer = client.get(path, headers={"Accept-Language": header} if header else {})
        assert f'<html lang="{lang}"' in answer.get_data(as_text=True)


def test_the_interface_for_programs_speaks_latvian_unless_asked(app: Flask, client: FlaskClient) -> None:
    for query, lang in (("", "lv"), ("?lang=en", "en")):
        (first, *_) = client.get(f"/api/v1/initiatives{query}", headers={"Accept-Language": "en"}).get_json()["items"]
        assert f"/{lang}/initiatives/" in first["url"]
