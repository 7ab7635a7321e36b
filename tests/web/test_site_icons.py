"""Icons under the names that browsers ask for, and the manifest by which the site is put on a home screen."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image


@pytest.mark.parametrize(("path", "format"), [("/favicon.ico", "ICO"), ("/apple-touch-icon.png", "PNG")])
def test_icons_stand_where_browsers_look_for_them(client: FlaskClient, path: str, format: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).format == format
    assert "max-age=86400" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("lang", "name"), [("lv", "Platforma platformām"), ("en", "Platform of Platforms")])
def test_the_manifest_is_in_the_language_and_its_icons_are_what_it_says(client: FlaskClient, lang: str, name: str) -> None:
    page = client.get(f"/{lang}/").get_data(as_text=True)
    assert f'<link rel="manifest" href="/{lang}/manifest.webmanifest">' in page
    answer = client.get(f"/{lang}/manifest.webmanifest")
    manifest = answer.get_json(force=True)
    assert answer.mimetype == "application/manifest+json"
    assert (manifest["name"], manifest["lang"], manifest["start_url"]) == (name, lang, f"/{lang}/")
    assert client.get(manifest["start_url"]).status_code == 200
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        width, height = Image.open(io.BytesIO(client.get(icon["src"]).data)).size
        assert icon["sizes"] == f"{width}x{height}"


def test_the_manifest_without_a_language_leads_to_the_readers(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"})
    assert answer.headers["Location"] == "/en/manifest.webmanifest"
    assert "Accept-Language" in answer.headers["Vary"]
