"""What a site's robots.txt allows (RFC 9309), read by Protego."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Any

from protego import Protego

from crawlers.messages import N_

AGENT = "PlatformaBot"
"""Our product token: the name by which a robots.txt speaks to us."""
MAX_BYTES = 500 * 1024
FORBIDDEN = N_("robots.txt forbids this; ask the site's owner to allow PlatformaBot")
UNREADABLE = N_("the site's robots.txt cannot be read (%(status)s), so that nothing is fetched; try again later")
_USER_AGENT = re.compile(r"(?im)^([ \t]*user[ -]?agent[ \t]*:[ \t]*)([^#\r\n]*)")
_TOKEN = re.compile(r"[A-Za-z_-]*")


@dataclass(slots=True)
class Robots:
    """The rules for us. `refusal` is the message for what is forbidden, `values` fill it."""

    rules: Any = field(default_factory=lambda: Protego.parse(""))
    refusal: str = FORBIDDEN
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, body: bytes) -> Robots:
        """By the answer to the request for robots.txt: none (4xx) allows all, one that cannot be had (5xx) nothing."""
        if status >= 500:
            return cls(Protego.parse("User-agent: *\nDisallow: /"), UNREADABLE, {"status": str(status)})
        return cls(parse_robots(body)) if status < 300 else cls()

    def allows(self, url: str) -> bool:
        """Whether we may ask for an address."""
        return bool(self.rules.can_fetch(url, AGENT))

    @property
    def sitemaps(self) -> list[str]:
        return list(self.rules.sitemaps)

    @property
    def delay_seconds(self) -> float | None:
        """The pause between two requests that it asks for, by Crawl-delay or Request-rate; None where it does not."""
        rate = self.rules.request_rate(AGENT)
        asked = [self.rules.crawl_delay(AGENT), rate.seconds / rate.requests if rate else None]
        return max((float(seconds) for seconds in asked if seconds is not None), default=None)


def parse_robots(body: bytes) -> Any:
    """Protego's rules of any bytes; what stands beyond 500 KiB is not read. Never raises.

    Protego takes a group for ours when its name begins ours (`Platforma`); RFC 9309 asks for the same token, so the
    names are made plain first.
    """
    return Protego.parse(_USER_AGENT.sub(_plain_name, _decoded(body[:MAX_BYTES]).lstrip("\ufeff")))


def _decoded(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1" if len(body) < MAX_BYTES else "utf-8", "replace")


def _plain_name(match: re.Match[str]) -> str:
    name = match[2].strip()
    token = _TOKEN.match(name)
    if token and token[0].lower() == AGENT.lower():
        return match[1] + AGENT
    return match[1] + ("another" if name and name.lower() in AGENT.lower() else name)
