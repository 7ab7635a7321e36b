"""The wheel holds all that a directory needs: it is used here away from the checkout, with nothing of the checkout in reach."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = "import sys; sys.path.insert(0, {folder!r}); import platforma; assert platforma.__file__.startswith({folder!r}); {rest}"
PAGE = """
from pathlib import Path
from platforma.catalogue.database import upgrade
from platforma.services import Services
from platforma.settings import load_settings
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
settings = load_settings()
upgrade(settings)
services = Services.open(settings)
ensure_index(services)
client = create_app(services).test_client()
for path in ("/lv/", "/lv/about", "/en/search?q=x"):
    answer = client.get(path)
    assert answer.status_code == 200, path
    print(answer.get_data(as_text=True))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, unpacked as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def run(unpacked: Path, data: Path, code: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORMA_")}
    command = [sys.executable, "-c", CODE.format(folder=str(unpacked), rest=f"exec({code!r})")]
    done = subprocess.run(
        command, cwd=data, env=kept | {"PLATFORMA_DATA_DIR": str(data)}, text=True, capture_output=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pages_of_a_wheel_have_their_templates_texts_and_translations(unpacked: Path, tmp_path: Path) -> None:
    pages = run(unpacked, tmp_path, PAGE)
    assert "Pāriet uz saturu" in pages
    assert "Skip to the content" in pages


def test_commands_of_a_wheel_find_recipes_vocabulary_and_migrations(unpacked: Path, tmp_path: Path) -> None:
    sync = "import sys; sys.argv = ['platforma', 'platforms', 'sync']; from platforma.cli.main import main; main()"
    run(unpacked, tmp_path, sync)
    listed = run(unpacked, tmp_path, sync.replace("'sync'", "'list'"))
    assert "socialenterprisebsr" in listed


def test_a_wheel_holds_neither_tests_nor_the_source_of_translations(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    assert names == {"platforma", "vocabulary", "crawlers", "search", f"platforma-{version()}.dist-info"}
    assert list(unpacked.rglob("*.po")) == []


def version() -> str:
    from importlib.metadata import version

    return version("platforma")
