"""A third interface language needs one line: everything works with it, and what it lacks falls back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from platforma.settings import ROOT

SCRIPT = """
import sys
from pathlib import Path
from vocabulary.languages import LANGUAGES
LANGUAGES["is"] = "Íslenska"
from tests.people.third_language import check_all
check_all(Path(sys.argv[1]))
"""


def test_every_page_works_in_a_language_that_has_only_its_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
