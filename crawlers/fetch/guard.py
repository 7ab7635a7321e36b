"""The guard: which addresses a crawler may request. It parses them as browsers do, and checks the IP addresses of a name."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import can_ada

from crawlers.errors import AddressRefused
from crawlers.fetch.networks import OWN, Network, network_of
from vocabulary.messages import N_

PORTS = (80, 443)
SETTING = "PLATFORMA_CRAWL_PRIVATE_HOSTS=1"
LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa")
"""Suffixes of names in private networks: RFC 6761, RFC 6762 with its appendix G, RFC 8375, ICANN on .internal."""
_SCOPE = re.compile(r"(?i)^(\s*https?://[^/?#\\]*\[[^\]%/?#]*)%[^\]/?#]*\]")
NO_ADDRESS = N_("this is no web address; it looks like https://name.lv")
_NO_SCHEME = N_("only http and https addresses with a host are crawled; give one that begins with https://")
_USER_NAME = N_("an address with a user name is not crawled; give it without")
_AMBIGUOUS = N_("this address can be read in two ways; write it plainly, as https://name.lv/page")
_PORT = N_("port %(port)s is not crawled; a curator can allow it in the recipe (limits.ports)")
_OWN_NETWORK = N_("this leads to the %(network)s address %(address)s; set %(setting)s to crawl sites of your own network")
_NEVER = N_("this leads to the %(network)s address %(address)s; such are never crawled, not even with %(setting)s")
_LOCAL_NAME = N_("the name %(host)s is of a private network; set %(setting)s to crawl sites of your own network")


@dataclass(frozen=True, slots=True)
class Target:
    """An address as a browser parses it (WHATWG URL).

    `href` is the address in its canonical form, `origin` its scheme, host and port. `host` is the name in lower-case ASCII
    (an IP address in its canonical form, IPv6 without brackets). `port` is the scheme's default where the address has none.
    """

    href: str
    origin: str
    host: str
    port: int


def check_address(url: str, *, allow_private: bool, ports: tuple[int, ...] = ()) -> str:
    """Return the address if a crawler may request it; names are not looked up. Raises AddressRefused.

    `ports` are allowed besides 80 and 443. `allow_private` allows names and addresses of private networks, on any port.
    """
    Guard(allow_private, ports).check(url)
    return url


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public internet. Raises ValueError for a text that is no IP address."""
    return network_of(address) is Network.PUBLIC


def parse_target(url: str) -> Target:
    """Return an address as a browser parses it. Raises AddressRefused if it is malformed or can be parsed in two ways."""
    shown = url[:200]
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise AddressRefused(shown, _NO_SCHEME)
        parsed = can_ada.parse(_SCOPE.sub(r"\1]", url))
        plain = can_ada.parse(_SCOPE.sub(r"\1]", f"http://{_bracketed(parts.hostname or '')}"))
    except (ValueError, TypeError) as error:
        raise AddressRefused(shown, NO_ADDRESS) from error
    if parsed.username or parsed.password or parts.username or parts.password:
        raise AddressRefused(shown, _USER_NAME)
    if parsed.hostname != plain.hostname:
        raise AddressRefused(shown, _AMBIGUOUS)
    host = parsed.hostname.strip("[]").rstrip(".")
    if not all(host.split(".")):
        raise AddressRefused(shown, NO_ADDRESS)
    return Target(parsed.href, parsed.origin, host, int(parsed.port or (443 if parts.scheme == "https" else 80)))


@dataclass(slots=True)
class Guard:
    """The addresses that one session may request. Look-ups are cached, so that no name changes its IP address meanwhile."""

    allow_private: bool
    ports: tuple[int, ...] = ()
    _resolved: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def check(self, url: str) -> Target:
        """Return the parsed address if it may be requested; its name is not looked up. Raises AddressRefused."""
        target = parse_target(url)
        try:
            self.check_ip(url[:200], target.host, target.port)
        except ValueError:
            self._check_name(url[:200], target)
        return target

    def check_ip(self, shown: str, address: str, port: int) -> None:
        """Raise AddressRefused if an IP address must not be requested at this port; the error names `shown`.

        Raises ValueError for a text that is no IP address.
        """
        network = network_of(address)
        if network is Network.PUBLIC:
            if port not in (*PORTS, *self.ports):
                raise AddressRefused(shown, _PORT, values={"port": str(port)})
        elif not (self.allow_private and network in OWN):
            reason = _OWN_NETWORK if network in OWN else _NEVER
            raise AddressRefused(shown, reason, values={"network": network.value, "address": address, "setting": SETTING})

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the IP addresses of a host, all of them checked, in a stable order.

        Raises AddressRefused, and OSError if the host has none.
        """
        if (host, port) not in self._resolved:
            try:
                entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except UnicodeError as error:
                raise socket.gaierror(str(error)) from error
            families = list(dict.fromkeys(entry[0] for entry in entries))
            ranked = {(families.index(entry[0]), str(entry[4][0])) for entry in entries}
            addresses = tuple(address for _, address in sorted(ranked))
            if not addresses:
                raise socket.gaierror("the name has no address")
            for address in addresses:
                self.check_ip(host, address, port)
            self._resolved[host, port] = addresses
        return self._resolved[host, port]

    def forget(self, host: str, port: int) -> None:
        """Remove a host from the cache of look-ups, because nothing answers at its addresses."""
        self._resolved.pop((host, port), None)

    def _check_name(self, shown: str, target: Target) -> None:
        """Raise AddressRefused for a local name or a port that is not allowed.

        Where private networks are allowed, only the IP addresses can tell, and nothing is refused here.
        """
        if self.allow_private:
            return
        if "." not in target.host or any(f".{target.host}".endswith(f".{suffix}") for suffix in LOCAL_NAMES):
            raise AddressRefused(shown, _LOCAL_NAME, values={"host": target.host, "setting": SETTING})
        if target.port not in (*PORTS, *self.ports):
            raise AddressRefused(shown, _PORT, values={"port": str(target.port)})


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ip_address(host.partition("%")[0]).version == 6 else host
    except ValueError:
        return host
