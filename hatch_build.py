"""The build of a wheel: templates and compiled translations travel within the package, where settings look for them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SITE = "platforma/site"


class SiteHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds what a checkout has beside the packages."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files for a wheel that is installed; an editable one leads to the checkout."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        included = build_data["force_include"]
        included[str(root / "templates")] = f"{SITE}/templates"
        self._folder = tempfile.TemporaryDirectory()
        for catalogue in sorted(root.glob("translations/*/LC_MESSAGES/messages.po")):
            inner = catalogue.relative_to(root).with_suffix(".mo")
            compiled = Path(self._folder.name, inner)
            compiled.parent.mkdir(parents=True)
            with catalogue.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source))
            included[str(compiled)] = f"{SITE}/{inner}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's
        """Take the compiled translations away again."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
