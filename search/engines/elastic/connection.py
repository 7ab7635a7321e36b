"""A connection to Elasticsearch by its address, with the client's errors turned into ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import elasticsearch
from elasticsearch import Elasticsearch, helpers

from search.breaker import Breaker
from search.port import EngineUnavailable, SearchError

TIMEOUT_SECONDS = 10
"""Of requests that write, or read much."""
SEARCH_TIMEOUT_SECONDS = 4
"""Of a search that a person waits for."""
DEFAULT_PREFIX = "platforma"


class Connection:
    """A client of one server, or of a cluster by its nodes: `https://user:password@one:9200,two:9200/prefix`.

    User and password are percent-encoded (RFC 3986). The path, DEFAULT_PREFIX by default, is the prefix of all indices. A
    request that a node does not take goes to another one.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        login, _, hosts = parts.netloc.rpartition("@")
        user, _, password = map(unquote, login.partition(":"))
        nodes = [_node_address(parts.scheme, host) for host in hosts.split(",")]
        self.prefix = parts.path.strip("/") or DEFAULT_PREFIX
        self.address = ", ".join(nodes)
        self._breaker = Breaker()
        self.client = Elasticsearch(
            nodes,
            basic_auth=(user, password) if user else None,
            request_timeout=TIMEOUT_SECONDS,
            max_retries=max(1, len(nodes) - 1),
            retry_on_timeout=len(nodes) > 1,
        )
        self.searcher = self.client.options(request_timeout=SEARCH_TIMEOUT_SECONDS)
        """The same client for searches that a person waits for."""

    @contextmanager
    def translated_errors(self, not_found: Callable[[], SearchError]) -> Iterator[None]:
        """Turn the client's errors into those of search.port; their texts hold no credentials. `not_found` makes the one for
        what is not there. While Elasticsearch does not answer, most calls fail at once (see Breaker)."""
        if not self._breaker.may_ask():
            raise self._silence()
        try:
            yield
        except elasticsearch.NotFoundError as error:
            self._breaker.answered()
            raise not_found() from error
        except elasticsearch.ApiError as error:
            self._breaker.answered()
            if error.status_code in (429, 502, 503, 504):
                raise EngineUnavailable(f"Elasticsearch at {self.address} is busy ({error.status_code})") from error
            raise SearchError(f"Elasticsearch at {self.address} refused: {error.message}") from error
        except helpers.BulkIndexError as error:
            self._breaker.answered()
            raise self._silence() from error
        except elasticsearch.TransportError as error:
            self._breaker.failed()
            raise self._silence() from error
        self._breaker.answered()

    def _silence(self) -> EngineUnavailable:
        return EngineUnavailable(f"Elasticsearch at {self.address} does not answer; is it running?")


def _node_address(scheme: str, host: str) -> str:
    """The address of a node with its port, 443 for https and 9200 for http where none is written."""
    parts = urlsplit(f"//{host}")
    name = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{scheme}://{name}:{parts.port or (443 if scheme == 'https' else 9200)}"
