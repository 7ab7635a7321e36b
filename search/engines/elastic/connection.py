"""A connection to Elasticsearch by its address, with the client's errors turned into ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import Elasticsearch, helpers

from search.port import EngineUnavailable, SearchError

TIMEOUT_SECONDS = 10
DEFAULT_PREFIX = "platforma"


class Connection:
    """A client of one server or cluster. The path of the address, DEFAULT_PREFIX by default, is the prefix of all indices."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.prefix = parts.path.strip("/") or DEFAULT_PREFIX
        self.address = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 9200)}"
        login = (parts.username, parts.password or "") if parts.username else None
        self.client = Elasticsearch(self.address, basic_auth=login, request_timeout=TIMEOUT_SECONDS, max_retries=1)

    @contextmanager
    def translated_errors(self, not_found: Callable[[], SearchError]) -> Iterator[None]:
        """Turn the client's errors into those of search.port; their texts hold no credentials. `not_found` makes the one for
        what is not there."""
        try:
            yield
        except elasticsearch.NotFoundError as error:
            raise not_found() from error
        except elasticsearch.ApiError as error:
            if error.status_code in (429, 502, 503, 504):
                raise EngineUnavailable(f"Elasticsearch at {self.address} is busy ({error.status_code})") from error
            raise SearchError(f"Elasticsearch at {self.address} refused: {error.message}") from error
        except (elasticsearch.TransportError, helpers.BulkIndexError) as error:
            raise EngineUnavailable(f"Elasticsearch at {self.address} does not answer; is it running?") from error
