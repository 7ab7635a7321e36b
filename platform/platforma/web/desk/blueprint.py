"""The blueprint of the desk, open to readers and the staff; only the staff send its forms."""

from __future__ import annotations

from flask import Blueprint

from platforma.addresses import DESK
from platforma.web.context import require_curator

blueprint = Blueprint("desk", __name__, url_prefix=DESK)
blueprint.before_request(require_curator)
