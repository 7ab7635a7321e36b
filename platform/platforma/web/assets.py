"""Style sheets, scripts and pictures of the site: bundled, and served under names with a hash of what is in them.

A name changes with its content, so that browsers may keep each for a year (RFC 9111, RFC 8246).
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

from platforma.web.packing import TYPES, accepted_encoding, packed_for_good
from platforma.web.shortening import shorter_script, shorter_style

blueprint = Blueprint("assets", __name__, url_prefix="/assets")
STYLES = {
    "site.css": ("base", "forms", "frame", "search", "rows", "start", "region_map", "print"),
    "more.css": (
        "results",
        "filters",
        "take",
        "listing",
        "map",
        "table",
        "explanation",
        "subscriptions",
        "offline",
        "desk",
        "statistics",
        "print",
    ),
    "embed.css": ("embed",),
}
"""The style sheets of each bundle, in the order in which they count: the start page needs the first alone, others the first two,
pages with code for partners' sites all three.

What is for paper stands last in each, so that it counts most.
"""
SCRIPTS = {
    "site.js": ("suggestions", "focus", "saved_copy"),
    "more.js": ("filters", "copy", "share", "clicks", "way_back", "alike"),
}
"""The scripts of each bundle, each script in a block of its own."""
LEAFLET = ("leaflet.js", "leaflet.css")
"""The files of the map's library, out of its package; its pictures are not used."""
HASH_CHARACTERS = 10
KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"


class Assets:
    """The files of a folder, and the bundles made of them, read once."""

    def __init__(self, folder: Path) -> None:
        self._contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
        self._contents |= {name: _style_sheet(folder / "css", names) for name, names in STYLES.items()}
        self._contents |= {name: _script(folder / "js", names) for name, names in SCRIPTS.items()}
        self._contents |= {path.name: shorter_script(_text(path)).encode() for path in _single_scripts(folder / "js")}
        self._contents |= {path.name: path.read_bytes() for path in sorted((folder / "geo").glob("*.json"))}
        leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
        self._contents |= {name: (leaflet / name).read_bytes() for name in LEAFLET}
        self._addresses = {name: f"/assets/{_hashed_name(name, content)}" for name, content in self._contents.items()}
        self._names = {address.rpartition("/")[2]: name for name, address in self._addresses.items()}

    def address(self, name: str) -> str:
        """The address of a file or bundle, without a host and below where the site is mounted. KeyError for an unknown name."""
        return self._addresses[name]

    def content_of(self, name: str) -> bytes:
        """What is in a file or bundle. KeyError for an unknown name."""
        return self._contents[name]

    def content(self, hashed_name: str) -> bytes | None:
        """What is behind a hashed name; None for one that no file has now."""
        name = self._names.get(hashed_name)
        return None if name is None else self._contents[name]


def init_app(app: Flask, folder: Path) -> None:
    """Serve the folder's files, and give the templates `asset_url(name)`."""
    app.extensions["assets"] = Assets(folder)
    app.jinja_env.globals["asset_url"] = asset_url
    app.register_blueprint(blueprint)


def asset_url(name: str) -> str:
    """The address of a file or bundle of the site, without a host."""
    return f"{request.script_root}{_assets().address(name)}"


def asset_content(name: str) -> bytes:
    """What is in a file or bundle. KeyError for an unknown name."""
    return _assets().content_of(name)


@blueprint.get("/<hashed_name>")
def asset(hashed_name: str) -> Response:
    """A file under its hashed name, to be kept for a year."""
    content = _assets().content(hashed_name)
    if content is None:
        abort(404)
    answer = Response(content, mimetype=mimetypes.guess_type(hashed_name)[0])
    answer.headers["Cache-Control"] = KEPT_FOR_A_YEAR
    encoding = accepted_encoding() if answer.mimetype in TYPES else None
    if encoding:
        answer.set_data(packed_for_good(content, encoding))
        answer.content_encoding = encoding
    return answer


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets


def _single_scripts(folder: Path) -> list[Path]:
    """The scripts that only some pages need, and that are in no bundle."""
    bundled = {name for names in SCRIPTS.values() for name in names}
    return sorted(path for path in folder.glob("*.js") if path.stem not in bundled)


def _style_sheet(folder: Path, names: Iterable[str]) -> bytes:
    return "".join(shorter_style(_text(folder / f"{name}.css")) for name in names).encode()


def _script(folder: Path, names: Iterable[str]) -> bytes:
    blocks = (f"{{\n{shorter_script(_text(folder / f'{name}.js'))}}}" for name in names)
    return "\n".join(['"use strict";', *blocks, ""]).encode()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hashed_name(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}.{suffix}"
