"""Packed answers: what a browser takes, what must not be packed, validators that stay right."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from platforma.web.context import COOKIE
from platforma.web.packing import MIN_BYTES
from tests.web.site import make_site

PAGE, STREAM = "/lv/search", "/lv/search.csv"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = make_site(Path(tmp_path_factory.mktemp("packing")))

    @app.get("/test/<int:size>")
    def answer_of(size: int) -> Response:
        return Response("a" * size, mimetype="text/plain")

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that reads no page: what is packed is no HTML to a validator."""
    return FlaskClient(app, app.response_class)


@pytest.mark.parametrize("path", [PAGE, STREAM, "ASSET", "/api/v1/initiatives", "/sitemap.xml"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("gzip", "gzip"),
        ("", None),
        ("identity", None),
        ("br;q=0, gzip;q=0", None),
        ("zstd", None),
        (";;,,q=x", None),
    ],
)
def test_the_encoding_is_one_that_the_browser_takes(
    app: Flask, client: FlaskClient, path: str, accepted: str, encoding: str | None
) -> None:
    path = app.extensions["assets"].address("site.css") if path == "ASSET" else path
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") in (encoding, None)
    if path in (PAGE, "ASSET"):
        assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert UNPACK[answer.headers.get("Content-Encoding")](answer.data) == client.get(path).data
    assert answer.headers.get("Content-Length") in (None, str(len(answer.data)))


def test_what_fits_into_one_packet_is_sent_as_it_is(client: FlaskClient) -> None:
    sizes = {size: client.get(f"/test/{size}", headers={"Accept-Encoding": "br"}) for size in (MIN_BYTES - 1, MIN_BYTES)}
    assert [answer.headers.get("Content-Encoding") for answer in sizes.values()] == [None, "br"]
    assert {answer.headers["Vary"] for answer in sizes.values()} == {"Accept-Encoding"}


def test_a_stream_is_packed_as_a_stream(client: FlaskClient) -> None:
    answer = client.get(STREAM, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "Content-Length" not in answer.headers
    assert "Saules maize" in gzip.decompress(answer.data).decode()


@pytest.mark.parametrize("path", ["/lv/register", "/lv/sign-in"])
def test_a_page_with_the_token_of_a_form_is_not_packed(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    assert "csrf_token" in answer.text and "Content-Encoding" not in answer.headers


def test_what_somebody_signed_in_sees_is_not_packed(client: FlaskClient) -> None:
    client.set_cookie(COOKIE, "anything")
    assert "Content-Encoding" not in client.get(PAGE, headers={"Accept-Encoding": "br"}).headers


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png", "/lv/search.xlsx"])
def test_what_is_packed_already_is_sent_as_it_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", [PAGE, STREAM])
def test_the_head_of_an_answer_names_its_encoding_and_has_no_body(client: FlaskClient, path: str) -> None:
    answer = client.head(path, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200 and answer.data == b""


def test_a_validator_stays_right_when_the_answer_is_packed(client: FlaskClient) -> None:
    first = client.get(STREAM, headers={"Accept-Encoding": "br"})
    again = client.get(STREAM, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b"" and "Content-Encoding" not in again.headers


def test_an_error_is_packed_too_and_can_be_read(client: FlaskClient) -> None:
    answer = client.get("/lv/nope", headers={"Accept-Encoding": "br"})
    assert answer.status_code == 404
    assert "<h1" in UNPACK[answer.headers.get("Content-Encoding")](answer.data).decode()


def test_packed_files_are_the_ones_that_their_address_promises(app: Flask, client: FlaskClient) -> None:
    assets = app.extensions["assets"]
    for name in ("site.css", "more.css", "site.js", "leaflet.js", "areas.json"):
        for encoding in ("br", "gzip"):
            answer = client.get(assets.address(name), headers={"Accept-Encoding": encoding})
            assert UNPACK[answer.headers["Content-Encoding"]](answer.data) == assets.content_of(name)
