"""What readers of the desk need not see: the e-mail addresses of visitors and partners."""

from __future__ import annotations

import re

from platforma.web.context import may_decide

EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
COVER = "…@…"


def covered(text: str | None) -> str:
    """The text, in which COVER stands for each e-mail address unless the person of this request may decide."""
    return text or "" if may_decide() else EMAIL.sub(COVER, text or "")
