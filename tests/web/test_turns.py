"""Large files take turns: a few at once, fewer to one network, none for ever; small files and pages need none."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from platforma.web.public import dumps
from platforma.web.public.take import turns
from platforma.web.server import limit_waiting
from tests.web.site import make_site

LARGE, DUMP, PAGE = "/en/search.csv?when=all", "/dumps/initiatives.csv", "/en/search?when=all"
OWN, OTHER, THIRD = ({"REMOTE_ADDR": f"192.0.2.{number}"} for number in (1, 2, 3))


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site on which every file of a search is a large one."""
    monkeypatch.setattr(turns, "MIN_LISTINGS", 0)
    monkeypatch.setattr(dumps, "LARGE_BYTES", 0)
    return make_site(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", [LARGE, DUMP])
def test_a_network_that_reads_two_files_waits_for_the_third(client: FlaskClient, address: str) -> None:
    reading = [client.get(address, environ_base=OWN, buffered=False) for _ in range(turns.MAX_OF_ONE_NETWORK)]
    refused = client.get(address, environ_base=OWN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "as many large files as we can send at once" in refused.get_data(as_text=True) or address == DUMP
    assert client.get(PAGE, environ_base=OWN).status_code == 200
    assert client.get(address, environ_base=OTHER).status_code == 200
    reading[0].close()
    assert client.get(address, environ_base=OWN).status_code == 200


def test_a_site_that_sends_as_many_as_it_can_says_when_to_come_back(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MAX_AT_ONCE", 2)
    reading = [client.get(LARGE, environ_base=asker, buffered=False) for asker in (OWN, OTHER)]
    refused = client.get(LARGE.replace("/en/", "/lv/"), environ_base=THIRD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Pašlaik tiek lejupielādētas daudzas lielas datnes" in refused.get_data(as_text=True)
    for answer in reading:
        answer.close()
    assert client.get(LARGE, environ_base=THIRD).status_code == 200


def test_a_turn_ends_with_the_file_and_with_an_error(app: Flask, client: FlaskClient) -> None:
    for _ in range(turns.MAX_AT_ONCE + 1):
        assert client.get(LARGE, environ_base=OWN).data
        assert client.get(DUMP, environ_base=OWN).data
        assert client.get(DUMP, environ_base=OWN, headers={"Range": "bytes=9999999-"}).status_code == 416
    assert app.extensions["turns"].taken.total() == 0


def test_small_files_need_no_turn(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get(DUMP).data, "it is made"
    monkeypatch.setattr(turns, "MIN_LISTINGS", 500)
    monkeypatch.setattr(dumps, "LARGE_BYTES", 1_000_000)
    monkeypatch.setattr(turns, "MAX_AT_ONCE", 0)
    assert (client.get(LARGE).status_code, client.get(DUMP).status_code) == (200, 200)


def test_a_reader_that_takes_too_long_is_cut_off(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MAX_SECONDS", -1)
    with pytest.raises(turns.ReadTooSlowly):
        client.get(DUMP)
    assert app.extensions["turns"].taken.total() == 0


def test_a_reader_that_takes_nothing_ends_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        limit_waiting(listener, 1, 60)
        with socket.create_connection(listener.getsockname()):
            connection, _ = listener.accept()
            with connection, pytest.raises(BlockingIOError):
                connection.sendall(b"x" * 100_000_000)


def test_a_client_that_sends_nothing_more_ends_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        limit_waiting(listener, 60, 1)
        with socket.create_connection(listener.getsockname()) as client:
            connection, _ = listener.accept()
            client.sendall(b"GET /lv/")
            with connection:
                assert connection.recv(100) == b"GET /lv/"
                with pytest.raises(BlockingIOError):
                    connection.recv(100)
