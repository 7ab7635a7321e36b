"""What tells people from programs that fill in forms, without asking anybody: an unseen field, and when the form was opened."""

from __future__ import annotations

import hmac
import time

from flask import request

from platforma.catalogue.visitors.held_back import doubt_of_form
from platforma.secret_key import derived_secret
from platforma.web.context import services

TRAP, OPENED = "homepage", "opened"
"""The names of the field that people leave empty, and of the one that says when the form was opened."""


def opened_now() -> str:
    """The value of the field that says when a form was opened: seconds since 1970, signed."""
    return _signed(str(int(time.time())))


def doubt_of_request() -> str:
    """What is doubtful about how the form of this request was sent; empty for nothing."""
    return doubt_of_form(request.form.get(TRAP, ""), _seconds_open(request.form.get(OPENED, "")))


def _seconds_open(text: str) -> float | None:
    """How long a form was open; None where the request does not say it as we wrote it."""
    opened = text.partition("-")[0]
    if not opened.isdecimal() or not hmac.compare_digest(_signed(opened).encode(), text.encode()):
        return None
    return time.time() - int(opened)


def _signed(opened: str) -> str:
    return f"{opened}-{derived_secret(services().secret_key, f'form-opened:{opened}')}"
