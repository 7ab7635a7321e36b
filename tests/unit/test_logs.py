"""Lines of the log: as text and as JSON, with the ids of what they belong to, of one thread alone."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading

import pytest

from platforma import logs


def record(message: str = "crawled %s", *arguments: object, **more: object) -> logging.LogRecord:
    made = logging.getLogger("platforma.test").makeRecord("platforma.test", logging.INFO, "f.py", 1, message, arguments, None)
    made.__dict__.update(more)
    return made


def test_a_json_line_has_the_instant_in_utc_the_level_and_the_ids() -> None:
    with logs.told(platform="kopa"), logs.told(crawl="7"):
        line = json.loads(logs.JsonLines().format(record("paņemts %s", "Āda", created=1_777_636_800.25)))
    assert line == {
        "at": "2026-05-01T12:00:00.250Z", "level": "info", "logger": "platforma.test", "message": "paņemts Āda",
        "platform": "kopa", "crawl": "7",
    }  # fmt: skip


def test_a_queue_that_does_not_answer_is_told_in_a_line_and_a_fault_of_ours_with_its_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])  # those of pytest are there again after it
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    logs.set_up()
    for error in (sqlite3.OperationalError("disk I/O error"), ValueError("ours")):
        try:
            raise error
        except (sqlite3.Error, ValueError):
            logging.getLogger("huey.consumer").exception("Error enqueueing %s.", "mails")
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == [
        "ERROR Error enqueueing mails: disk I/O error", "ERROR Error enqueueing mails.", "Traceback (most recent call last):"
    ]  # fmt: skip


def test_a_line_about_a_request_has_its_numbers_as_fields() -> None:
    line = json.loads(logs.JsonLines().format(record("x", route="directory.search", status=200, milliseconds=8.5)))
    assert (line["route"], line["status"], line["milliseconds"]) == ("directory.search", 200, 8.5)


def test_a_text_of_several_lines_is_one_json_line() -> None:
    assert "\n" not in logs.JsonLines().format(record("a\nb\u2028c"))


def test_a_json_line_has_the_traceback_of_an_error() -> None:
    try:
        raise ValueError("wrong")
    except ValueError as error:
        line = logs.JsonLines().format(record("x", exc_info=(type(error), error, error.__traceback__)))
    assert "ValueError: wrong" in json.loads(line)["error"]


def test_ids_end_with_their_block_and_belong_to_one_thread() -> None:
    texts = []
    with logs.told(request="r1"):
        thread = threading.Thread(target=lambda: texts.append(logs.TextLines().format(record("x"))))
        thread.start()
        thread.join()
        texts.append(logs.TextLines().format(record("x")))
    texts.append(logs.TextLines().format(record("x")))
    assert texts == ["INFO x", "INFO x [request=r1]", "INFO x"]


@pytest.mark.parametrize("given", [None, "", "short", "x" * 65, "with blank 123", "line\nbreak-123", "ārpus-ascii-1"])
def test_an_id_of_a_request_that_could_break_a_line_is_made_anew(given: str | None) -> None:
    made = logs.request_id(given)
    assert made != given
    assert logs.REQUEST_ID.fullmatch(made)


def test_the_id_that_a_proxy_gave_is_kept() -> None:
    assert logs.request_id("3f9a-0B.7_xyz") == "3f9a-0B.7_xyz"
