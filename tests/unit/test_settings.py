"""Settings that are misspelt are named at the start of each command; gunicorn's options cannot be misspelt."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from gunicorn.config import Config

from platforma.cli.main import main
from platforma.settings import PARENT_PID, unknown_settings
from platforma.web.server import Site

TYPO = "PLATFORMA_DATABSE_URL"
LINE = "PLATFORMA_DATABSE_URL is no setting; did you mean PLATFORMA_DATABASE_URL? See docs/settings.md"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (TYPO, [LINE]),
        ("PLATFORMA_XYZZY", ["PLATFORMA_XYZZY is no setting; see docs/settings.md"]),
        ("platforma_data_dir", []),
        ("PLATFORMA_DATA_DIR", []),
        ("PLATFORMA_PARENT_PID", []),
        ("PLATFORMA_SHARED_DATA", []),
        ("PLATFORM", []),
    ],
)
def test_a_variable_that_is_no_setting_is_named_with_the_one_that_was_meant(name: str, lines: list[str]) -> None:
    assert unknown_settings({name: "x", "HOME": "/"}) == lines


def test_a_command_names_it_in_one_line_on_stderr_and_goes_on() -> None:
    result = CliRunner().invoke(main, ["analyze", "--lang", "lv"], input="maize\n", env={TYPO: "x"})
    assert (result.exit_code, result.stderr.splitlines()) == (0, [LINE])
    assert result.stdout.strip()


def test_a_process_that_a_command_started_does_not_repeat_it() -> None:
    result = CliRunner().invoke(main, ["analyze", "--lang", "lv"], input="", env={TYPO: "x", PARENT_PID: "1"})
    assert result.stderr == ""


def test_an_option_that_gunicorn_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Site(lambda: None, "127.0.0.1:0", 1, [])
    real = Config.set
    monkeypatch.setattr(Config, "set", lambda self, name, value: real(self, "thrads" if name == "threads" else name, value))
    with pytest.raises(SystemExit):
        Site(lambda: None, "127.0.0.1:0", 1, [])
    assert "thrads" in capsys.readouterr().err
