"""The kind of network of an IP address, by IANA's special-purpose registries; also of IPv4 addresses embedded in IPv6."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


class Network(StrEnum):
    """Kinds of networks. The value is the adjective by which a message names an address."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    MULTICAST = "multicast"
    UNSPECIFIED = "unspecified"
    DOCUMENTATION = "documentation"
    BENCHMARKING = "benchmarking"
    RESERVED = "reserved"


OWN = frozenset({Network.LOOPBACK, Network.PRIVATE})
"""Networks whose sites an installation may crawl if its settings allow it. The other special networks are never crawled."""

_RANGES: tuple[tuple[str, Network], ...] = (
    ("0.0.0.0/8", Network.UNSPECIFIED),
    ("10.0.0.0/8", Network.PRIVATE),
    ("100.64.0.0/10", Network.PRIVATE),  # shared by the customers of a provider (RFC 6598)
    ("127.0.0.0/8", Network.LOOPBACK),
    ("169.254.0.0/16", Network.LINK_LOCAL),  # where clouds keep their secrets
    ("172.16.0.0/12", Network.PRIVATE),
    ("192.0.0.0/24", Network.RESERVED),
    ("192.0.2.0/24", Network.DOCUMENTATION),
    ("192.88.99.0/24", Network.RESERVED),
    ("192.168.0.0/16", Network.PRIVATE),
    ("198.18.0.0/15", Network.BENCHMARKING),
    ("198.51.100.0/24", Network.DOCUMENTATION),
    ("203.0.113.0/24", Network.DOCUMENTATION),
    ("224.0.0.0/4", Network.MULTICAST),
    ("240.0.0.0/4", Network.RESERVED),
    ("::/128", Network.UNSPECIFIED),
    ("::1/128", Network.LOOPBACK),
    ("64:ff9b:1::/48", Network.PRIVATE),
    ("2001:2::/48", Network.BENCHMARKING),
    ("2001:db8::/32", Network.DOCUMENTATION),
    ("3fff::/20", Network.DOCUMENTATION),
    ("2001::/23", Network.RESERVED),
    ("fc00::/7", Network.PRIVATE),
    ("fe80::/10", Network.LINK_LOCAL),
    ("fec0::/10", Network.PRIVATE),
    ("ff00::/8", Network.MULTICAST),
)
_PARSED = tuple((ip_network(text), network) for text, network in _RANGES)
_RANGES_4 = tuple((r, network) for r, network in _PARSED if isinstance(r, IPv4Network))
_RANGES_6 = tuple((r, network) for r, network in _PARSED if isinstance(r, IPv6Network))
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_COMPATIBLE, _TEREDO, _6TO4 = IPv6Network("::/96"), IPv6Network("2001::/32"), IPv6Network("2002::/16")
_GLOBAL = IPv6Network("2000::/3")
_ISATAP = (0x00005EFE, 0x02005EFE)


@lru_cache(maxsize=1024)
def network_of(address: Address | str) -> Network:
    """Return the kind of network of an IP address. Raises ValueError for a text that is no IP address.

    An IPv6 address with an embedded IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) belongs to the network
    of the embedded one, if that is not public. A scope (`%eth0`) is ignored.
    """
    ip = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    if isinstance(ip, IPv4Address):
        return next((network for range_, network in _RANGES_4 if ip in range_), Network.PUBLIC)
    embedded = [network_of(address_4) for address_4 in _embedded(ip)]
    if special := next((network for network in embedded if network is not Network.PUBLIC), None):
        return special
    if ip in _MAPPED or ip in _NAT64 or ip in _TEREDO:
        return Network.PUBLIC
    registered = next((network for range_, network in _RANGES_6 if ip in range_), None)
    return registered or (Network.PUBLIC if ip in _GLOBAL else Network.RESERVED)


def _embedded(ip: IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that are embedded in an IPv6 address."""
    bits = int(ip)
    last = IPv4Address(bits & 0xFFFFFFFF)
    if ip in _MAPPED or ip in _NAT64 or (ip in _COMPATIBLE and bits > 1) or (bits >> 32) & 0xFFFFFFFF in _ISATAP:
        yield last
    if ip in _TEREDO:
        yield IPv4Address((bits >> 64) & 0xFFFFFFFF)
        yield IPv4Address(~bits & 0xFFFFFFFF)
    if ip in _6TO4:
        yield IPv4Address((bits >> 80) & 0xFFFFFFFF)
