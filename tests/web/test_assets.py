"""Style sheets, scripts and pictures: under names that change with their content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from platforma.settings import Settings
from platforma.web.assets import SCRIPTS, STYLES, Assets
from platforma.web.shortening import shorter_script, shorter_style
from tests.web.site import make_site


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(tmp_path_factory.mktemp("site"), [])


def test_every_asset_that_a_page_names_is_kept_for_a_year(app: Flask) -> None:
    client = app.test_client()
    addresses = set(re.findall(r"/assets/[^\"]+", client.get("/lv/").text))
    assert {address.split(".")[0] for address in addresses} >= {"/assets/site", "/assets/icon"}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"], address


def test_every_part_is_in_its_bundle() -> None:
    folder = Settings().static_dir
    assert {path.stem for path in (folder / "css").iterdir()} == {name for names in STYLES.values() for name in names}
    assert {path.stem for path in (folder / "js").glob("*.js")} >= {name for names in SCRIPTS.values() for name in names}


def test_a_changed_part_changes_the_name_of_its_bundle_alone(tmp_path: Path) -> None:
    for kind, bundles, suffix in (("css", STYLES, "css"), ("js", SCRIPTS, "js")):
        (tmp_path / kind).mkdir()
        for name in {name for names in bundles.values() for name in names}:
            (tmp_path / kind / f"{name}.{suffix}").write_text("a")
    before = Assets(tmp_path)
    (tmp_path / "css" / "base.css").write_text("b")
    after = Assets(tmp_path)
    assert before.address("site.css") != after.address("site.css")
    assert before.address("more.css") == after.address("more.css")
    assert before.address("site.js") == after.address("site.js")
    assert after.content(before.address("site.css").rpartition("/")[2]) is None


def test_a_shorter_style_sheet_means_the_same() -> None:
    css = '/* Rows. */\n.rows a:hover , .rows b { content: "a ; {b} /* c */" attr(x); margin: 0 -1px; }\n@media (min-width: 60em) { .x :is(p) { width: calc(1px + 2px) } }'
    assert shorter_style(css) == (
        '.rows a:hover,.rows b{content:"a ; {b} /* c */" attr(x);margin:0 -1px}@media (min-width:60em){.x :is(p){width:calc(1px + 2px)}}'
    )


def test_a_shorter_script_keeps_every_statement_on_its_line() -> None:
    script = '// Says hello.\n  // Twice.\nconst a = "// no comment";\n  a.b() // said\n    .c();\n'
    assert shorter_script(script) == 'const a = "// no comment";\na.b() // said\n.c();\n'
