"""What operators see of requests: ids, lines in the log, /metrics; and that no visitor's words stand in any of it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from platforma import logs
from platforma.web.observing import note_refusals
from platforma.web.overload import Overload
from tests.web.site import make_site

ROOT = Path(__file__).parents[2]
TOKEN = {"Authorization": "Bearer a-long-token"}


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = Path(tmp_path_factory.mktemp("observed"))
    return make_site(folder, metrics_token="a-long-token", log_requests=True, trusted_proxies=1)


def lines(client: FlaskClient) -> dict[str, float]:
    text = client.get("/metrics", headers=TOKEN).get_data(as_text=True)
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")}


def test_without_a_token_in_the_settings_there_are_no_metrics(client: FlaskClient) -> None:
    assert client.get("/metrics", headers=TOKEN).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a-long-toke"}, {"Authorization": "Bearer ārpus"}])
def test_metrics_are_for_who_sends_the_token(observed: Flask, headers: dict[str, str]) -> None:
    answer = observed.test_client().get("/metrics", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "platforma_" not in answer.get_data(as_text=True)


def test_requests_are_counted_by_route_method_and_status(observed: Flask) -> None:
    client = observed.test_client()
    name = 'platforma_requests_total{method="GET",route="directory.search",status="200"}'
    before = lines(client).get(name, 0)
    client.get("/lv/search?q=maize")
    client.get("/en/search?q=bread")
    after = lines(client)
    assert after[name] == before + 2
    assert after['platforma_request_seconds_count{route="directory.search"}'] >= 2
    assert after['platforma_up{part="database"}'] == 1
    assert after["platforma_index_listings"] == 4
    assert after['platforma_listings{state="published"}'] == 4
    assert after["platforma_resident_bytes"] > 10_000_000


def test_requests_refused_above_capacity_are_counted_with_the_time_that_they_waited(observed: Flask) -> None:
    waited = 9.0
    refusing = Overload(observed, waited=lambda: waited, refused=note_refusals(observed))
    for _ in range(3):
        assert Client(refusing).get("/lv/search?q=maize").status_code == 503
    waited = 0.0
    assert Client(refusing).get("/lv/search?q=maize").status_code == 200
    numbers = lines(observed.test_client())
    assert numbers['platforma_requests_total{method="other",route="above_capacity",status="503"}'] == 3
    assert numbers['platforma_request_seconds_sum{route="above_capacity"}'] == 27


def test_a_site_without_numbers_refuses_all_the_same(app: Flask) -> None:
    refusing = Overload(app, waited=lambda: 9.0, refused=note_refusals(app))
    assert Client(refusing).get("/lv/").status_code == 503


def test_what_a_sender_chooses_makes_no_new_row_of_numbers(observed: Flask) -> None:
    client = observed.test_client()
    client.open("/lv/search", method="BREW")
    client.open("/lv/no-such-page-1")
    client.open("/lv/no-such-page-2")
    text = client.get("/metrics", headers=TOKEN).get_data(as_text=True)
    assert "BREW" not in text
    assert "no-such-page" not in text
    assert 'method="other"' in text


def test_looking_whether_the_site_lives_is_not_counted(observed: Flask) -> None:
    client = observed.test_client()
    client.get("/healthz")
    text = client.get("/metrics", headers=TOKEN).get_data(as_text=True)
    assert "feeds.health" not in text
    assert "metrics.numbers" not in text


def test_the_line_of_a_request_tells_its_route_and_none_of_its_words(observed: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="platforma.web.observing"):
        observed.test_client().get("/lv/search?q=slepens", headers={"X-Forwarded-For": "203.0.113.9"})
    (line,) = [record for record in caplog.records if record.name == "platforma.web.observing"]
    assert line.getMessage().startswith("GET directory.search 200 ")
    assert "slepens" not in logs.JsonLines().format(line)
    assert "203.0.113.9" not in logs.JsonLines().format(line)


def test_requests_are_logged_only_where_it_is_asked_for(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/lv/")
    assert [record for record in caplog.records if record.name == "platforma.web.observing"] == []


def test_each_answer_has_an_id_of_its_own(client: FlaskClient) -> None:
    ids = {client.get(address).headers["X-Request-ID"] for address in ("/lv/", "/lv/", "/lv/no-such-page")}
    assert len(ids) == 3


def test_the_id_of_a_proxy_is_kept_and_that_of_a_visitor_is_not(observed: Flask, client: FlaskClient) -> None:
    given = {"X-Request-ID": "from-outside-1"}
    assert observed.test_client().get("/lv/", headers=given).headers["X-Request-ID"] == "from-outside-1"
    assert client.get("/lv/", headers=given).headers["X-Request-ID"] != "from-outside-1"


def test_the_numbers_are_those_that_the_papers_tell(observed: Flask) -> None:
    client = observed.test_client()
    client.get("/lv/")
    text = client.get("/metrics", headers=TOKEN).get_data(as_text=True)
    told = set(re.findall(r"`(platforma_\w+)`", (ROOT / "docs/operations.md").read_text(encoding="utf-8")))
    names = {name for name in re.findall(r"^# TYPE (platforma_\w+) ", text, re.MULTILINE) if not name.endswith("_created")}
    without_rows = {"platforma_crawls", "platforma_mails"}  # nothing was crawled here, and no mail written
    assert names <= told
    assert told - names == without_rows
