"""`platforma doctor` and `platforma mail test` as an operator runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people.inbox import running_inbox, text_of


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORMA_")}
    environment = kept | {"PLATFORMA_DATA_DIR": str(folder)} | {f"PLATFORMA_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "platforma", *arguments], env=environment, text=True, capture_output=True, timeout=120
    )


def test_the_doctor_names_what_does_not_work_and_what_to_do(tmp_path: Path) -> None:
    well = run(tmp_path, "doctor")
    assert well.returncode == 0, well.stderr
    assert "could be better" in well.stderr
    assert "ok disk: " in well.stdout
    ill = run(tmp_path, "doctor", MAIL_URL="smtp://127.0.0.1:9")
    assert ill.returncode == 1
    assert ill.stderr == "Error: not well: mail\n"
    assert "→ does it run, and are host, port, user and password in PLATFORMA_MAIL_URL right?" in ill.stdout


def test_the_doctor_speaks_json_and_makes_no_database(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--json")
    parts = {finding["part"]: finding["health"] for finding in json.loads(done.stdout)}
    assert parts["database"] == "weak"
    assert not (tmp_path / "platforma.sqlite").exists()


def test_a_test_mail_arrives_at_once(tmp_path: Path) -> None:
    with running_inbox() as inbox:
        done = run(tmp_path, "mail", "test", "admin@platforma.example", MAIL_URL=inbox.url, BASE_URL="https://platforma.example")
        assert done.returncode == 0, done.stderr
        ((to, mail),) = inbox.mails
    assert to == ["admin@platforma.example"]
    assert "no https://platforma.example, un e-pasts darbojas" in text_of(mail)


@pytest.mark.parametrize(
    ("address", "settings", "error"),
    [
        ("nobody", {}, "'nobody' is no e-mail address"),
        ("a@a.example", {}, "no mail server is set"),
        ("a@a.example", {"MAIL_URL": "smtp://127.0.0.1:9"}, "the mail was not taken"),
        ("a@a.example", {"MAIL_URL": "smtp://127.0.0.1:9", "MAIL_ONLY_TO": "b.example"}, "PLATFORMA_MAIL_ONLY_TO does not name"),
    ],
)
def test_a_test_mail_that_cannot_go_out_says_why(tmp_path: Path, address: str, settings: dict[str, str], error: str) -> None:
    done = run(tmp_path, "mail", "test", address, **settings)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert error in done.stderr


def test_a_mail_that_the_server_refuses_says_what_it_answered(tmp_path: Path) -> None:
    with running_inbox() as inbox:
        inbox.answers["admin@platforma.example"] = "550 no such box"
        done = run(tmp_path, "mail", "test", "admin@platforma.example", MAIL_URL=inbox.url)
    assert done.returncode == 1
    assert "550 no such box" in done.stderr
