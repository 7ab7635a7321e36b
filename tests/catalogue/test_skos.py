"""The thesaurus as SKOS is read back as JSON-LD."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from platforma.catalogue.terms.skos import skos
from platforma.catalogue.terms.thesaurus import Concept, Origin
from platforma.cli.main import main
from vocabulary import load

SCHEME = "https://p.example/thesaurus"
CONCEPTS = [
    Concept("baking", {"lv": ("cepšana", "cepiens"), "en": ("baking",)}, "", Origin.SHIPPED, 0, ("craft", "gone"), ("oven",)),
    Concept("craft", {"lv": ("amats",), "en": ('"CRAFT"',)}, "", Origin.OWN, 1, ("theme:culture",)),
    Concept("oven", {"lv": ("krāsns",), "en": ("oven",)}, "", Origin.OWN, 1),
]


def by_id(data: Any) -> dict[str, dict[str, Any]]:
    return {one["id"].removeprefix(f"{SCHEME}#"): one for one in data["@graph"]}


def test_concepts_have_names_by_language_and_relations_at_both_ends() -> None:
    found = by_id(json.loads(json.dumps(skos(CONCEPTS, SCHEME))))
    assert found[SCHEME] == {"id": SCHEME, "type": "skos:ConceptScheme"}
    baking, craft, oven, culture = (found[id] for id in ("baking", "craft", "oven", "theme:culture"))
    assert baking["prefLabel"] == {"lv": "cepšana", "en": "baking"} and baking["altLabel"] == {"lv": ["cepiens"]}
    assert baking["inScheme"] == SCHEME and baking["type"] == "skos:Concept"
    assert baking["broader"] == [f"{SCHEME}#craft"], "what is unknown is left out"
    assert craft["narrower"] == [f"{SCHEME}#baking"] and craft["broader"] == [f"{SCHEME}#theme:culture"]
    assert baking["related"] == [f"{SCHEME}#oven"] and oven["related"] == [f"{SCHEME}#baking"]
    assert craft["prefLabel"]["en"] == "CRAFT" and culture["prefLabel"]["en"] and culture["narrower"] == [f"{SCHEME}#craft"]


def test_the_command_writes_the_whole_thesaurus(tmp_path: Path) -> None:
    file = tmp_path / "thesaurus.jsonld"
    upgraded = CliRunner().invoke(main, ["upgrade", "--data", str(tmp_path / "data")])
    assert upgraded.exit_code == 0, upgraded.output
    result = CliRunner().invoke(main, ["thesaurus", str(file), "--data", str(tmp_path / "data")])
    assert result.exit_code == 0, result.output
    data = json.loads(file.read_text(encoding="utf-8"))
    labels = {one["id"].partition("#")[2]: one["prefLabel"] for one in data["@graph"] if "prefLabel" in one}
    assert labels.keys() >= load().thesaurus.keys()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["thesaurus", str(tmp_path / "t.xlsx"), "--data", str(tmp_path)]).exit_code == 1
