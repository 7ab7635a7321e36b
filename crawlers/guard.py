"""The guard: which addresses a crawler may connect to, checked on the connection that is really used."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from crawlers.errors import AddressRefused

PORTS = (None, 80, 443)
SETTING = "set PLATFORMA_CRAWL_PRIVATE_HOSTS=1 to allow private addresses"


def check_address(url: str, *, allow_private: bool) -> str:
    """The address, if it is http(s) with a host, no user name and a usual port. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(url[:200], "this is no address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused(url[:200], "only http and https addresses with a host are crawled")
    if parts.username or parts.password:
        raise AddressRefused(url[:200], "an address with a user name is not crawled")
    if port not in PORTS and not allow_private:
        raise AddressRefused(url[:200], f"port {port} is not crawled; {SETTING}")
    return url


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also behind IPv4-mapped, 6to4 and NAT64 forms."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class GuardedAdapter(HTTPAdapter):
    """Resolves a host once, refuses it when any of its addresses is not public, and connects to those very ones."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _Guarded:
    """Mixed into urllib3's connections."""

    def _new_conn(self: Any) -> socket.socket:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not is_public(address):
                raise AddressRefused(self.host, f"this leads to the private address {address}; {SETTING}")
        try:
            return create_connection((addresses[0], self.port), self.timeout, socket_options=self.socket_options)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error


class _HttpConnection(_Guarded, HTTPConnection):
    pass


class _HttpsConnection(_Guarded, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
