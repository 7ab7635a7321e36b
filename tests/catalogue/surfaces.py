"""What the surfaces of the directory say of one listing: page, search, filters, interface, export, feed and JSON-LD."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from platforma.catalogue.files.exporting import export
from platforma.services import Services
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
from search.port import Query
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.web.site import LintingClient


class Surfaces:
    """The directory over a catalogue as visitors, programs and files see it; `id` is the listing that is looked at.

    What was read is kept until the index is brought up to date.
    """

    def __init__(self, catalogue: CatalogueFixture, folder: Path) -> None:
        self.catalogue, self.folder, self.id = catalogue, folder, ""
        self.app = create_app(catalogue.services)
        self.app.test_client_class = LintingClient
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.services: Services = self.app.extensions["platforma"]
        self.client = self.app.test_client()
        self._read: dict[str, Any] = {}

    def index(self) -> None:
        self._read.clear()
        ensure_index(self.services)

    def text(self, path: str) -> str:
        if path not in self._read:
            answer = self.client.get(path, follow_redirects=True)
            assert answer.status_code == 200, (path, answer.status_code)
            self._read[path] = answer.get_data(as_text=True)
        return str(self._read[path])

    def page(self, lang: str = "lv") -> str:
        """The listing's page without its machine-readable part, escapes resolved."""
        text = self.text(f"/{lang}/initiatives/{self.id}/x")
        return html.unescape(re.sub(r"<script.*?</script>", "", text, flags=re.S))

    def json_ld(self, lang: str = "lv") -> dict[str, Any]:
        found = re.search(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", self.text(f"/{lang}/initiatives/{self.id}/x"), re.S)
        assert found
        return json.loads(found[1])["@graph"][-1]  # type: ignore[no-any-return]

    def items(self, query: str) -> list[dict[str, Any]]:
        return json.loads(self.text(f"/api/v1/initiatives?{query}"))["items"]  # type: ignore[no-any-return]

    def item(self, lang: str = "lv") -> dict[str, Any]:
        """The listing as the interface for programs shows it."""
        return next(item for item in self.items(f"lang={lang}&per_page=100") if item["id"] == self.id)

    def is_found(self, words: str) -> bool:
        """Whether the search finds the listing by exactly these words."""
        query = Query(text=f'"{words}"', expand=False, relax=False, when="all", per_page=100)
        return self.id in [hit.id for hit in self.services.engine.search(query).hits]

    def is_filtered(self, name: str, value: str) -> bool:
        return self.id in [item["id"] for item in self.items(f"{name}={value}&per_page=100")]

    def feed(self, lang: str = "lv") -> str:
        """The listing's entry in the feed."""
        entries = re.findall(r"<entry>.*?</entry>", self.text(f"/{lang}/atom.xml"), re.S)
        return html.unescape(next(entry for entry in entries if self.id in entry))

    def exported(self) -> dict[str, Any]:
        """The listing as an export of all has it."""
        path = self.folder / "export.jsonl"
        if "export" not in self._read:
            with self.catalogue.database.snapshot() as session:
                export(session, path)
            self._read["export"] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return next(line for line in self._read["export"] if line["public_id"] == self.id)
