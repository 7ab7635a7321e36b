"""How an organisation is reached: web and mail addresses, register numbers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawlers.record import Identifier

SCHEMES = {"LV": "LV-RE", "EE": "EE-RIK", "LT": "LT-RC", "PL": "PL-KRS", "DK": "DK-CVR", "FI": "FI-PRO", "SE": "SE-BLV"}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PERSONAL = re.compile(r"^[^@\d]{2,}\.[^@\d]{2,}@")


def web_address(text: str) -> str | None:
    """An absolute http(s) address; None for what is none."""
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.hostname or ""):
        return None
    return parts._replace(netloc=parts.netloc.lower()).geturl().removesuffix("/") + ("/" if parts.path == "/" else "")


def organisations_email(text: str) -> str | None:
    """The organisation's address: "[at]" undone, hidden ones and those of persons left out."""
    text = re.sub(r"\s*[\[({]\s*(at|AT|pie|et)\s*[\])}]\s*", "@", text).removeprefix("mailto:")
    match = _EMAIL.search(text)
    if not match or "protected" in match[0] or _PERSONAL.match(match[0]):
        return None
    return match[0].lower()


def register_number(text: str, country: str | None) -> tuple[Identifier, ...]:
    """The number in the register of organisations of a country; nothing where the country has none that we know."""
    number = re.sub(r"\s", "", text)
    scheme = SCHEMES.get(country or "")
    return (Identifier(scheme, number),) if scheme and re.fullmatch(r"[A-Z]{0,2}\d{5,14}", number) else ()
