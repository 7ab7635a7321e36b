"""The blueprint of the desk, open to curators only."""

from __future__ import annotations

from flask import Blueprint

from platforma.addresses import DESK
from platforma.web.context import require_curator

blueprint = Blueprint("desk", __name__, url_prefix=DESK)
blueprint.before_request(require_curator)
