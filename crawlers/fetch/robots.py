"""The rules of a site's robots.txt (RFC 9309), parsed by Protego."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from protego import Protego

from vocabulary.messages import N_

AGENT = "PlatformaBot"
"""Our product token: the name of our group in a robots.txt."""
MAX_BYTES = 500 * 1024
FORBIDDEN = N_("robots.txt forbids this; to be read, the site must allow PlatformaBot")
UNREADABLE = N_("the site's robots.txt cannot be read (%(status)s), so that nothing is fetched; try again later")
MAX_ASKED_SECONDS = 24 * 3600
"""A site that asks for a longer pause between two requests asks not to be read."""
NEVER = N_("robots.txt asks for a pause of more than a day between two pages; to be read, the site must ask for a shorter one")
_USER_AGENT = re.compile(r"(?im)^([ \t]*user[ -]?agent[ \t]*:[ \t]*)([^#\r\n]*)")
_TOKEN = re.compile(r"[A-Za-z_-]*")


@dataclass(slots=True)
class Robots:
    """The rules for our product token. `refusal` is the message id for a forbidden address, `values` fill it."""

    rules: Protego = field(default_factory=lambda: Protego.parse(""))
    refusal: str = FORBIDDEN
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, body: bytes) -> Robots:
        """Return the rules of a response: a missing file (4xx) allows all, a server error (5xx) or an endless pause nothing."""
        if status >= 500:
            return cls(_nothing(), UNREADABLE, {"status": str(status)})
        robots = cls(parse_robots(body)) if status < 300 else cls()
        return cls(_nothing(), NEVER) if (robots.delay_seconds or 0.0) > MAX_ASKED_SECONDS else robots

    def allows(self, url: str) -> bool:
        """Return whether we may request an address."""
        return bool(self.rules.can_fetch(url, AGENT))

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of the sitemaps that the file names."""
        return list(self.rules.sitemaps)

    @property
    def delay_seconds(self) -> float | None:
        """The pause between two requests, by Crawl-delay or Request-rate; None if the file asks for none."""
        rate = self.rules.request_rate(AGENT)
        delays = [self.rules.crawl_delay(AGENT), rate.seconds / rate.requests if rate else None]
        return max((float(seconds) for seconds in delays if seconds is not None), default=None)


def parse_robots(body: bytes) -> Protego:
    """Return Protego's rules of a robots.txt; nothing beyond MAX_BYTES is read. Never raises.

    Protego also applies a group whose name is a prefix of our token (`Platforma`), while RFC 9309 asks for the whole token.
    Therefore each name is replaced by our token or by one that never matches.
    """
    return Protego.parse(_USER_AGENT.sub(_unambiguous_group, _decoded(body[:MAX_BYTES]).lstrip("\ufeff")))


def _nothing() -> Protego:
    """Return the rules that allow no address."""
    return Protego.parse("User-agent: *\nDisallow: /")


def _decoded(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1" if len(body) < MAX_BYTES else "utf-8", "replace")


def _unambiguous_group(match: re.Match[str]) -> str:
    name = match[2].strip()
    token = _TOKEN.match(name)
    if token and token[0].lower() == AGENT.lower():
        return match[1] + AGENT
    return match[1] + ("another" if name and name.lower() in AGENT.lower() else name)
