"""The blueprint of the directory's pages, to which several modules add their views."""

from __future__ import annotations

from flask import Blueprint

from platforma.addresses import SITE

blueprint = Blueprint("directory", __name__, url_prefix=SITE)
