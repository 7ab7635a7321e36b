"""The addresses of licences that records name by a code."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-(?:NC|SA|ND)){0,2})-(\d\.\d)")
_CC_ZERO = "CC0-1.0"


def licence_address(licence: str | None) -> str | None:
    """The page of a licence: of a Creative Commons licence by its SPDX id, or the address that stands in its place.

    None for no licence, and for a text that is neither.
    """
    if licence == _CC_ZERO:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if match := _CREATIVE_COMMONS.fullmatch(licence or ""):
        return f"https://creativecommons.org/licenses/{match[1].lower()}/{match[2]}/"
    return licence if licence and licence.startswith(("https://", "http://")) else None
